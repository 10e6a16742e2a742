"""What a file of people looks like: an example to fill in, and its columns in words."""

from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from certifications.models import Column, ModeForOthers
from learners.spreadsheets import writing


def _headings() -> list[str]:
    return [str(column.label) for column in Column]


def _rows() -> list[tuple[str, str, str]]:
    mandatory, nominated = (str(mode.label) for mode in ModeForOthers)
    return [
        ("noor.janssens@example.org", "2027-06-30", mandatory),
        ("20270042", "", nominated),
    ]


def example_xlsx() -> IO[bytes]:
    """Return a workbook with the headings that are read, and two lines to show how."""
    return writing.workbook(_headings(), _rows())


def example_csv() -> Iterator[str]:
    """Yield the same as lines of CSV that Excel opens with its accents."""
    return writing.lines_of_csv(_headings(), _rows())


def column_guide() -> list[tuple[str, str]]:
    """Return what each column is for, in words for who fills in a file."""
    return [
        (_("learner"), _("E-mail address, or the number that the institution gave. Needed.")),
        (
            _("to be completed by"),
            _("A day, such as 31-12-2026 or 2026-12-31. Empty follows what you chose above."),
        ),
        (_("how"), _("Mandatory or nominated. Empty follows what you chose above.")),
    ]
