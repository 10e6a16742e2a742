"""What of docs/language.md can be held: each rule by its name, and the texts that break it.

The words table of the page, and its texts that stay to the letter, are read from the page itself,
so that what a writer reads is what is held. What broke a rule when it came stands in a list that
only shrinks: locale/nl/known.txt.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polib
from django.conf import settings

SHORT = 5  # words on a button
# Whose words are those of the sheet of teachers.
SHEET = "templates/attendance/register/_status_help.html"

TAG = re.compile(r"=([\"']).*?\1")  # the attributes of markup
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
WORD = re.compile(r"`([^`]+)`")
BUTTON = re.compile(
    r"<button\b.*?</button>|<a\b[^>]*\bclass=\"[^\"]*\b(?:btn|button)\b.*?</a>"
    r"|<input\b[^>]*\btype=\"submit\".*?>|{%\s*button\b.*?{%\s*endbutton\s*%}",
    re.DOTALL,
)
MARKED = re.compile(
    r"{%\s*translate\s+([\"'])(?P<text>.*?)\1"
    r"|{%\s*blocktranslate\b.*?%}(?P<block>.*?){%\s*(?:plural|endblocktranslate)\b",
    re.DOTALL,
)
VALUE = re.compile(r"{{\s*(\w+)[^}]*}}")

Wording = dict[str, str]  # what not to write, and what instead


@dataclass(frozen=True)
class Guide:
    """What the page says by its tables."""

    english: Wording
    dutch: Wording
    letters: dict[str, str]  # a text that stays to the letter, and its Dutch


@dataclass(frozen=True)
class Text:
    """A text in both languages, each with its plural."""

    english: tuple[str, ...]  # nothing where Django wrote it
    dutch: tuple[str, ...]
    name: str  # the source, with its context where it has one
    has_plural: bool = False
    is_button: bool = False
    is_of_sheet: bool = False

    @property
    def both(self) -> tuple[str, ...]:
        return self.english + self.dutch


def page() -> Path:
    return Path(settings.BASE_DIR) / "docs" / "language.md"


def known_path() -> Path:
    return Path(settings.BASE_DIR) / "locale" / "nl" / "known.txt"


@cache
def read_guide(path: Path) -> Guide:
    """Read the tables of the page that are held."""
    sections = re.split(r"^## ", path.read_text(), flags=re.MULTILINE)
    tables = {part.partition("\n")[0]: list(rows(part)) for part in sections}
    english: Wording = {}
    dutch: Wording = {}
    for ours, not_english, theirs, not_dutch, *_where in tables["Words"]:
        english |= dict.fromkeys(WORD.findall(not_english), ours)
        dutch |= dict.fromkeys(WORD.findall(not_dutch), theirs)
    letters = {source: translation for source, translation, *_ in tables["To the letter"]}
    return Guide(english, dutch, letters)


def rows(section: str) -> Iterator[list[str]]:
    """The rows of the tables in a section, without their heads."""
    lines = [line for line in section.splitlines() if line.startswith("|")]
    head = next((n for n, line in enumerate(lines) if line.startswith("|--")), 0)
    for line in lines[head + 1 :]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def forbidden(word: str) -> re.Pattern[str]:
    """The pattern of a word that is not written; a star stands for any ending."""
    pattern = re.escape(word).replace(r"\*", r"\w*")
    return re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE)


def text_of(entry: polib.POEntry, buttons: Iterable[str] = ()) -> Text:
    """A text of the catalogue."""
    files = [file for file, _line in entry.occurrences]
    is_ours = not files or any("/" in file for file in files)  # a library goes by its name
    source = (entry.msgid, entry.msgid_plural) if entry.msgid_plural else (entry.msgid,)
    return Text(
        english=source if is_ours else (),
        dutch=tuple(entry.msgstr_plural.values()) or (entry.msgstr,),
        name=f"{entry.msgid} ({entry.msgctxt})" if entry.msgctxt else entry.msgid,
        has_plural=bool(entry.msgid_plural),
        is_button=entry.msgid in buttons,
        is_of_sheet=files == [SHEET],
    )


def found(pattern: str, texts: Iterable[str], *, flags: int = 0) -> Iterator[str]:
    """What a pattern finds in texts, apart from attributes of markup."""
    for text in texts:
        yield from (match[0] for match in re.finditer(pattern, TAG.sub("", text), flags))


def formal(text: Text) -> Iterator[str]:
    yield from found(r"\b[Uu]w?\b", text.dutch)


def kunt(text: Text) -> Iterator[str]:
    yield from found(r"\b[Jj]e (?:kan|wil|zal)\b", text.dutch)
    yield from found(r"\b[Kk]an je(?= (?:ze|het|dit|dat|niets|niet|er|hier)\b)", text.dutch)


def words(text: Text) -> Iterator[str]:
    guide = read_guide(page())
    if text.is_of_sheet or text.name in guide.letters:
        return
    for texts, wording in ((text.english, guide.english), (text.dutch, guide.dutch)):
        for word, instead in wording.items():
            if any(forbidden(word).search(said) for said in texts):
                yield f"{word} (write: {instead})"


def letter(text: Text) -> Iterator[str]:
    wanted = read_guide(page()).letters.get(text.name)
    if wanted and text.dutch != (wanted,):
        yield wanted


def cancelled(text: Text) -> Iterator[str]:
    for said in text.dutch:
        for sentence in re.split(r"[.;]", said):
            if not re.search(r"uitvoering|inschrijving|opleiding", sentence):
                yield from found(r"bijeenkomst.*(?:annul\w+)", [sentence], flags=re.IGNORECASE)


def days(text: Text) -> Iterator[str]:
    day = r"%\((?:day|due|until|grace|date)\w*\)s"
    yield from found(rf"(?<!\w)(?:tot|v[oó][oó]r) {day}", text.dutch)


def quotes(text: Text) -> Iterator[str]:
    yield from found(r"['\"‘„]", text.english)
    yield from found(r"['\"“”„]", text.dutch)


def dots(text: Text) -> Iterator[str]:
    yield from found(r"\.\.+", text.both)


def dashes(text: Text) -> Iterator[str]:
    yield from found(r"\w [-–] \w|—", text.both)


def spaces(text: Text) -> Iterator[str]:
    yield from found(r" {2,}| [,;:.!?](?!\S)", text.both)


def calm(text: Text) -> Iterator[str]:
    yield from found(r"!", text.both)


def here(text: Text) -> Iterator[str]:
    yield from found(r"\b(?:klik|click) (?:hier|here)\b", text.both, flags=re.IGNORECASE)


def ends(text: Text) -> Iterator[str]:
    """The marks of one language at the end that the other has not."""
    marks = [
        {match[0] for said in said_in if (match := re.search(r"[.?:…,]$|$", said.strip()))}
        for said_in in (text.english, text.dutch)
    ]
    if text.english and marks[0] != marks[1]:
        yield " ".join(f"‘{mark}’" for mark in sorted(marks[0] ^ marks[1]))


def capitals(text: Text) -> Iterator[str]:
    """The first word, where it has a capital in one language only."""
    first = [said[0][:1] for said in (text.english, text.dutch) if said and said[0][:1].isalpha()]
    if len({letter.isupper() for letter in first}) > 1:
        yield text.dutch[0].split()[0]


def counts(text: Text) -> Iterator[str]:
    """Numbers before a plural, where nobody asks whether it is one."""
    number = r"(?:%\(\w+\)d|%\((?:n|count|counter|number|total|days|minutes|seconds|left)\)s)"
    if not text.has_plural:
        yield from found(rf"{number} (?!is\b|was\b|has\b|ends\b)(?:[a-z]+s|people)\b", text.english)


def button(text: Text) -> Iterator[str]:
    for said in text.both if text.is_button else ():
        if len(PLACE.sub("", said).split()) > SHORT or said.endswith("."):
            yield said


def who(text: Text) -> Iterator[str]:
    yield from found(r"^Who \w+(?=.*\.$)", text.english[:1])


RULES: dict[str, Callable[[Text], Iterator[str]]] = {
    rule.__name__: rule
    for rule in (
        formal,
        kunt,
        words,
        letter,
        cancelled,
        days,
        quotes,
        dots,
        dashes,
        spaces,
        calm,
        here,
        ends,
        capitals,
        counts,
        button,
        who,
    )
}


def broken(text: Text) -> Iterator[tuple[str, str]]:
    """The rules that a text breaks, each with by what."""
    for name, rule in RULES.items():
        if what := list(rule(text)):
            yield name, ", ".join(what)


def buttons(folder: Path) -> set[str]:
    """The texts of buttons, and of links that look like buttons, in templates."""
    said = set()
    for path in [*folder.rglob("*.html"), *folder.rglob("*.txt")]:
        for part in BUTTON.findall(path.read_text()):
            for match in MARKED.finditer(part):
                words = " ".join((match["text"] or match["block"]).split())
                said.add(VALUE.sub(r"%(\1)s", words))
    return said


def known() -> list[tuple[str, str]]:
    """The rules that a text broke when they came, each with the text; the list only shrinks."""
    if not known_path().exists():
        return []
    lines = [line for line in known_path().read_text().splitlines() if line[:1] not in ("", "#")]
    return [(rule, text) for rule, _, text in (line.partition(": ") for line in lines)]


def problems(entries: Iterable[polib.POEntry]) -> Iterator[str]:
    """What breaks a rule of the page and is not known; what is known and breaks it no longer."""
    if not page().exists():
        return
    ours = buttons(Path(settings.BASE_DIR) / "templates")
    left = set(known())
    for text in (text_of(entry, ours) for entry in entries if not entry.obsolete):
        for rule, what in broken(text):
            if (rule, text.name) in left:
                left.discard((rule, text.name))
            else:
                yield f"docs/language.md, {rule}: {what}: {text.name!r}"
    for rule, name in sorted(left):
        yield f"{known_path().name}, {rule}: no longer broken, take it off the list: {name!r}"
