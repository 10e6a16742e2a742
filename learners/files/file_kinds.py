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
GIF = Kind("image/gif", ("gif",))
SVG = Kind("image/svg+xml", ("svg",))
MP4 = Kind("video/mp4", ("mp4", "m4v"), is_shown_inline=True)
QUICKTIME = Kind("video/quicktime", ("mov",))
WEBM = Kind("video/webm", ("webm",))
MP3 = Kind("audio/mpeg", ("mp3",), is_shown_inline=True)
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
    *(PDF, PNG, JPEG, WEBP, GIF, SVG, MP4, QUICKTIME, WEBM, MP3),
    *(DOCX, XLSX, PPTX, ODT, ODS, ODP, ZIP, CSV, TEXT, VTT),
)
IMAGES = (PNG, JPEG, WEBP)
DOCUMENTS = (PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP, TEXT)
MATERIALS = (*DOCUMENTS, *IMAGES, GIF, SVG, MP4, QUICKTIME, WEBM, MP3, CSV, ZIP)
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
_BY_FOLDER = (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX))
_BY_MIMETYPE = {kind.mime: kind for kind in (ODT, ODS, ODP)}


def kind_of(content: BinaryIO, name: str = "") -> Kind | None:
    """Return what this is, or None where it is nothing that the product takes.

    The name only tells apart what has the same content: text from comma-separated values.
    """
    content.seek(0)
    head = content.read(HEAD)
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        return _film(head[8:12])
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:  # MPEG audio, layer III
        return MP3
    if head.startswith(b"PK\x03\x04"):
        return _archive(content)
    return _text(head, name)


def ends_like(name: str, kind: Kind) -> bool:
    """Whether a name ends as this kind may: who opens 'film.exe' runs it, whatever is inside."""
    return name.rpartition(".")[2].lower() in kind.endings


def named(kinds: Sequence[Kind]) -> str:
    """Return these kinds as people know them: 'PDF, DOCX, PNG'."""
    return ", ".join(kind.endings[0].upper() for kind in kinds)


def _film(brand: bytes) -> Kind | None:
    if brand == b"qt  ":
        return QUICKTIME
    return MP4 if brand[:3] in (b"iso", b"mp4", b"avc", b"M4V", b"das", b"MSN") else None


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
