"""Eight teachers save one register at once, for a minute: how many a second, and how long each.

    python benchmarks/concurrency.py [SECONDS]

Works in a database of its own: DATA_DIR and DATABASE_URL say which. The floor is one of them alone,
measured first, in this run. Fails where a saving is lost, turned away or out of order.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
os.environ.setdefault("SECRET_KEY", "only for this benchmark, whose database is thrown away")
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="mijlpaal-concurrency-"))

import django

django.setup()

from dataclasses import replace  # noqa: E402

from django.core.management import call_command  # noqa: E402

from lms.tests.faults import storm  # noqa: E402


def main() -> None:
    """Print what was measured."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    call_command("migrate", verbosity=0)
    first = storm.brewing(seconds=seconds / 6)
    one, number = measure(replace(first, teachers=first.teachers[:1]))
    second = storm.brewing(seconds=seconds)
    many, numbers = measure(second)
    storm.assert_in_order(first, number)
    storm.assert_in_order(second, numbers)
    alone = statistics.median(one)
    print(f"alone                {alone * 1000:>8.0f} ms for a saving")
    print(f"eight at once        {statistics.median(many) * 1000:>8.0f} ms for a saving")
    print(f"ratio                {statistics.median(many) / alone:>8.1f}")
    print(f"slowest              {max(many) * 1000:>8.0f} ms")
    print(f"nothing lost of      {len(one) + len(many):>8} savings")


def measure(brewing: storm.Storm) -> tuple[list[float], list[int]]:
    """Return how long each saving took, and how many each teacher made."""
    begun = time.monotonic()
    took = storm.rage(brewing)
    times = [each for teacher in took for each in teacher]
    print(f"{len(times) / (time.monotonic() - begun):>8.1f} savings a second by {len(took)}")
    return times, [len(teacher) for teacher in took]


if __name__ == "__main__":
    main()
