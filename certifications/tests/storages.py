"""Storages that do what storages do at bad moments."""

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class RefusingStorage(FileSystemStorage):
    """Refuses to write as long as there is a reason; counts how often it was asked."""

    refusal: OSError | None = None
    asked = 0

    def _save(self, name: str, content: File) -> str:
        RefusingStorage.asked += 1
        if RefusingStorage.refusal:
            raise RefusingStorage.refusal
        return super()._save(name, content)


class TearingStorage(FileSystemStorage):
    """Writes half a file, and then its worker is killed."""

    is_torn = False

    def _save(self, name: str, content: File) -> str:
        stored = super()._save(name, content)
        if not TearingStorage.is_torn:
            TearingStorage.is_torn = True
            with open(self.path(stored), "r+b") as half:
                half.truncate(100)
            raise SystemExit("killed")
        return stored


class WithholdingStorage(FileSystemStorage):
    """Gives nothing of what was uploaded as long as there is a reason, and takes everything else;
    counts how often it was asked."""

    refusal: OSError | None = None
    asked = 0

    def _open(self, name: str, mode: str = "rb") -> File:
        if name.startswith("uploads/") and WithholdingStorage.refusal:
            WithholdingStorage.asked += 1
            raise WithholdingStorage.refusal
        return super()._open(name, mode)
