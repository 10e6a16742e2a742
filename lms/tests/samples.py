"""Everything that people are told by mail, with what it may say; `test_mails.py` knows when one is missing."""

from pathlib import Path

from attendance.tests import told as attendance
from certifications.tests import told as certifications
from learners.tests import told as learners

SAMPLES = [*learners.SAMPLES, *certifications.SAMPLES, *attendance.SAMPLES]


def kinds() -> set[str]:
    """Return every kind that there are words for."""
    found = Path("templates").glob("*/notifications/[!_]*.txt")
    return {f"{path.parts[1]}/{path.stem}" for path in found}
