"""Parts of what is stored: of a file in a bucket, only what is asked for travels."""

from collections.abc import Iterator

from django.core.files import File

PIECE = 64 * 1024


def pieces(content: File, begin: int, end: int) -> Iterator[bytes]:
    """Yield a part of an open file, up to and with the byte `end`, and close it."""
    with content:
        if in_bucket := getattr(content.file, "obj", None):
            part = in_bucket.get(Range=f"bytes={begin}-{end}")
            yield from part["Body"].iter_chunks(PIECE)
            return
        content.seek(begin)
        left = end - begin + 1
        while left > 0 and (piece := content.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
