"""Windows of people on the live server, in the system's own Chromium."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from learners.models import User

DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE = 30_000  # milliseconds for what a busy machine does at its leisure


class OpenWindow(Protocol):
    def __call__(
        self,
        who: User | None = None,
        size: ViewportSize = DESK,
        *,
        scripts: bool = True,
        **options: Any,
    ) -> Page: ...


@contextmanager
def opening(browser: Browser, url: str) -> Iterator[OpenWindow]:
    """Lend what opens a window, in Dutch, in which this person is signed in, or nobody.

    Further options are Playwright's of a context. In the end all are closed, and an error in a
    script of any of them fails the test.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def opened(
        who: User | None = None, size: ViewportSize = DESK, *, scripts: bool = True, **options: Any
    ) -> Page:
        context = browser.new_context(
            base_url=url, locale="nl-NL", viewport=size, java_script_enabled=scripts, **options
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        if who is not None:
            sign_in(context, url, who)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert errors == [], errors


def sign_in(context: BrowserContext, url: str, who: User) -> None:
    """Put a session of this person into the browser, in place of whoever was signed in."""
    client = Client()
    client.force_login(who)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
