"""Pictures: decoded when they come in, so that none turns out to be broken where it is shown.

The first of the pictures of one that moves is decoded, and printed: every reader shows that one.
Those of phones, HEIC, are taken on what they say of themselves: see docs/decisions/0043.
"""

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageFile

from learners.files.boxes import Boxes
from learners.files.file_kinds import GIF, HEIC, JPEG, PNG, WEBP, Kind
from learners.files.ranges import Given
from learners.models import FileIsInfected, StoredFile

logger = logging.getLogger(__name__)

# As Pillow calls them; no other reader of its forty is ever tried.
FORMATS = {PNG.mime: "PNG", JPEG.mime: "JPEG", WEBP.mime: "WEBP", GIF.mime: "GIF"}
# A phone takes 50 million, and A3 scanned at 600 dots an inch has 70. While a picture is looked at
# a pixel takes four bytes, of a progressive JPEG six, of a WebP twenty: at most some 450 MB. What
# claims more is refused before it takes any.
MOST_PIXELS = {
    PNG.mime: 75_000_000,
    JPEG.mime: 75_000_000,
    WEBP.mime: 25_000_000,
    GIF.mime: 75_000_000,
    HEIC.mime: 75_000_000,
}
# Each scan of a JPEG may go through the whole picture once more. Programs write ten, and with
# depth and profile a few hundred segments; 2 MB of scans would keep a web process for an hour.
MOST_SCANS = 50
MOST_SEGMENTS = 1_000
WIDEST = 640  # pixels of a picture in print
PIECE = 64 * 1024
_one_at_a_time = Lock()  # in a process: its threads together would take four times the memory
_SEGMENT = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
_SCAN, _END = b"\xda", b"\xd9"
_BEFORE = 4  # bytes of a box before what it holds, where it has a version


class PictureBroken(Exception):
    """It cannot be drawn, and never will be: damaged, cut off, missing, or of no kind we draw."""


class PictureTooLarge(PictureBroken):
    """It has more pixels than are unpacked here."""


