"""The texts of this room, in both languages: one kind of apostrophe and of quotation marks."""

import polib
import pytest
from django.conf import settings

CATALOGUE = settings.BASE_DIR / "locale" / "nl" / "LC_MESSAGES" / "django.po"
ROOM = ("attendance/", "templates/attendance/")
TEXTS = [
    entry
    for entry in polib.pofile(str(CATALOGUE))
    if any(path.startswith(ROOM) for path, _line in entry.occurrences)
]


def english(entry: polib.POEntry) -> str:
    return entry.msgid + entry.msgid_plural


def dutch(entry: polib.POEntry) -> str:
    return entry.msgstr + "".join(entry.msgstr_plural.values())


@pytest.mark.parametrize("straight", ["'", '"'])
def test_apostrophes_and_quotation_marks_are_curly(straight):
    assert TEXTS
    assert [english(one) for one in TEXTS if straight in english(one) + dutch(one)] == []


def test_dutch_quotes_with_single_marks_and_english_with_double_ones():
    assert [dutch(one) for one in TEXTS if {"“", "”", "„"} & {*dutch(one)}] == []
    assert [english(one) for one in TEXTS if "‘" in english(one)] == []
