import re

import polib
import pytest
from django.conf import settings

from lms import language, translations

PLURAL = {"msgid_plural": "%(n)d people"}


def entry(msgid: str, msgstr: str = "", **more: object) -> polib.POEntry:
    return polib.POEntry(msgid=msgid, msgstr=msgstr, **more)


def catalogue() -> list[polib.POEntry]:
    read = translations.read_catalogue
    return [*read(translations.PAGES), *read(translations.SCRIPTS)]


def rules(text: polib.POEntry, *buttons: str) -> list[str]:
    """The rules that a text breaks, by their names."""
    return [rule for rule, _what in language.broken(language.text_of(text, buttons))]


BROKEN = [
    ("formal", entry("Your course", "Uw opleiding")),
    ("kunt", entry("You can go on.", "Je kan verdergaan.")),
    ("kunt", entry("Now you can mend it.", "Nu kan je het verbeteren.")),
    ("words", entry("This course", "Deze cursus")),
    ("words", entry("These courses", "Deze Cursussen")),
    ("words", entry("The programme", "Het programma")),
    ("words", entry("Until %(when)s at the latest", "Ten laatste %(when)s")),
    ("words", entry("Log in", "Aanmelden")),
    ("words", entry("Renew before then.", "Verleng uiterlijk die dag.")),
    ("letter", entry("Show participants", "Toon deelnemers")),
    ("cancelled", entry("A meeting was cancelled.", "De bijeenkomst is geannuleerd.")),
    ("days", entry("Valid until %(day)s", "Geldig tot %(day)s")),
    ("days", entry("Complete it by %(due)s.", "Rond ze af voor %(due)s.")),
    ("quotes", entry('Choose "yes"', "Kies ‘ja’")),
    ("quotes", entry("Choose “yes”", "Kies “ja”")),
    ("quotes", entry("It's yours", "Het is van jou")),
    ("dots", entry("Wait… or go", "Wacht... of ga")),
    ("dashes", entry("Saved – go on", "Opgeslagen, ga verder")),
    ("spaces", entry("Go on.", "Ga  verder.")),
    ("spaces", entry("Go on, now.", "Ga verder , nu.")),
    ("here", entry("Click here", "Naar de pagina")),
    ("here", entry("To the page", "Klik hier")),
    ("ends", entry("It is saved.", "Het is opgeslagen")),
    ("ends", entry("Is it saved?", "Is het opgeslagen.")),
    ("capitals", entry("Saved", "opgeslagen")),
    ("counts", entry("%(n)d lines were read", "%(n)d regels zijn gelezen")),
    ("counts", entry("%(done)s of %(total)s people", "%(done)s van %(total)s mensen")),
    ("who", entry("Who is late does all again.", "Wie te laat is, doet alles opnieuw.")),
]


@pytest.mark.parametrize(("rule", "text"), BROKEN)
def test_what_breaks_a_rule_is_found_under_its_name(rule, text):
    assert rules(text) == [rule]


def test_shouting_is_found_in_both_languages():
    assert rules(entry("Well done!", "Goed gedaan!")) == ["calm"]


def test_a_button_is_short_and_no_sentence():
    long = entry("Withdraw", "Uitschrijven, met de dag waarop ze het lieten weten")
    whole = entry("Save.", "Opslaan.")
    assert rules(long, "Withdraw") == ["button"]
    assert rules(whole, "Save.") == ["button"]
    assert rules(long) == rules(whole) == []


def test_every_rule_is_broken_by_some_text_here():
    assert {rule for rule, _text in BROKEN} | {"calm", "button"} == set(language.RULES)


@pytest.mark.parametrize(
    "text",
    [
        entry("Your institution can tell you why.", "Je onderwijsinstelling kan je zeggen waarom."),
        entry("The run was cancelled.", "De uitvoering is geannuleerd."),
        entry("On now, until %(when)s", "Nu bezig, tot %(when)s"),
        entry("Valid until %(day)s", "Geldig tot en met %(day)s"),
        entry("See <a href='x'>the page</a>.", "Bekijk <a href='x'>de pagina</a>."),
        entry("1.0–10.0, passed from 5.5", "1,0–10,0, geslaagd vanaf 5,5"),
        entry("Publish version %(n)d …", "Versie %(n)d publiceren …"),
        entry("Line %(n)d is empty", "Regel %(n)d is leeg"),
        entry("Who has to renew, and when", "Wie moet verlengen, en wanneer"),
        entry("%(n)d person", **PLURAL, msgstr_plural={0: "%(n)d persoon", 1: "%(n)d mensen"}),
        entry(
            "Ignore this course’s maximum of study points?",
            "Maximum aantal studiepunten van deze cursus negeren?",
        ),
        entry("the course was cancelled", "bij het annuleren van de cursus", occurrences=[
            (language.SHEET, "")
        ]),
    ],
)  # fmt: skip
def test_what_is_well_worded_breaks_no_rule(text):
    assert rules(text) == []


