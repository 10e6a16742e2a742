import os

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static

from lms.running import static_files


@pytest.fixture
def style(tmp_path, settings):
    """One style sheet, and folders that are this test's alone."""
    settings.DATA_DIR = tmp_path / "data"
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.DATA_DIR.mkdir()
    (tmp_path / "static").mkdir()
    style = tmp_path / "static" / "style.css"
    style.write_text("a {}")
    finders.get_finder.cache_clear()
    yield style
    finders.get_finder.cache_clear()


def test_nothing_is_collected_twice(style, settings):
    assert static_files.are_stale() is True
    static_files.collect()
    assert static_files.are_stale() is False
    assert (settings.STATIC_ROOT / "style.css").read_text() == "a {}"


def test_a_changed_file_is_collected_again(style):
    static_files.collect()
    os.utime(style, (1, 1))
    assert static_files.are_stale() is True


def test_a_folder_that_is_gone_is_collected_again(style, settings):
    static_files.collect()
    (settings.STATIC_ROOT / "style.css").unlink()
    settings.STATIC_ROOT.rmdir()
    assert static_files.are_stale() is True


def test_modules_that_import_each_other_are_found_by_the_names_that_are_kept(style, settings):
    folder = style.parent / "js"
    folder.mkdir()
    (folder / "page.js").write_text('import { greet } from "./greet.js";\ngreet();\n')
    (folder / "greet.js").write_text("export function greet() {}\n")
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "lms.running.static_storage.StaticStorage"},
    }

    static_files.collect()

    (page,) = settings.STATIC_ROOT.glob("js/page.*.js")
    (greet,) = settings.STATIC_ROOT.glob("js/greet.*.js")
    assert f'from "./{greet.name}"' in page.read_text()


def test_a_file_that_is_missing_breaks_no_page(style, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "lms.running.static_storage.StaticStorage"},
    }
    static_files.collect()

    assert static("missing.css") == "/static/missing.css"
    assert static("style.css") != "/static/style.css"
