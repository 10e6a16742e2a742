"""What a file is, read from its content and never from its name.

A white list: what is not recognised as one of these is refused. See docs/decisions for why no
library guesses here.
"""

import io
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from learners.files import films

HEAD = 4096  # bytes; enough for every signature below
LONGEST_END = 22 + 0xFFFF  # bytes of an archive in which its list of parts is told of
MOST_PARTS = 20_000  # in an archive, which is read into memory part by part
LARGEST_UNPACKED = 4 << 30  # bytes: an archive that claims more is a bomb
OFFICE = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class Kind:
    """A kind of file that the product takes, and the endings that its names may have."""

    mime: str
    endings: tuple[str, ...]
    is_shown_inline: bool = False


PDF = Kind("application/pdf", ("pdf",), is_shown_inline=True)
PNG = Kind("image/png", ("png",), is_shown_inline=True)
JPEG = Kind("image/jpeg", ("jpg", "jpeg"), is_shown_inline=True)
WEBP = Kind("image/webp", ("webp",), is_shown_inline=True)
HEIC = Kind("image/heic", ("heic", "heif", "hif"))
GIF = Kind("image/gif", ("gif",))
SVG = Kind("image/svg+xml", ("svg",))
MP4 = Kind("video/mp4", ("mp4", "m4v"), is_shown_inline=True)
QUICKTIME = Kind("video/quicktime", ("mov", "qt"))
THREE_GP = Kind("video/3gpp", ("3gp", "3gpp", "3g2"))
WEBM = Kind("video/webm", ("webm",))
MP3 = Kind("audio/mpeg", ("mp3",), is_shown_inline=True)
M4A = Kind("audio/mp4", ("m4a",), is_shown_inline=True)
DOCX = Kind(f"{OFFICE}wordprocessingml.document", ("docx",))
XLSX = Kind(f"{OFFICE}spreadsheetml.sheet", ("xlsx",))
PPTX = Kind(f"{OFFICE}presentationml.presentation", ("pptx",))
ODT = Kind(f"{ODF}text", ("odt",))
ODS = Kind(f"{ODF}spreadsheet", ("ods",))
ODP = Kind(f"{ODF}presentation", ("odp",))
ZIP = Kind("application/zip", ("zip",))
CSV = Kind("text/csv", ("csv",))
TEXT = Kind("text/plain", ("txt", "md"))
VTT = Kind("text/vtt", ("vtt",))

ALL = (
    *(PDF, PNG, JPEG, WEBP, HEIC, GIF, SVG, MP4, QUICKTIME, THREE_GP, WEBM, MP3, M4A),
    *(DOCX, XLSX, PPTX, ODT, ODS, ODP, ZIP, CSV, TEXT, VTT),
)
BY_MIME = {kind.mime: kind for kind in ALL}
IMAGES = (PNG, JPEG, WEBP)  # what we draw and print
PHOTOS = (*IMAGES, HEIC)  # what phones and cameras make
FILMS = (MP4, QUICKTIME, THREE_GP, WEBM)
SOUNDS = (MP3, M4A)
OFFICE_DOCUMENTS = (DOCX, XLSX, PPTX, ODT, ODS, ODP)
DOCUMENTS = (PDF, *OFFICE_DOCUMENTS, TEXT)
MATERIALS = (*DOCUMENTS, *PHOTOS, GIF, SVG, *FILMS, *SOUNDS, CSV, ZIP)
# Made of the same boxes. Phones and programs give each the names of the others; all are played,
# and none is run.
ISO_MEDIA = (MP4, QUICKTIME, THREE_GP, M4A)
SHOWN_INLINE = frozenset(kind.mime for kind in ALL if kind.is_shown_inline)

_BEGINNINGS = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"\x1aE\xdf\xa3", WEBM),
    (b"ID3", MP3),
)
# What a file of boxes says it is, in its own words (https://mp4ra.org/registered-types/brands).
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis"})
_PICTURES = _HEIC | {b"mif1", b"msf1", b"hevc", b"hevx"}
_AVIF = frozenset({b"avif", b"avis"})
_BY_BRAND = (
    ((b"qt  ", b"mqt "), QUICKTIME),
    ((b"3g",), THREE_GP),
    ((b"M4A ", b"M4B "), M4A),
    ((b"iso", b"mp4", b"avc", b"hvc", b"M4V", b"F4V", b"f4v", b"das", b"MSN"), MP4),
)
# What a film of an old camera begins with, which does not say what it is.
_BEFORE_A_FILM = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_BY_FOLDER = (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX))
_BY_MIMETYPE = {kind.mime: kind for kind in (ODT, ODS, ODP)}


