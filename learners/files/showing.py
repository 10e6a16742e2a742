"""How a browser shows a file, and what is said where it does not.

What browsers of today all show is meant: Chromium, Firefox and Safari, without what a device
happens to have beside them.
"""

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from django.utils.translation import gettext as _

from learners.files import file_kinds, films
from learners.files.file_kinds import GIF, HEIC, M4A, MP3, PDF, THREE_GP, WEBM, Kind
from learners.files.films import Tracks
from learners.files.ranges import Given, opened
from learners.models import StoredFile

logger = logging.getLogger(__name__)

As = Literal["picture", "film", "sound", "pdf"]
BY_KIND: dict[Kind, As] = {
    **dict.fromkeys((*file_kinds.IMAGES, GIF), "picture"),
    WEBM: "film",
    MP3: "sound",
    PDF: "pdf",
}
# As films say it themselves. What is not named here is called as its kind is.
PLAYED_PICTURES = frozenset({b"avc1", b"avc3", b"vp08", b"vp09"})
PLAYED_SOUNDS = frozenset({b"mp4a", b".mp3", b"Opus", b"fLaC"})
CALLED = {
    **dict.fromkeys((b"hvc1", b"hev1", b"dvh1", b"dvhe"), "HEVC (H.265)"),
    **dict.fromkeys((b"apcn", b"apch", b"apcs", b"apco", b"ap4h", b"ap4x"), "ProRes"),
    **dict.fromkeys((b"jpeg", b"mjpa", b"mjpb"), "Motion JPEG"),
    **dict.fromkeys((b"s263", b"h263", b"H263"), "H.263"),
    **dict.fromkeys((b"samr", b"sawb"), "AMR"),
    b"av01": "AV1",
    b"alac": "ALAC",
    b"mp4v": "MPEG-4",
}


@dataclass(frozen=True)
class Shown:
    """As what a browser shows a file; where it does not, words that say why and what helps, and
    whether it is a film of which another can be made that is shown."""

    as_: As | None
    words: str = ""
    is_other_film: bool = False


def of_stored(stored: StoredFile) -> Shown:
    """Say how a browser shows a stored file. Of a film a few headers are read, once in a process;
    where the storage does not give them, the player says what it does not get."""
    kind = file_kinds.BY_MIME.get(stored.kind)
    if stored.is_infected:
        return Shown(None, _("Something harmful was found in this file; nobody gets it."))
    if kind not in file_kinds.ISO_MEDIA:
        return _of_kind(kind)
    try:
        return _played(kind, _tracks(Given.of(stored)))
    except Exception:
        logger.warning("file %s cannot be looked at now", stored.pk, exc_info=True)
        return Shown("sound" if kind == M4A else "film")


@lru_cache(maxsize=1024)
def _tracks(given: Given) -> Tracks:
    with opened(given.stored) as content:
        return films.tracks(content)


def _of_kind(kind: Kind | None) -> Shown:
    if kind in BY_KIND:
        return Shown(BY_KIND[kind])
    if kind == HEIC:
        words = _(
            "Many browsers do not show HEIC, so others may not see this picture. Make a JPEG or a "
            "PDF of it."
        )
    elif kind in file_kinds.OFFICE_DOCUMENTS:
        words = _("Browsers do not show %(kind)s. Download it to open it, or make a PDF of it.")
        words %= {"kind": file_kinds.named([kind])}
    else:
        words = _("Browsers do not show this file. Download it to open it.")
    return Shown(None, words)


def _played(kind: Kind, tracks: Tracks) -> Shown:
    """Say how what a file is made of is played. The picture on a piece of music is no film."""
    if not tracks.pictures and not tracks.sounds:
        words = _("This film or recording cannot be played: it is damaged or cut off.")
        return Shown(None, words)
    if tracks.pictures and kind != M4A:
        if kind != THREE_GP and tracks.pictures & PLAYED_PICTURES:
            return Shown("film")
        words = _(
            "Many browsers do not play %(what)s, so others may not see this film. Make an MP4 "
            "with H.264 of it."
        )
        words %= {"what": _called(kind, tracks.pictures - PLAYED_PICTURES)}
        return Shown(None, words, is_other_film=True)
    if kind != THREE_GP and tracks.sounds & PLAYED_SOUNDS:
        return Shown("sound")
    words = _(
        "Many browsers do not play %(what)s, so others may not hear this recording. Make an MP3 "
        "of it."
    )
    return Shown(None, words % {"what": _called(kind, tracks.sounds - PLAYED_SOUNDS)})


def _called(kind: Kind, ways: frozenset[bytes]) -> str:
    """Name what is not played as people know it: 'HEVC (H.265)'."""
    return next((CALLED[way] for way in sorted(ways) if way in CALLED), file_kinds.named([kind]))
