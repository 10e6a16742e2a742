"""Static files, collected only when one of them has changed."""

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def stamp() -> Path:
    return Path(settings.DATA_DIR) / "run" / "static_files"


def collect() -> None:
    """Collects them; the stamp is written last, so that a collection cut short is done again."""
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp().parent.mkdir(exist_ok=True)
    stamp().write_text(fingerprint())


def are_stale() -> bool:
    """Whether what was collected is not what the finders find today."""
    is_there = stamp().exists() and Path(settings.STATIC_ROOT).is_dir()
    return not is_there or stamp().read_text() != fingerprint()


def fingerprint() -> str:
    """Names, sizes and times of all static files, and how they are stored."""
    paths = [
        Path(storage.path(name)).absolute()
        for finder in get_finders()
        for name, storage in finder.list(None)
    ]
    found = sorted((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in paths)
    told = json.dumps([str(settings.STORAGES["staticfiles"]), found])
    return hashlib.sha256(told.encode()).hexdigest()
