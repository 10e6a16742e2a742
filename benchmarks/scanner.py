"""Have ClamAV itself look at files, small and large: how many a second, and in how much memory.

    python benchmarks/scanner.py [MEGABYTES of the large file]

It is fetched where it is not there, and knows one signature: with those of the world it takes a
gigabyte of memory and longer for each file. Fails where what is harmful is not found, or where
memory grows with the file.
"""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
os.environ.setdefault("SECRET_KEY", "only for this benchmark, whose database is thrown away")
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="mijlpaal-scanner-"))

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.base import File  # noqa: E402
from django.core.management import call_command  # noqa: E402

from learners.files import scanning  # noqa: E402
from learners.models import ScanState, StoredFile  # noqa: E402
from learners.models.stored_file import storage_key  # noqa: E402
from learners.tests.clamd import EICAR  # noqa: E402
from lms.bootstrap import clamd  # noqa: E402
from lms.tests import clamav  # noqa: E402

SMALL_FILES = 500
MEGABYTE = 1024 * 1024
MOST_GROWN = 20 * MEGABYTE


def main() -> None:
    """Print what was measured."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    if not clamd.program():
        clamd.unpack()
    call_command("migrate", verbosity=0)
    for number in range(SMALL_FILES):
        stored(b"%d a line of text\n" % number * 500)
    large = stored(b"a line of text\n" * (MEGABYTE // 15), megabytes, EICAR)
    limits = {"most": megabytes + 10, "looks_into": megabytes + 10}
    with clamav.running(**limits) as settings.CLAMAV_URL:
        before = memory()
        took = seconds(large)
        grown = memory() - before
        small = time.perf_counter()
        looked = scanning.scan_waiting(seconds=600)
        small = time.perf_counter() - small
    assert StoredFile.objects.get(pk=large.pk).scan_state == ScanState.INFECTED
    assert StoredFile.objects.filter(scan_state=ScanState.CLEAN).count() == looked == SMALL_FILES
    assert grown < MOST_GROWN, f"{grown:,} bytes more"
    print(f"large file           {megabytes:>8} MB")
    print(f"it took              {took:>8.1f} s, {megabytes / took:.0f} MB a second")
    print(f"memory grew by       {grown / MEGABYTE:>8.1f} MB")
    print(f"small files          {looked / small:>8.0f} a second, one after the other")


def stored(content: bytes, times: int = 1, end: bytes = b"") -> StoredFile:
    """Put a file into the storage that repeats this content, and ends so."""
    row = StoredFile(name="a.txt", size=1, kind="text/plain", sha256=os.urandom(32).hex())
    row.content = storage_key(row, row.name)
    with tempfile.TemporaryFile() as file:
        for _time in range(times):
            file.write(content)
        file.write(end)
        file.seek(0)
        row.content.storage.save(row.content.name, File(file))
    row.save()
    return row


def seconds(file: StoredFile) -> float:
    """Return how long one file takes."""
    began = time.perf_counter()
    scanning.scan(file)
    return time.perf_counter() - began


def memory() -> int:
    """Return the most bytes that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
