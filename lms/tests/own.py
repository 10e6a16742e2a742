"""The apps of the product itself, among all that are installed."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.apps import AppConfig, apps
from django.conf import settings


def own_apps() -> list[AppConfig]:
    """Return them, the ground first and the roof last."""
    installed = reversed(list(apps.get_app_configs()))
    return [app for app in installed if Path(app.path).parent == settings.BASE_DIR]


def own_module(app: AppConfig, name: str) -> ModuleType | None:
    """Return a module that an app may have, such as "tests.told"; None where it has none."""
    whole = f"{app.name}.{name}"
    try:
        return import_module(whole)
    except ModuleNotFoundError as missing:
        if missing.name and whole.startswith(missing.name):
            return None
        raise


def own_sources() -> Iterator[Path]:
    """Yield every module of ours that is no test."""
    for app in own_apps():
        found = (path.relative_to(settings.BASE_DIR) for path in Path(app.path).rglob("*.py"))
        yield from (path for path in found if "tests" not in path.parts)
