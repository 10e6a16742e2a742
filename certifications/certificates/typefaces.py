"""Which letters a certificate is set in: Inter, Vazirmatn for Arabic, and for other scripts Noto.

Each file of a typeface holds some characters only, and is taken up when a text first needs it.
Inter comes as one file for each weight, which is quicker than a variable font: that has to be fixed
at a weight in every document. Vazirmatn has a glyph for each Arabic letter; Noto draws letters and
their dots apart, from which who copies a name from the file gets another one.
"""

import json
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings

WEIGHTS = ("400", "700")
VARIABLE_WEIGHT = ("wght",)
IN_WEIGHTS = frozenset({"inter", "vazirmatn"})
BASE = "inter/latin"
EUROPEAN = ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext", "greek", "greek-ext")
# In the order in which they are asked for a character.
TYPEFACES = (
    "inter",
    "vazirmatn",
    "noto-sans-hebrew",
    "noto-sans-devanagari",
    "noto-sans-bengali",
    "noto-sans-tamil",
    "noto-sans-thai",
    "noto-sans-armenian",
    "noto-sans-georgian",
    "noto-sans-ethiopic",
    "noto-emoji",
    "noto-sans-kr",
    "noto-sans-sc",
)


def are_there() -> bool:
    """Whether set-up brought them."""
    return all((folder(typeface) / "unicode.json").exists() for typeface in TYPEFACES)


def needed_for(*texts: str) -> list[str]:
    """Return the families that these texts need besides the first, in order: 'inter/latin-ext'."""
    found = {_family_of(letter) for text in texts for letter in text}
    return sorted(found - {"", BASE})


def css_name(family: str) -> str:
    """Return how style sheets and PDF name a family: a slash would end its name there."""
    return family.replace("/", "-")


def folder(typeface: str) -> Path:
    """Return where a typeface is after set-up."""
    kind = "@fontsource" if typeface in IN_WEIGHTS else "@fontsource-variable"
    return Path(settings.BASE_DIR) / "node_modules" / kind / typeface


def files(family: str) -> dict[str, Path]:
    """Return the files of a family by weight: '400' and '700', or 'wght' for all in one."""
    typeface, subset = family.split("/")
    weights = WEIGHTS if typeface in IN_WEIGHTS else VARIABLE_WEIGHT
    place = folder(typeface) / "files"
    return {weight: place / f"{typeface}-{subset}-{weight}-normal.woff2" for weight in weights}


@lru_cache(maxsize=20_000)
def _family_of(letter: str) -> str:
    """Return the first family that has this character; '' where none has it."""
    code = ord(letter)
    for family, ranges in _ranges().items():
        if any(first <= code <= last for first, last in ranges):
            return family
    return ""


@cache
def _ranges() -> dict[str, list[tuple[int, int]]]:
    """Read which characters each family has. What is European comes from Inter alone."""
    found: dict[str, list[tuple[int, int]]] = {}
    for typeface in TYPEFACES:
        subsets = json.loads((folder(typeface) / "unicode.json").read_text())
        for name, ranges in sorted(subsets.items(), key=lambda item: _rank(item[0])):
            family = f"{typeface}/{name.strip('[]')}"
            is_wanted = typeface == "inter" or _rank(name) == len(EUROPEAN)
            if is_wanted and all(path.exists() for path in files(family).values()):
                found[family] = list(_parsed(ranges))
    return found


def _rank(subset: str) -> int:
    return EUROPEAN.index(subset) if subset in EUROPEAN else len(EUROPEAN)


def _parsed(ranges: str) -> Iterator[tuple[int, int]]:
    for part in ranges.upper().split(","):
        first, _dash, last = part.strip().removeprefix("U+").partition("-")
        yield int(first, 16), int(last or first, 16)
