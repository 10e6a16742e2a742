"""The bytes of an upload in the storage, as far as they are safe: in a folder or in a bucket.

Both add from an offset, leave out whatever lies beyond it, and say how far the bytes are safe while
they come in. S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html.
"""

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Protocol

from botocore.exceptions import ClientError
from django.core.files.storage import FileSystemStorage, default_storage

from learners.models import Upload

MEGABYTE = 1024 * 1024
PART = 5 * MEGABYTE  # the least that a bucket takes as a part that is not the last
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
GONE = frozenset({"NoSuchUpload", "NoSuchKey", "404"})


class StorageAway(Exception):
    """The storage took nothing more now; what was safe is safe."""


class StorageFull(StorageAway):
    """There is no room."""


class BytesLost(Exception):
    """The storage has fewer bytes than it said; the first argument is how many there are."""


class Parts(Protocol):
    """Where the bytes of unfinished uploads lie."""

    def begin(self, upload: Upload) -> None:
        """Make room for an upload; note in it what the storage calls it."""

    def write(self, upload: Upload, pieces: Iterable[bytes]) -> Iterator[int]:
        """Add these pieces after the bytes that are there, and yield how many are safe, as often
        as more are. Raises `StorageAway` and `BytesLost`."""

    def complete(self, upload: Upload) -> None:
        """Make the whole readable under its key. Done twice, it is done once."""

    def drop(self, upload: Upload) -> None:
        """Forget every byte; what is not there is forgotten already."""


def parts() -> Parts:
    """Return what fits the storage that is configured."""
    if isinstance(default_storage, FileSystemStorage):
        return FolderParts(default_storage)
    return BucketParts(default_storage)


class FolderParts:
    """One file, which grows; whatever lies in it beyond the offset is cut off."""

    def __init__(self, storage: FileSystemStorage) -> None:
        self.storage = storage

    def begin(self, upload: Upload) -> None:
        with _refusals():
            path = self._path(upload)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()

    def write(self, upload: Upload, pieces: Iterable[bytes]) -> Iterator[int]:
        at = upload.offset
        with _refusals(), self._opened(upload) as file:
            for piece in pieces:
                file.write(piece)
                at += len(piece)
                if at - upload.offset >= PART:
                    _settle(file)
                    yield at
            if at > upload.offset:
                _settle(file)
                yield at

    def complete(self, upload: Upload) -> None:
        """Nothing has to be done: it is one file already."""

    def drop(self, upload: Upload) -> None:
        with _refusals():
            self._path(upload).unlink(missing_ok=True)

    def _path(self, upload: Upload) -> Path:
        return Path(self.storage.path(upload.key))

    @contextlib.contextmanager
    def _opened(self, upload: Upload) -> Iterator[Any]:
        try:
            file = self._path(upload).open("r+b")
        except FileNotFoundError:
            raise BytesLost(0) from None
        with file:
            if (there := file.seek(0, os.SEEK_END)) < upload.offset:
                raise BytesLost(there)
            file.truncate(upload.offset)
            file.seek(upload.offset)
            yield file


