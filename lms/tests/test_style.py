"""The style sheets as a whole: nothing forgotten, nothing shouted, text that can be read."""

import re
from itertools import product
from pathlib import Path

import pytest

CSS = Path("static/css")
LIGHT, DARK = re.split(r"@media screen", (CSS / "tokens.css").read_text())

SURFACES = ("ground", "card", "raised")
WORDS = ("ink", "soft", "action-ink", "good-ink", "waits-ink", "late-ink")
ON_THEIR_OWN = (
    ("action-ink", "action-soft"),
    ("good-ink", "good-soft"),
    ("waits-ink", "waits-soft"),
    ("late-ink", "late-soft"),
    ("ink", "action-soft"),
    ("on-action", "action"),
    ("on-action-soft", "action"),
)


def colour(theme: str, name: str) -> tuple[float, ...]:
    """Return a token's red, green and blue, 0 to 1."""
    found = re.search(rf"--{name}: #([0-9a-f]{{3,6}});", theme)
    assert found, name
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    return tuple(int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))


def luminance(rgb: tuple[float, ...]) -> float:
    """Return the relative luminance, as WCAG 2 defines it."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(theme: str, one: str, other: str) -> float:
    low, high = sorted(luminance(colour(theme, name)) for name in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("words", "surface"), [*product(WORDS, SURFACES), *ON_THEIR_OWN])
def test_text_reaches_seven_to_one(theme, words, surface):
    assert contrast(theme, words, surface) >= 7


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("sign", ["edge", "action", "good", "waits", "late", "focus"])
def test_edges_and_icons_reach_three_to_one(theme, sign, surface):
    assert contrast(theme, sign, surface) >= 3


def test_every_component_is_worn():
    listed = re.findall(r'@import url\("(.+?)"\)', (CSS / "site.css").read_text())
    assert sorted(name for name in listed if name.startswith("components/")) == sorted(
        str(path.relative_to(CSS)) for path in (CSS / "components").rglob("*.css")
    )
    assert all((CSS / name).exists() for name in listed)


@pytest.mark.parametrize("path", sorted(CSS.rglob("*.css")), ids=lambda path: path.name)
def test_nothing_is_shouted_and_sides_follow_the_writing(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    assert "!important" not in text
    assert not re.search(r"(margin|padding|border)-(left|right|top|bottom)\b", text)
