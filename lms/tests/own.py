"""The apps of the product itself, among all that are installed."""

from collections.abc import Iterator
from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings


def own_apps() -> list[AppConfig]:
    """Return them, the ground first and the roof last."""
    installed = reversed(list(apps.get_app_configs()))
    return [app for app in installed if Path(app.path).parent == settings.BASE_DIR]


def own_sources() -> Iterator[Path]:
    """Yield every module of ours that is no test."""
    for app in own_apps():
        found = (path.relative_to(settings.BASE_DIR) for path in Path(app.path).rglob("*.py"))
        yield from (path for path in found if "tests" not in path.parts)
