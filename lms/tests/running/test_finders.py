from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from lms.running.finders import FILES, NodeModulesFinder


def test_every_listed_file_is_there():
    root = Path(settings.BASE_DIR) / "node_modules"
    assert [name for name in FILES if not (root / name).is_file()] == []


def test_a_listed_file_is_found_under_vendor():
    name = "bootstrap/dist/css/bootstrap.min.css"
    assert finders.find(f"vendor/{name}") == str(settings.BASE_DIR / "node_modules" / name)
    assert finders.find(f"vendor/{name}", find_all=True) == [finders.find(f"vendor/{name}")]


@pytest.mark.parametrize(
    "path",
    [
        "bootstrap/dist/css/bootstrap.min.css",
        "vendor/bootstrap/package.json",
        "vendor/../pyproject.toml",
        "vendor/",
    ],
)
def test_nothing_else_is_found(path):
    assert NodeModulesFinder().find(path) == []


def test_collecting_takes_each_listed_file_once():
    listed = [(name, storage.prefix) for name, storage in NodeModulesFinder().list(None)]
    assert listed == [(name, "vendor") for name in FILES]


def test_a_missing_library_is_not_found(tmp_path):
    assert NodeModulesFinder(tmp_path).find(f"vendor/{FILES[0]}") == []
