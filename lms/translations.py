"""The texts in Dutch: compiled without gettext, and checked to be complete and well worded.

English is the source, so that only Dutch has a catalogue. While people work side by side, new
texts may lie in locale/nl/parts/*.po; they are read as if they stood in the catalogue.

A catalogue may also say in our Dutch what Django says: django.po what its pages say, djangojs.po
what the scripts of its administration say. Django's own Dutch addresses people as 'u'; ours does
not, and what it left in English we translate.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import django
import polib
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.utils.translation.reloader import translation_file_changed

from lms import language

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")

FORMAL = re.compile(r"\b[Uu]w?\b")  # 'u' and 'uw'
PAGES, SCRIPTS = "django", "djangojs"
SEEN = ("django.contrib.admin", "django.contrib.auth")  # whose words people read here

HEADER = {
    "Project-Id-Version": "Mijlpaal",
    "Language": "nl",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def folder() -> Path:
    return Path(settings.BASE_DIR) / "locale"


def catalogue_path(domain: str = PAGES) -> Path:
    return folder() / "nl" / "LC_MESSAGES" / f"{domain}.po"


def read_catalogue(domain: str = PAGES) -> polib.POFile:
    """The Dutch catalogue, that of the pages with its parts; a text in a part wins."""
    path = catalogue_path(domain)
    catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile()
    catalogue.metadata = dict(HEADER)
    for part in sorted((folder() / "nl" / "parts").glob("*.po")) if domain == PAGES else ():
        merge(catalogue, polib.pofile(str(part)))
    return catalogue


def merge(catalogue: polib.POFile, part: polib.POFile) -> None:
    """Adds the texts of a part, or gives their translations to texts that are there already."""
    known = {key(entry): entry for entry in catalogue}
    for entry in part:
        if entry.msgid and (entry.translated() or key(entry) not in known):
            if key(entry) in known:
                catalogue.remove(known[key(entry)])
            catalogue.append(entry)
            known[key(entry)] = entry


def key(entry: polib.POEntry) -> tuple[str | None, str]:
    return entry.msgctxt, entry.msgid


def compile_catalogue(domain: str = PAGES) -> int:
    """Writes what Django reads, all at once; the number of texts."""
    catalogue = read_catalogue(domain)
    path = catalogue_path(domain).with_suffix(".mo")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    catalogue.save_as_mofile(str(draft))
    draft.replace(path)
    translation_file_changed(None, path)  # this process may have read an older one, or none
    return len(catalogue.translated_entries())


def compile_catalogues() -> int:
    """Writes all that Django reads; the number of texts."""
    return sum(map(compile_catalogue, (PAGES, SCRIPTS)))


def extract() -> polib.POFile:
    """Every text that code and templates mark, as makemessages finds them; needs gettext."""
    draft = folder() / "django.pot"
    ignored = ["node_modules/*", ".venv/*", "var/*", "benchmarks/*", "*/tests/*", "conftest.py"]
    # To leave out the only language makes the template of all texts and nothing more.
    call_command(
        "makemessages", exclude=["nl"], keep_pot=True, ignore_patterns=ignored, verbosity=0
    )
    try:
        return polib.pofile(str(draft))
    finally:
        draft.unlink()


def update_catalogue(domain: str = PAGES) -> int:
    """Brings the catalogue to the texts of today and takes the parts in; how many lack."""
    catalogue = read_catalogue(domain)
    catalogue.merge(extract() if domain == PAGES else polib.POFile())
    libraries = texts_of_libraries(domain)
    for entry in catalogue.obsolete_entries():
        if key(entry) in libraries:
            entry.obsolete = False
            entry.occurrences = [(libraries[key(entry)], "")]
        else:
            catalogue.remove(entry)
    for entry in catalogue:
        # Line numbers would change with every commit.
        entry.occurrences = sorted({(file, "") for file, _line in entry.occurrences})
    catalogue.sort()
    catalogue_path(domain).parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(catalogue_path(domain)))
    if domain == PAGES:
        for part in (folder() / "nl" / "parts").glob("*.po"):
            part.unlink()
    return len(catalogue.untranslated_entries()) + len(catalogue.fuzzy_entries())


def texts_of_libraries(domain: str) -> dict[tuple[str | None, str], str]:
    """What the installed libraries say, each with the name of the one that says it."""
    said: dict[tuple[str | None, str], str] = {}
    folders = {app.name: Path(app.path) for app in apps.get_app_configs()}
    for name, place in {**folders, "django": Path(django.__file__).parent / "conf"}.items():
        catalogues = (
            place / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
            for language in ("en", "de")  # whose catalogue names them all, translated or not
        )
        if path := next((path for path in catalogues if path.exists()), None):
            said |= {key(entry): name for entry in polib.pofile(str(path))}
    return said


def problems() -> Iterator[str]:
    """What keeps Dutch from being complete, or a text from being well worded, a line for each."""
    catalogue = {key(entry): entry for entry in read_catalogue() if not entry.obsolete}
    for text in extract():
        place = text.occurrences[0][0] if text.occurrences else "?"
        if problem := problem_of(text, catalogue.get(key(text))):
            yield f"{place}: {problem}: {text.msgid!r}"
    for domain in (PAGES, SCRIPTS):
        yield from problems_of_django(domain)
    yield from language.problems([*read_catalogue(PAGES), *read_catalogue(SCRIPTS)])


def problems_of_django(domain: str) -> Iterator[str]:
    """What Django would say in English, or to a 'u', while we do not say it better."""
    ours = {key(entry): entry for entry in read_catalogue(domain) if not entry.obsolete}
    for app in (apps.get_app_config(name.rpartition(".")[2]) for name in SEEN):
        english, dutch = (
            Path(app.path) / "locale" / language / "LC_MESSAGES" / f"{domain}.po"
            for language in ("en", "nl")
        )
        theirs = {key(entry): entry for entry in polib.pofile(str(dutch))} if dutch.exists() else {}
        for text in polib.pofile(str(english)) if english.exists() else ():
            if key(text) in ours:
                problem = problem_of(text, ours[key(text)])
            else:
                problem = problem_of_django(theirs.get(key(text)))
            if problem:
                yield f"{app.name}: {problem}: {text.msgid!r}"


def problem_of_django(entry: polib.POEntry | None) -> str | None:
    """What is amiss with Django's own translation of one of its texts."""
    if entry is None or not entry.translated():
        return "not translated"
    translations = entry.msgstr_plural.values() or [entry.msgstr]
    return "says 'u'" if any(map(FORMAL.search, translations)) else None


def problem_of(text: polib.POEntry, entry: polib.POEntry | None) -> str | None:
    """What is amiss with the translation of one text."""
    if entry is None:
        return "not translated"
    if entry.fuzzy:
        return "doubtful (fuzzy)"
    if not entry.translated() or bool(text.msgid_plural) != bool(entry.msgid_plural):
        return "not translated, or not in its plural"
    wanted = names(text.msgid_plural or text.msgid)
    for translation in entry.msgstr_plural.values() or [entry.msgstr]:
        # A singular may leave its number out ("één deelnemer"); nothing may be added.
        if names(translation) - wanted or (not text.msgid_plural and wanted != names(translation)):
            return "other names between the brackets"
    return None


def names(text: str) -> set[str]:
    """The names that a value takes the place of."""
    return set(PLACEHOLDER.findall(text))
