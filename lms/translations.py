"""The texts in Dutch: compiled without gettext, and checked to be complete.

English is the source, so that only Dutch has a catalogue. While people work side by side, new
texts may lie in locale/nl/parts/*.po; they are read as if they stood in the catalogue.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.conf import settings
from django.core.management import call_command
from django.utils.translation.reloader import translation_file_changed

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")

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


def catalogue_path() -> Path:
    return folder() / "nl" / "LC_MESSAGES" / "django.po"


def read_catalogue() -> polib.POFile:
    """The Dutch catalogue with its parts; a text in a part wins."""
    path = catalogue_path()
    catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile()
    catalogue.metadata = dict(HEADER)
    for part in sorted((folder() / "nl" / "parts").glob("*.po")):
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


def compile_catalogue() -> int:
    """Writes what Django reads, all at once; the number of texts."""
    catalogue = read_catalogue()
    path = catalogue_path().with_suffix(".mo")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    catalogue.save_as_mofile(str(draft))
    draft.replace(path)
    translation_file_changed(None, path)  # this process may have read an older one, or none
    return len(catalogue.translated_entries())


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


def update_catalogue() -> int:
    """Brings the catalogue to the texts of today and takes the parts in; how many lack."""
    catalogue = read_catalogue()
    catalogue.merge(extract())
    for entry in catalogue.obsolete_entries():
        catalogue.remove(entry)
    for entry in catalogue:
        # Line numbers would change with every commit.
        entry.occurrences = sorted({(file, "") for file, _line in entry.occurrences})
    catalogue.sort()
    catalogue_path().parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(catalogue_path()))
    for part in (folder() / "nl" / "parts").glob("*.po"):
        part.unlink()
    return len(catalogue.untranslated_entries()) + len(catalogue.fuzzy_entries())


def problems() -> Iterator[str]:
    """What keeps Dutch from being complete, a line for each text."""
    catalogue = {key(entry): entry for entry in read_catalogue() if not entry.obsolete}
    for text in extract():
        place = text.occurrences[0][0] if text.occurrences else "?"
        if problem := problem_of(text, catalogue.get(key(text))):
            yield f"{place}: {problem}: {text.msgid!r}"


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
