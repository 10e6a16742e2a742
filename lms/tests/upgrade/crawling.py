"""Finding the pages that somebody can get to: by every link, one of each kind of page."""

import re
from collections import deque
from html import unescape
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

LINK = re.compile(r'\shref="([^"#]+)')
PASSED_OVER = ("/static/", "/language/", "/accounts/logout/")


def pages_of(client: Client, *starts: str) -> list[str]:
    """Return the addresses that answer with a page or a file, as far as links lead."""
    waiting, seen, found = deque(starts), set(starts), []
    kinds: set[tuple[str, bool]] = set()
    while waiting:
        address = waiting.popleft()
        kind = _kind(address)
        if kind is None or kind in kinds:
            continue
        response = client.get(address)
        if response.status_code >= 500:
            print(f"  broken: {address}")
        if response.status_code != 200:
            continue
        kinds.add(kind)
        found.append(address)
        for link in links_in(address, response):
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    return found


def links_in(address: str, response) -> list[str]:  # type: ignore[no-untyped-def]
    """Return the addresses of our own to which a page links."""
    if response.streaming or not response.headers["Content-Type"].startswith("text/html"):
        return []
    links = (urljoin(address, unescape(link)) for link in LINK.findall(response.text))
    return [link for link in links if link.startswith("/") and not link.startswith("//")]


def _kind(address: str) -> tuple[str, bool] | None:
    """Return behind which pattern an address is and whether it asks for more; None for nobody's."""
    parts = urlsplit(address)
    if parts.path.startswith(PASSED_OVER):
        return None
    try:
        return resolve(parts.path).route, bool(parts.query)
    except Resolver404:
        return None