def check(content: BinaryIO, kind: Kind) -> None:
    """Raise `ValidationError` for a picture that cannot be drawn; what is no picture passes."""
    if kind.mime not in MOST_PIXELS:
        return
    try:
        if kind == HEIC:
            _look_at_boxes(content)
        else:
            _decode(content, kind.mime)
    except PictureTooLarge:
        raise ValidationError(
            _("This picture has more than %(most)d million pixels; make it smaller.")
            % {"most": MOST_PIXELS[kind.mime] // 1_000_000},
            code="too_many_pixels",
        ) from None
    except PictureBroken:
        raise ValidationError(
            _("This picture cannot be shown: it is damaged or cut off. Choose another."),
            code="broken",
        ) from None


def small(stored: StoredFile) -> bytes:
    """Return a stored picture as a PNG that is no larger than print asks.

    Raises `PictureBroken` where it cannot be drawn, is infected or has no content any more, and
    whatever the storage raises where that does not answer.
    """
    return _small(_content(stored), stored.kind)


def can_be_drawn(stored: StoredFile) -> bool | None:
    """Return whether a stored picture can be drawn; None where the storage does not say."""
    if stored.is_infected:
        return False
    try:
        return _is_sound(Given.of(stored))
    except PictureBroken:
        return False
    except Exception:
        logger.warning("file %s cannot be looked at now", stored.pk, exc_info=True)
        return None


@lru_cache(maxsize=1024)
def _is_sound(given: Given) -> bool:
    """Look once in a process at what never changes; what is missing is raised: it may come back."""
    content = _content(given.stored)
    try:
        _small(content, given.stored.kind)
    except PictureBroken:
        return False
    return True


def _content(stored: StoredFile) -> bytes:
    """Read first and decode then: only so it is known whether storage or picture is at fault."""
    try:
        with stored.open() as content:
            read: bytes = content.read()
    except FileIsInfected as infected:
        raise PictureBroken(f"{stored.name} is infected") from infected
    except FileNotFoundError as missing:
        raise PictureBroken(f"{stored.content.name} is missing") from missing
    return read


def _decode(content: BinaryIO, mime: str) -> None:
    """Read a picture to its end. Of a JPEG an eighth of the width is enough to do so."""
    with _opened(content, mime) as picture:
        picture.draft(picture.mode, (1, 1))
        picture.load()


def _look_at_boxes(content: BinaryIO) -> None:
    """Refuse a HEIC that is cut off, has no picture, or claims too many pixels for any reader."""
    boxes = Boxes(content)
    whole = {box.name: box.is_whole for box in boxes.within(boxes.file)}
    if not (whole.get(b"meta") and whole.get(b"mdat")):
        raise PictureBroken("it is cut off")
    most = max(_claimed_pixels(boxes), default=0)
    if not most:
        raise PictureBroken("it has no picture")
    if most > MOST_PIXELS[HEIC.mime]:
        raise PictureTooLarge


def _claimed_pixels(boxes: Boxes) -> Iterator[int]:
    """Yield how many pixels each picture says that it has (ISO/IEC 23008-12, 6.5.3)."""
    meta = boxes.find(boxes.file, b"meta")
    for properties in boxes.within(meta, after=_BEFORE) if meta else ():
        about = boxes.find(properties, b"ipco") if properties.name == b"iprp" else None
        for size in boxes.within(about) if about else ():
            if size.name == b"ispe":
                read = boxes.read(size, _BEFORE + 8)[_BEFORE:]
                yield int.from_bytes(read[:4]) * int.from_bytes(read[4:])


def _small(content: bytes, mime: str) -> bytes:
    out = io.BytesIO()
    with _opened(io.BytesIO(content), mime) as picture:
        picture.thumbnail((WIDEST, WIDEST))
        _with_eight_bits(picture).convert("RGBA").save(out, "PNG")
    return out.getvalue()


@contextmanager
def _opened(content: BinaryIO, mime: str) -> Iterator[Image.Image]:
    """Yield a picture of this kind; what goes wrong with it is `PictureBroken`."""
    if mime not in FORMATS:
        raise PictureBroken(f"{mime} is not drawn")
    if mime == JPEG.mime and _takes_long(content):
        raise PictureBroken("it goes through itself too often")
    # WeasyPrint lets the whole process in which it is imported take half a picture for a whole one.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    content.seek(0)
    try:
        with _one_at_a_time, Image.open(content, formats=[FORMATS[mime]]) as picture:
            if picture.width * picture.height > MOST_PIXELS[mime]:
                raise PictureTooLarge
            yield picture
    except (PictureBroken, MemoryError):
        raise
    except Image.DecompressionBombError as bomb:
        raise PictureTooLarge from bomb
    except Exception as error:  # a reader raises whatever a broken part made it stumble over
        raise PictureBroken(str(error)) from error


def _with_eight_bits(picture: Image.Image) -> Image.Image:
    """Return a grey of 65,536 shades in 256: Pillow would make it white."""
    return picture.point(lambda v: v / 256).convert("L") if picture.mode == "I;16" else picture


def _takes_long(content: BinaryIO) -> bool:
    """Count the scans of a JPEG up to its end, behind which phones put whole films."""
    at, scans = len(b"\xff\xd8"), 0
    for _number in range(MOST_SEGMENTS):
        at, segment = _next_segment(content, at)
        if segment in (b"", _END):
            return False
        scans += segment == _SCAN
        if scans > MOST_SCANS:
            return True
        content.seek(at)
        at += int.from_bytes(content.read(2))
    return True


def _next_segment(content: BinaryIO, at: int) -> tuple[int, bytes]:
    """Return where the next segment begins, and its letter; '' where there is none."""
    content.seek(at)
    while piece := content.read(PIECE):
        if found := _SEGMENT.search(piece):
            return at + found.end(), found[1]
        at += len(piece) - piece.endswith(b"\xff")
        if piece == b"\xff":
            break
        content.seek(at)
    return at, b""
