"""Keeping a register by keyboard alone, from the home page to the last participant."""

from dataclasses import dataclass

MOST_TABS = 60  # to reach something on a page; more is not within reach of a keyboard
BOX = "input[name=present]"
FOCUSED = "document.activeElement"
TO_TICK = (  # of each row: somebody who is expected and not ticked yet
    "[...document.querySelectorAll('.register-row')].map((row) =>"
    " !row.hasAttribute('data-away') && !row.querySelector('[name=present]').checked)"
)
HAS_NEXT = "document.querySelector('[name=then]') !== null"


@dataclass
class Kept:
    """What was done: pages that were saved, people who were ticked, keys that were pressed."""

    pages: int = 0
    ticked: int = 0
    failed: int = 0
    keys: int = 0


class Keyboard:
    """Somebody at a window who has no mouse; whatever has the focus is what keys act on."""

    def __init__(self, window) -> None:
        self.window = window
        self.kept = Kept()

    def press(self, key: str) -> None:
        self.window.keyboard.press(key)
        self.kept.keys += 1

    def go(self, selector: str) -> None:
        """Tab to something and press it, which leads to another page."""
        self.reach(selector)
        with self.window.expect_navigation():
            self.press("Enter")

    def reach(self, selector: str) -> None:
        """Tab until this has the focus."""
        for _ in range(MOST_TABS):
            if self.window.evaluate(f"{FOCUSED}.matches({selector!r})"):
                return
            self.press("Tab")
        raise LookupError(f"{selector} is not within {MOST_TABS} tabs on {self.window.url}")

    def open_register(self) -> None:
        """Follow the teachers' guide: the blue tile, the gear, the participants."""
        self.window.goto("/")
        self.go(".tile-primary")
        self.reach(".gear summary")
        self.press("Enter")
        self.go(".gear a[href*=participants]")

    def keep(self) -> Kept:
        """Tick everybody who is expected, let the first of each page fail, and save page after
        page; answer yes to what is asked."""
        while True:
            self._fill()
            has_next = self.window.evaluate(HAS_NEXT)
            self.press("End")
            self.go("[name=then]" if has_next else "[name=continue]")
            if "/question/" in self.window.url:
                self.go("form[action$='/save/'] [type=submit]")
            self.kept.pages += 1
            if not has_next:
                return self.kept

    def _fill(self) -> None:
        """Go down the page, row by row."""
        self.reach(BOX)
        to_tick = self.window.evaluate(TO_TICK)
        first = to_tick.index(True) if any(to_tick) else None
        for row, is_open in enumerate(to_tick):
            if row:
                self.press("ArrowDown")
            if is_open:
                self.press("Space")
                self.kept.ticked += 1
            if row == first:
                self._fail()

    def _fail(self) -> None:
        """Choose 'not passed' by its letter, twice where something else begins with it."""
        value = f"{FOCUSED}.closest('.register-row').querySelector('[name^=status-]').value"
        for _ in range(2):
            self.press("n")
            if self.window.evaluate(value) == "not_passed":
                self.kept.failed += 1
                return
