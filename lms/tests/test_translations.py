import gettext
import re

import polib
import pytest
from django.utils.translation import gettext as django_gettext
from django.utils.translation import override

from lms import translations
from lms.tests.own import own_sources


def entry(msgid: str, msgstr: str = "", **more: object) -> polib.POEntry:
    return polib.POEntry(msgid=msgid, msgstr=msgstr, **more)


def write(path, *entries: polib.POEntry) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    catalogue.extend(entries)
    catalogue.save(str(path))


@pytest.fixture
def locale(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    return tmp_path / "locale" / "nl"


def test_a_catalogue_and_its_parts_are_compiled_together(locale):
    write(locale / "LC_MESSAGES" / "django.po", entry("Home", "Start"), entry("Course"))
    write(locale / "parts" / "other.po", entry("Course", "Opleiding"), entry("Run", "Uitvoering"))
    assert translations.compile_catalogue() == 3
    with (locale / "LC_MESSAGES" / "django.mo").open("rb") as file:
        dutch = gettext.GNUTranslations(file)
    texts = ["Home", "Course", "Run"]
    assert [dutch.gettext(text) for text in texts] == ["Start", "Opleiding", "Uitvoering"]


def test_what_was_just_compiled_is_read_at_once(locale, settings):
    settings.LOCALE_PATHS = [locale.parent]
    with override("nl"):
        assert django_gettext("Beacon") == "Beacon"
    write(locale / "LC_MESSAGES" / "django.po", entry("Beacon", "Baken"))
    translations.compile_catalogue()
    with override("nl"):
        assert django_gettext("Beacon") == "Baken"


def test_an_untranslated_part_takes_nothing_away(locale):
    write(locale / "LC_MESSAGES" / "django.po", entry("Home", "Start"))
    write(locale / "parts" / "other.po", entry("Home"))
    assert [found.msgstr for found in translations.read_catalogue()] == ["Start"]


def test_what_django_says_in_our_words_outlives_an_update(locale, monkeypatch):
    write(locale / "LC_MESSAGES" / "django.po", entry("Your password was changed.", "Je hebt."))
    monkeypatch.setattr(translations, "extract", polib.POFile)
    assert translations.update_catalogue() == 0
    assert [found.msgid for found in translations.read_catalogue()] == [
        "Your password was changed."
    ]


def test_what_nobody_says_any_more_goes_at_an_update(locale):
    write(locale / "LC_MESSAGES" / "djangojs.po", entry("Nobody says this.", "Niemand."))
    translations.update_catalogue(translations.SCRIPTS)
    assert list(translations.read_catalogue(translations.SCRIPTS)) == []


@pytest.mark.parametrize(
    ("theirs", "problem"),
    [
        (None, "not translated"),
        (entry("Home"), "not translated"),
        (entry("Home", "Uw huis"), "says 'u'"),
        (entry("Home", "Nu thuis"), None),
    ],
)
def test_what_is_amiss_with_djangos_own_dutch(theirs, problem):
    assert translations.problem_of_django(theirs) == problem


PLURAL = {"msgid_plural": "%(count)s people"}


@pytest.mark.parametrize(
    ("text", "translation", "problem"),
    [
        (entry("Home"), entry("Home", "Start"), None),
        (entry("Home"), None, "not translated"),
        (entry("Home"), entry("Home", "Huis", flags=["fuzzy"]), "doubtful (fuzzy)"),
        (entry("Home"), entry("Home"), "not translated, or not in its plural"),
        (
            entry("%(count)s person", **PLURAL),
            entry("%(count)s person", "%(count)s persoon"),
            "not translated, or not in its plural",
        ),
        (
            entry("%(count)s person", **PLURAL),
            entry(
                "%(count)s person",
                **PLURAL,
                msgstr_plural={0: "één persoon", 1: "%(count)s personen"},
            ),
            None,
        ),
        (
            entry("Hello %(name)s"),
            entry("Hello %(name)s", "Dag %(naam)s"),
            "other names between the brackets",
        ),
        (entry("Hello {name}"), entry("Hello {name}", "Dag"), "other names between the brackets"),
    ],
)
def test_what_is_amiss_with_a_translation(text, translation, problem):
    assert translations.problem_of(text, translation) == problem


def test_no_text_hides_in_a_string_where_nobody_gathers_it():
    """xgettext does not look into f-strings."""
    hidden = re.compile(r"""f["'].*\{n?gettext\(|f["'].*\{_\(""")
    for path in own_sources():
        lines = path.read_text().splitlines()
        assert not [line for line in lines if hidden.search(line)], path


def test_texts_are_marked_by_the_names_that_are_gathered():
    """xgettext knows the functions of Django, and `_` for any of them; no other name."""
    alias = re.compile(r"import \w*gettext\w* as (?!_$)", re.MULTILINE)
    for path in own_sources():
        assert not alias.search(path.read_text()), path


def test_texts_are_marked_by_names_that_are_found():
    """What is imported as anything but `_` is extracted by nobody, and stays English unseen."""
    renamed = re.compile(r"gettext\w* as (?!_\b)")
    own = list(own_sources())
    assert len(own) > 100
    assert [str(path) for path in own if renamed.search(path.read_text())] == []
