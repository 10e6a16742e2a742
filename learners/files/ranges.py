"""Parts of what is stored: of a file in a bucket, only what is asked for travels."""

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from learners.models import StoredFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

AT_ONCE = 16 * 1024  # bytes that travel for whoever reads here and there


@dataclass(frozen=True)
class Given:
    """A file that was given: the same as another of which the content has the same name, for what
    is remembered of contents, which never change."""

    name: str
    stored: StoredFile = field(compare=False)

    @classmethod
    def of(cls, stored: StoredFile) -> "Given":
        return cls(stored.content.name or "", stored)


def opened(stored: StoredFile) -> BinaryIO:
    """Open a file to read here and there in it. Raises `FileIsInfected`."""
    content = stored.open()
    if in_bucket := getattr(content, "obj", None):
        return io.BufferedReader(_InBucket(in_bucket), AT_ONCE)
    return cast(BinaryIO, content)


class _InBucket(io.RawIOBase):
    """An object in a bucket, which is asked for what is read of it."""

    def __init__(self, stored: Any) -> None:
        self._stored = stored
        self._size: int = stored.content_length
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, begin + offset)
        return self._at

    def readinto(self, buffer: "WriteableBuffer") -> int:
        room = memoryview(buffer)
        end = min(self._at + len(room), self._size)
        if end <= self._at:
            return 0
        read: bytes = self._stored.get(Range=f"bytes={self._at}-{end - 1}")["Body"].read()
        room[: len(read)] = read
        self._at += len(read)
        return len(read)
