import io

import pytest
from django.core.management import call_command

from lms import translations
from lms.running import static_files


@pytest.fixture
def prepared(db, settings, tmp_path):
    """Runs the command without the demo; returns what it did."""
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    settings.DEMO = False

    def run() -> list[str]:
        out = io.StringIO()
        call_command("prepare", stdout=out)
        return [line.split(" …")[0].strip() for line in out.getvalue().splitlines()]

    return run


def test_what_is_done_already_is_not_done_again(prepared):
    assert prepared() == ["Database", "Texts in Dutch", "Static files"]
    assert static_files.are_stale() is False
    assert translations.catalogue_path().with_suffix(".mo").exists()
    assert prepared() == ["Database", "Texts in Dutch"]


def test_no_demo_is_loaded_where_none_is_asked_for(prepared):
    assert "Demo" not in prepared()