def test_the_english_of_django_is_not_ours_to_mend():
    said = {"msgid": "Please log in!", "msgstr": "Meld je aan."}
    assert rules(polib.POEntry(**said, occurrences=[("django.contrib.auth", "")])) == []
    assert rules(polib.POEntry(**said)) == ["words", "calm", "ends"]


def test_buttons_are_found_in_templates_with_the_names_of_their_values(tmp_path):
    (tmp_path / "page.html").write_text(
        '<button type="submit">{% translate "Save" %}</button>'
        '<a class="btn btn-link" href="/">{% translate "Open" context "button" %}</a>'
        '<a href="/">{% translate "A link" %}</a><p>{% translate "A text" %}</p>'
        '<input type="submit" value="{% translate \'Go\' %}">'
    )
    (tmp_path / "mail.txt").write_text(
        "{% button url %}{% blocktranslate %}To “{{ title }}”{% endblocktranslate %}{% endbutton %}"
    )
    assert language.buttons(tmp_path) == {"Save", "Open", "Go", "To “%(title)s”"}


def test_every_text_of_the_product_keeps_the_rules():
    """What broke a rule when it came is listed, and what is listed still breaks it."""
    assert list(language.problems(catalogue())) == []


def test_the_list_of_what_broke_a_rule_only_shrinks():
    """Who mends a text takes it off the list, and lowers this number."""
    assert len(language.known()) == len(set(language.known())) == 49


@pytest.fixture
def project(tmp_path, settings):
    """A project of its own with this page, in which one text is known to break a rule."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "language.md").write_text(language.page().read_text())
    settings.BASE_DIR = tmp_path
    language.known_path().parent.mkdir(parents=True)
    language.known_path().write_text("# why\nwho: Who is late waits.\n")
    return tmp_path


def test_a_problem_names_the_rule_the_reason_and_the_text(project):
    late = entry("Who is late waits.", "Wie te laat is, wacht.")
    assert list(language.problems([late, entry("Course", "Cursus")])) == [
        "docs/language.md, words: cursus* (write: opleiding): 'Course'"
    ]


def test_a_text_that_was_mended_has_to_leave_the_list(project):
    gone = "known.txt, who: no longer broken, take it off the list: 'Who is late waits.'"
    assert list(language.problems([])) == [gone]


def test_a_text_is_known_for_the_rule_that_it_broke_and_for_no_other(project):
    late = entry("Who is late waits.", "Wie te laat is... wacht.")
    assert [problem.split(":")[0] for problem in language.problems([late])] == [
        "docs/language.md, dots"
    ]


def test_without_a_page_nothing_is_held(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    assert list(language.problems([entry("Course", "Cursus")])) == []


def test_the_page_names_each_rule_that_is_held_and_no_other():
    held = language.page().read_text().partition("## What is held\n")[2]
    assert [row[0].strip("`") for row in language.rows(held)] == list(language.RULES)


def test_the_page_says_one_word_for_one_thing():
    """No word is both what to write and what not to write."""
    guide = language.read_guide(language.page())
    for wording in (guide.english, guide.dutch):
        written = {word for words in wording.values() for word in re.split(r"[,;] ", words)}
        assert not [
            (word, other)
            for word in wording
            for other in written
            if language.forbidden(word).fullmatch(other)
        ]


def test_what_stays_to_the_letter_is_in_the_catalogue():
    names = {language.text_of(entry).name for entry in catalogue()}
    letters = language.read_guide(language.page()).letters
    assert len(letters) > 20
    assert [name for name in letters if name not in names] == []


def test_the_guide_is_linked_from_the_front_page():
    front = (settings.BASE_DIR / "README.md").read_text()
    assert "(docs/language.md)" in front
