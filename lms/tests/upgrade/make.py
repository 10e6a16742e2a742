"""`python -m lms.tests.upgrade.make <name>`: keep the state of this checkout for ever.

Run at a release, as docs/operating.md says; see docs/decisions/0034.
"""

import argparse
import os
from datetime import datetime, timedelta
from pathlib import Path

import django

OF_AN_INSTANCE = ("DATABASE_URL", "REDIS_URL", "DATA_DIR", "PUBLIC_URL", "EMAIL_URL")


def main() -> None:
    """Make the demo in an instance of its own, and keep it."""
    asked = _parser().parse_args()
    for name in OF_AN_INSTANCE:
        os.environ.pop(name, None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "lms.tests.settings"
    django.setup()
    from lms.tests.upgrade import states  # models, which are there only now

    states.keep(name=asked.name, at=asked.at, into=asked.into, whose=asked.whose)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    yesterday = datetime.now().astimezone() - timedelta(days=1)
    afternoon = yesterday.replace(hour=15, minute=10, second=0, microsecond=0)
    at = {"type": datetime.fromisoformat, "default": afternoon}
    parser.add_argument("name", help="what it is called: the day, or the release")
    parser.add_argument("--at", **at, help="the moment of it; yesterday afternoon, if not said")
    parser.add_argument("--into", type=Path, help="another folder than that of all that is kept")
    parser.add_argument("--whose", nargs="+", help="whose pages; those of everybody, if not said")
    return parser


if __name__ == "__main__":
    main()
