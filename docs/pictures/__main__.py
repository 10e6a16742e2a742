"""Draws the pictures of README and guides, and those that people look at before a release.

`python -m docs.pictures` visits every page of a running demo (`make run`, PORT 8000) as each of the
demo's people: in Dutch and English, at three widths, in light and dark, into var/pictures; then
what only comes from doing something. The few that README and guides show lie beside
this file. `--only home register` visits those alone.
"""

import argparse
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from lms.bootstrap import machine
from lms.tests.pages import PAGES
from lms.tests.walks import WALKS, Stop, Walk

HERE = Path(__file__).parent
PASSWORD = "demo"
WIDTHS = {390: 844, 820: 1180, 1440: 900}
HIGHEST = 4000
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LANGUAGES = ("nl", "en")

# What README and guides show: name of the page, language, width, theme.
SHOWN = (
    ("home", "nl", 1440, "light"),
    ("home", "nl", 390, "light"),
    ("home-teacher", "nl", 1440, "light"),
    ("home-teacher", "nl", 1440, "dark"),
    ("register", "nl", 1440, "light"),
    ("register", "nl", 390, "light"),
    ("register-history", "nl", 1440, "light"),
    ("register-close", "nl", 1440, "light"),
    ("certificate-check", "nl", 1440, "light"),
    ("my-learning", "en", 1440, "light"),
    ("my-certification", "nl", 1440, "light"),
    ("proof", "nl", 1440, "light"),
    ("my-assignments", "en", 1440, "light"),
    ("my-assignment-sent-back", "en", 1440, "light"),
    ("my-exam", "nl", 390, "light"),
    ("my-exam-feedback", "en", 1440, "light"),
    ("exam-preview-page", "en", 1440, "light"),
    ("coach-queue", "nl", 1440, "light"),
    ("coach-review", "nl", 1440, "light"),
    ("coach-progress", "nl", 1440, "light"),
    ("coach-sample", "nl", 1440, "light"),
    ("coach-release", "nl", 1440, "light"),
    ("admin-exam", "nl", 1440, "light"),
)


@dataclass(frozen=True)
class Look:
    """As whom, in which language, how wide and in which theme pages are visited."""

    who: str
    language: str
    width: int
    theme: Literal["light", "dark"]

    def filename(self, name: str) -> str:
        return f"{name}-{self.language}-{self.width}-{self.theme}.png"


Wanted = Callable[[str, Look], bool]


def looks(people: set[str]) -> Iterator[Look]:
    """Yield every way in which pages are looked at."""
    for who in sorted(people):
        for language in LANGUAGES:
            for width in WIDTHS:
                for theme in THEMES:
                    yield Look(who, language, width, theme)


def sign_in(window: Page, who: str) -> None:
    """Sign in as one of the demo's people."""
    window.goto("/accounts/login/")
    window.fill("#id_username", who)
    window.fill("#id_password", PASSWORD)
    window.locator("#id_password").press("Enter")
    window.wait_for_load_state()


def speak(window: Page, language: str) -> None:
    """Choose the language, with the buttons that every page has."""
    with window.expect_navigation():
        window.locator(f"form.languages button[value={language}]").first.dispatch_event("click")


def whole(window: Page, look: Look) -> None:
    """Make the window as high as its page, so that what sticks to an edge is where it belongs."""
    height = window.evaluate("document.documentElement.scrollHeight")
    window.set_viewport_size({"width": look.width, "height": min(height, HIGHEST)})


def shown(name: str, look: Look) -> bool:
    """Whether README or a guide shows this page so."""
    return (name, look.language, look.width, look.theme) in SHOWN


def open_window(browser: Browser, look: Look, url: str) -> Page:
    """Open a window in this look, with somebody signed in."""
    window = browser.new_context(
        base_url=url,
        color_scheme=look.theme,
        viewport={"width": look.width, "height": WIDTHS[look.width]},
    ).new_page()
    if look.who:
        sign_in(window, look.who)
    else:
        window.goto("/accounts/login/")
    speak(window, look.language)
    return window


def shoot(window: Page, look: Look, name: str, folder: Path) -> list[str]:
    """Draw the page that is shown; return whether it scrolls sideways."""
    file = look.filename(name)
    if shown(name, look):
        window.screenshot(path=HERE / file)
    whole(window, look)
    window.screenshot(path=folder / file)
    window.set_viewport_size({"width": look.width, "height": WIDTHS[look.width]})
    too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return [f"{file} scrolls sideways"] if window.evaluate(too_wide) else []


def take(browser: Browser, look: Look, url: str, folder: Path, wanted: Wanted) -> list[str]:
    """Visit every page of one person in one look; return what scrolls sideways."""
    window = open_window(browser, look, url)
    complaints = []
    for page in PAGES:
        if page.who == look.who and wanted(page.name, look):
            page.visit(window)
            complaints += shoot(window, look, page.name, folder)
    window.context.close()
    return complaints


def play(browser: Browser, walk: Walk, url: str, folder: Path, wanted: Wanted) -> list[str]:
    """Walk once, and draw each stop in every look; return what scrolls sideways."""
    windows = {look: open_window(browser, look, url) for look in looks({walk.who})}
    first, other = (
        open_window(browser, Look(who, "nl", 1440, "light"), url) for who in (walk.who, walk.other)
    )
    complaints = []
    for stop in walk.play(first, other):
        for look, window in windows.items():
            if wanted(stop.name, look):
                complaints += _at(window, stop, look, folder)
    for window in (*windows.values(), first, other):
        window.context.close()
    return complaints


def _at(window: Page, stop: Stop, look: Look, folder: Path) -> list[str]:
    window.goto("/")
    speak(window, look.language)  # the language is the person's, whichever window they use
    window.goto(stop.address)
    if stop.press:
        with window.expect_navigation():
            window.locator(stop.press).first.click()
    return shoot(window, look, stop.name, folder)


def draw(url: str, folder: Path, wanted: Wanted) -> list[str]:
    """Draw them all and return what somebody should look into."""
    folder.mkdir(parents=True, exist_ok=True)
    flags = ["--no-sandbox"] if os.getuid() == 0 else []
    complaints = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=machine.browser(), args=flags)
        for look in looks({page.who for page in PAGES}):
            if not any(page.who == look.who and wanted(page.name, look) for page in PAGES):
                continue
            print(f"{look.who or 'a visitor'}: {look.language}, {look.width}, {look.theme}")
            complaints += take(browser, look, url, folder, wanted)
        for walk in WALKS:
            if any(wanted(stop, look) for stop in walk.stops for look in looks({walk.who})):
                print(f"{walk.who}, with {walk.other or 'nobody'}: {', '.join(walk.stops)}")
                complaints += play(browser, walk, url, folder, wanted)
        browser.close()
    return complaints


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--url", default=f"http://localhost:{os.environ.get('PORT', 8000)}")
    parser.add_argument("--folder", type=Path, default=Path("var/pictures"))
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--shown", action="store_true")
    options = parser.parse_args()

    def wanted(name: str, look: Look) -> bool:
        chosen = not options.only or name in options.only
        return chosen and (not options.shown or shown(name, look))

    complaints = draw(options.url, options.folder, wanted)
    print("\n".join(complaints) or f"All pictures are in {options.folder}.")


if __name__ == "__main__":
    main()
