"""Everything that people are told by mail, with what it may say, as each app has it in its own
`tests.told`; `test_mails.py` knows when one is missing."""

from pathlib import Path

from learners.tests.told import Sample
from lms.tests.own import own_apps, own_module

TOLD = [own_module(app, "tests.told") for app in own_apps()]
SAMPLES: list[Sample] = [sample for module in TOLD if module for sample in module.SAMPLES]


def kinds() -> set[str]:
    """Return every kind that there are words for."""
    found = Path("templates").glob("*/notifications/[!_]*.txt")
    return {f"{path.parts[1]}/{path.stem}" for path in found}