class BucketParts:
    """The parts of a multipart upload, each of `PART` bytes but the last; what is not a whole part
    yet lies beside them as a tail, under a name that says how far it goes, so that only the tail
    that fits the offset is ever read."""

    def __init__(self, storage: Any) -> None:
        self.client = storage.connection.meta.client
        self.bucket = storage.bucket_name
        self.parameters = storage.get_object_parameters
        self.normalised = storage._normalize_name

    def begin(self, upload: Upload) -> None:
        with _refusals():
            made = self.client.create_multipart_upload(
                **self._named(upload), **self.parameters(upload.key)
            )
        upload.multipart = made["UploadId"]

    def write(self, upload: Upload, pieces: Iterable[bytes]) -> Iterator[int]:
        with _refusals(), tempfile.TemporaryFile() as waiting:  # not in the memory of each thread
            before = self._fetch_tail(upload, waiting)
            begin = upload.offset - waiting.tell()
            for piece in pieces:
                rest = memoryview(piece)
                while waiting.tell() + len(rest) >= PART:
                    room = PART - waiting.tell()
                    waiting.write(rest[:room])
                    self._put_part(upload, begin, waiting)
                    begin, rest = begin + PART, rest[room:]
                    yield begin
                    waiting.seek(0)
                    waiting.truncate()
                waiting.write(rest)
            end = begin + waiting.tell()
            if end > begin and end == upload.size:
                self._put_part(upload, begin, waiting)
            elif end > begin and end != before:
                waiting.seek(0)
                self.client.put_object(**self._named(upload, end), Body=waiting)
        yield end
        if before is not None and end != before:
            with contextlib.suppress(Exception):  # what stays of it is swept with the whole
                self.client.delete_object(**self._named(upload, before))

    def complete(self, upload: Upload) -> None:
        with _refusals():
            named = {**self._named(upload), "UploadId": upload.multipart}
            try:
                pages = self.client.get_paginator("list_parts").paginate(**named)
                found = [part for page in pages for part in page.get("Parts", ())]
                made = [{"PartNumber": one["PartNumber"], "ETag": one["ETag"]} for one in found]
                self.client.complete_multipart_upload(**named, MultipartUpload={"Parts": made})
            except ClientError as refused:
                if _code(refused) not in GONE:
                    raise
                self.client.head_object(**self._named(upload))  # completed before
            self._sweep_tails(upload)

    def drop(self, upload: Upload) -> None:
        with _refusals():
            if upload.multipart:
                named = {**self._named(upload), "UploadId": upload.multipart}
                with _forgotten():
                    self.client.abort_multipart_upload(**named)
            with _forgotten():
                self.client.delete_object(**self._named(upload))
            self._sweep_tails(upload)

    def _sweep_tails(self, upload: Upload) -> None:
        """Delete what a process that was killed left of them."""
        prefix = f"{self.normalised(upload.key)}."
        found = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        for tail in found.get("Contents", ()):
            self.client.delete_object(Bucket=self.bucket, Key=tail["Key"])

    def _named(self, upload: Upload, tail: int | None = None) -> dict[str, str]:
        ending = "" if tail is None else f".{tail}"
        return {"Bucket": self.bucket, "Key": f"{self.normalised(upload.key)}{ending}"}

    def _fetch_tail(self, upload: Upload, into: IO[bytes]) -> int | None:
        """Fetch the bytes after the last whole part; return how far they go, None without any."""
        length = upload.offset % PART
        if not length:
            return None
        try:
            kept = self.client.get_object(**self._named(upload, upload.offset))["Body"]
            shutil.copyfileobj(kept, into)
        except ClientError as refused:
            if _code(refused) not in GONE:
                raise
            raise BytesLost(upload.offset - length) from None
        return upload.offset

    def _put_part(self, upload: Upload, begin: int, content: IO[bytes]) -> None:
        named = {**self._named(upload), "UploadId": upload.multipart}
        content.seek(0)
        try:
            self.client.upload_part(**named, PartNumber=begin // PART + 1, Body=content)
        except ClientError as refused:
            if _code(refused) not in GONE:
                raise
            raise BytesLost(0) from None  # the bucket gave up what nobody completed


def _settle(file: IO[bytes]) -> None:
    """Have what was written outlive a power cut."""
    file.flush()
    os.fsync(file.fileno())


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    """Tell what a storage refuses from what goes wrong in who sends."""
    try:
        yield
    except (BytesLost, StorageAway, GeneratorExit):
        raise
    except OSError as refused:
        raise (StorageFull if refused.errno in FULL else StorageAway)(str(refused)) from refused
    except Exception as refused:
        if type(refused).__module__.startswith(("botocore", "boto3", "urllib3")):
            raise StorageAway(str(refused)) from refused
        raise


@contextlib.contextmanager
def _forgotten() -> Iterator[None]:
    try:
        yield
    except ClientError as refused:
        if _code(refused) not in GONE:
            raise


def _code(refused: ClientError) -> str:
    return str(refused.response.get("Error", {}).get("Code", ""))
