"""Writes the table of `docs/rights.md` anew: `python -m lms.tests.rights`."""

import os


def main() -> None:
    """Set Django up, which the tests of permissions need as soon as they are read."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.tests.settings")
    import django

    django.setup()
    from lms.tests.permissions import words

    words.write()


if __name__ == "__main__":
    main()
