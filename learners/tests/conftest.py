"""Words are tested in the language of the source, whether Dutch was compiled or not."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from learners.files import file_kinds, uploads
from learners.models import StoredFile

FILM = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + b"\x00" * 500


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def a_film(db) -> StoredFile:
    """A stored film: as much of one as it takes to be known as such."""
    upload = SimpleUploadedFile("film.mp4", FILM)
    return uploads.claim(
        stored=uploads.store(upload=upload, owner=None, kinds=[file_kinds.MP4], max_size=1000)
    )
