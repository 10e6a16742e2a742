"""Pictures for tests: whole, broken, and such that claim to be larger than they are."""

import io
import os
import random
import struct
import zlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from learners.files import keeping
from learners.models import StoredFile

PAGE = b"\x89PNG\r\n\x1a\n<html><body>logo!</body></html>"  # 39 bytes that begin as a PNG does
SIGNATURE = PAGE[:8]


def a_picture(
    kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (64, 48), **options: object
) -> bytes:
    """Draw a picture of noise, always the same, which can be cut off anywhere."""
    channels = len(Image.new(mode, (1, 1)).getbands())
    width = 2 if mode == "I;16" else 1
    noise = random.Random(mode).randbytes(size[0] * size[1] * channels * width)
    drawn = Image.new("1", size) if mode == "1" else Image.frombytes(mode, size, noise)
    out = io.BytesIO()
    drawn.save(out, kind, **options)
    return out.getvalue()


def a_moving_picture(kind: str) -> bytes:
    """Draw a picture that has three."""
    first, *more = (Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue"))
    out = io.BytesIO()
    first.save(out, kind, save_all=True, append_images=more)
    return out.getvalue()


def a_bomb(width: int = 50_000, height: int = 50_000) -> bytes:
    """Return a PNG of a thousand bytes that claims to be as large as this."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def with_scans(number: int) -> bytes:
    """Return a JPEG that goes so many times more through its last scan."""
    whole = a_picture("JPEG", progressive=True)
    scan = whole[whole.rfind(b"\xff\xda") : -2]
    return whole[:-2] + scan * number + whole[-2:]


def stored_unseen(name: str, content: bytes, kind: str = "image/png") -> StoredFile:
    """Store a file as it was before pictures were decoded."""
    stored = StoredFile.objects.create(
        name=name,
        size=len(content),
        kind=kind,
        sha256=os.urandom(32).hex(),
        content=default_storage.save(f"uploads/00/{os.urandom(8).hex()}", ContentFile(content)),
    )
    return keeping.claim(stored=stored)


def _chunk(name: bytes, content: bytes) -> bytes:
    crc = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", crc)
