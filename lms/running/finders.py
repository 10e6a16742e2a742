"""Serves the few files of the front-end libraries that pages use, as static/vendor/<package>/…"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

PREFIX = "vendor"

# Whole `dist` folders would break the manifest; the maps are here because the files name them.
FILES = (
    "@fontsource-variable/inter/files/inter-latin-ext-wght-italic.woff2",
    "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
    "@fontsource-variable/inter/files/inter-vietnamese-wght-normal.woff2",
    "@fontsource-variable/inter/files/inter-latin-wght-italic.woff2",
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "bootstrap-icons/font/bootstrap-icons.min.css",
    "bootstrap-icons/font/fonts/bootstrap-icons.woff",
    "bootstrap-icons/font/fonts/bootstrap-icons.woff2",
    "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap/dist/css/bootstrap.min.css.map",
    "bootstrap/dist/js/bootstrap.bundle.min.js",
    "bootstrap/dist/js/bootstrap.bundle.min.js.map",
    "htmx.org/dist/htmx.min.js",
    "js-sha256/build/sha256.min.mjs",
    "mediabunny/dist/bundles/mediabunny.min.mjs",
    "tus-js-client/dist/tus.min.js",
    "tus-js-client/dist/tus.min.js.map",
)


class NodeModulesFinder(BaseFinder):
    """Finds the files of the white list in node_modules, and nothing else there."""

    def __init__(self, root: Path | None = None) -> None:
        self.storage = FileSystemStorage(location=root or settings.BASE_DIR / "node_modules")
        self.storage.prefix = PREFIX  # type: ignore[attr-defined]  # collectstatic reads it

    def check(self, **kwargs: Any) -> list:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The path of a file, or with `find_all` a list of it; an empty list for any other."""
        name = path.removeprefix(f"{PREFIX}/")
        wanted = name != path and name in FILES and self.storage.exists(name)
        if not wanted:
            return []
        found = self.storage.path(name)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        # A missing file fails collectstatic by its name: better than a page without style.
        return ((name, self.storage) for name in FILES)
