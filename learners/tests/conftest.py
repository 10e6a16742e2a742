"""Words are tested in the language of the source, whether Dutch was compiled or not."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from learners.files import file_kinds, keeping
from learners.models import StoredFile
from learners.tests.films import a_film as film_of

FILM = film_of()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def a_film(db) -> StoredFile:
    """A stored film: as much of one as it takes to be known as one that is played."""
    upload = SimpleUploadedFile("film.mp4", FILM)
    return keeping.claim(
        stored=keeping.store(upload=upload, owner=None, kinds=[file_kinds.MP4], max_size=20_000)
    )
