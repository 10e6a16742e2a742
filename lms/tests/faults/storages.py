"""Storages that do what storages do at bad moments, and what a test sees of them."""

import time
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class Gate:
    """Where files wait as long as it is shut; its state lies in the data folder of a test."""

    def __init__(self) -> None:
        self.bar = Path(settings.DATA_DIR) / "gate-is-shut"
        self.queue = Path(settings.DATA_DIR) / "gate-queue"

    def shut(self) -> None:
        self.queue.unlink(missing_ok=True)
        self.bar.touch()

    def open(self) -> None:
        self.bar.unlink(missing_ok=True)

    def waiting(self) -> list[str]:
        """The names of the files that came to it while it was shut."""
        return self.queue.read_text().split() if self.queue.exists() else []

    def wait(self, name: str) -> None:
        if self.bar.exists():
            with self.queue.open("a") as queue:
                queue.write(f"{name}\n")
        while self.bar.exists():
            time.sleep(0.05)


class SlowStorage(FileSystemStorage):
    """Stores a file, and then takes its time to say so."""

    def _save(self, name: str, content: File) -> str:
        stored = super()._save(name, content)
        Gate().wait(stored)
        return stored


class FullStorage(FileSystemStorage):
    """Has no room for a second piece of a file; the first was written."""

    is_full = True

    def _save(self, name: str, content: File) -> str:
        if not FullStorage.is_full:
            return super()._save(name, content)
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read(10))
        with open("/dev/full", "wb", buffering=0) as full:
            full.write(b"the rest")
        raise AssertionError("/dev/full took something")