def kind_of(content: BinaryIO, name: str = "") -> Kind | None:
    """Return what this is, or None where it is nothing that the product takes.

    The name only tells apart what has the same content: text from comma-separated values, and sound
    from films, as recorders write both.
    """
    content.seek(0)
    head = content.read(HEAD)
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return _of_boxes(head, name)
    if head[4:8] in _BEFORE_A_FILM and films.is_film(content):
        return QUICKTIME
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:  # MPEG audio, layer III
        return MP3
    if head.startswith(b"PK\x03\x04"):
        return _archive(content)
    return _text(head, name)


def ends_like(name: str, kind: Kind) -> bool:
    """Whether a name ends as this kind may: who opens 'film.exe' runs it, whatever is inside."""
    kinds = ISO_MEDIA if kind in ISO_MEDIA else (kind,)
    return any(_ending(name) in each.endings for each in kinds)


def named(kinds: Sequence[Kind]) -> str:
    """Return these kinds as people know them: 'PDF, DOCX, PNG'."""
    return ", ".join(kind.endings[0].upper() for kind in kinds)


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _of_boxes(head: bytes, name: str) -> Kind | None:
    """Tell films, sound and pictures apart by what they say they are, and are like."""
    length = int.from_bytes(head[:4])
    if length > len(head):
        return None
    first, *others = head[8:12], *(head[at : at + 4] for at in range(16, length, 4))
    if _AVIF & {first, *others}:
        return None
    if first in _PICTURES:
        return HEIC if _HEIC & {first, *others} else None
    kinds = (kind for brand in (first, *others) for kind in _kinds_called(brand))
    found = next(kinds, None)
    return M4A if found in (MP4, THREE_GP) and _ending(name) in M4A.endings else found


def _kinds_called(brand: bytes) -> list[Kind]:
    return [kind for beginnings, kind in _BY_BRAND if brand.startswith(beginnings)]


def _archive(content: BinaryIO) -> Kind | None:
    """Tell office documents from other archives by what is in them."""
    if not _has_few_parts(content):
        return None
    try:
        with zipfile.ZipFile(content) as archive:
            names = archive.namelist()
            if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
                return None
            if "mimetype" in names and archive.getinfo("mimetype").file_size < HEAD:
                return _BY_MIMETYPE.get(archive.read("mimetype").decode("ascii", "replace"), ZIP)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return None
    if "[Content_Types].xml" not in names:
        return ZIP
    if any(name.endswith("vbaProject.bin") for name in names):
        return None  # a document that runs macros
    return next((kind for part, kind in _BY_FOLDER if any(n.startswith(part) for n in names)), ZIP)


def _has_few_parts(content: BinaryIO) -> bool:
    """Read how many parts an archive has from its end, before anything makes a list of them."""
    size = content.seek(0, io.SEEK_END)
    content.seek(max(0, size - LONGEST_END))
    end = content.read()
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) < at + 22:
        return False
    parts, length = struct.unpack("<HI", end[at + 10 : at + 16])
    return parts <= MOST_PARTS and length <= MOST_PARTS * 512


def _text(head: bytes, name: str) -> Kind | None:
    """Recognise text without control characters: SVG by its root, captions by their first word,
    CSV by its name."""
    if b"\x00" in head or head.startswith((b"MZ", b"#!")):
        return None
    try:
        # the last character may have been cut in two
        text = head.decode("utf-8-sig", errors="strict" if len(head) < HEAD else "ignore")
    except UnicodeDecodeError:
        text = head.decode("cp1252", errors="replace")
    if any(ord(letter) < 32 and letter not in "\t\n\r\f" for letter in text):
        return None
    start = text.lstrip().lower()
    if start.startswith("<"):
        return SVG if "<svg" in start and "<html" not in start else None
    if start.startswith("webvtt"):
        return VTT
    return CSV if ends_like(name, CSV) else TEXT
