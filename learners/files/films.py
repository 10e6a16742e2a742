"""How the pictures and the sound of a film are written down, as the film itself says it.

Nothing is decoded: whether a browser plays a film is read from the names that stand in it
(ISO/IEC 14496-12, 8.5.2), wherever in the file they do.
"""

from dataclasses import dataclass
from typing import BinaryIO

from learners.files.boxes import Box, Boxes

PICTURES, SOUND = b"vide", b"soun"
BEFORE_KIND = 8  # bytes that stand before the kind of a track
BEFORE_WAYS = 8  # bytes that stand before the ways in which a track is written down


@dataclass(frozen=True)
class Tracks:
    """The names of the ways in which pictures and sound are written down: `avc1`, `mp4a`."""

    pictures: frozenset[bytes] = frozenset()
    sounds: frozenset[bytes] = frozenset()


def is_film(content: BinaryIO) -> bool:
    """Whether this holds a film or sound, whatever it begins with."""
    boxes = Boxes(content)
    return boxes.find(boxes.file, b"moov", b"trak") is not None


def tracks(content: BinaryIO) -> Tracks:
    """Return what a film is made of; nothing where it was cut off before it says so."""
    boxes = Boxes(content)
    film = boxes.find(boxes.file, b"moov")
    found: dict[bytes, set[bytes]] = {PICTURES: set(), SOUND: set()}
    for track in boxes.within(film) if film else ():
        if track.name == b"trak":
            kind, ways = _track(boxes, track)
            found.get(kind, set()).update(ways)
    return Tracks(frozenset(found[PICTURES]), frozenset(found[SOUND]))


def _track(boxes: Boxes, track: Box) -> tuple[bytes, list[bytes]]:
    """Return what a track is for, and how it is written down."""
    media = boxes.find(track, b"mdia")
    about = boxes.find(media, b"hdlr") if media else None
    ways = boxes.find(media, b"minf", b"stbl", b"stsd") if media else None
    if about is None or ways is None:
        return b"", []
    kind = boxes.read(about, BEFORE_KIND + 4)[BEFORE_KIND:]
    return kind, [way.name for way in boxes.within(ways, after=BEFORE_WAYS)]
