"""Everything that is installed is pinned by its hash."""

import json
import shutil
from pathlib import Path

import pytest

from lms.bootstrap import audit, locks

ROOT = Path(__file__).resolve().parents[3]
FILES = (
    *("pyproject.toml", "requirements.txt", "requirements-dev.txt"),
    *("package.json", "package-lock.json"),
)


@pytest.fixture
def copy(tmp_path):
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def change(path, before, after):
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def test_every_package_is_pinned_with_a_hash():
    assert list(locks.complaints(ROOT)) == []


def test_a_package_that_is_asked_for_and_not_locked_is_told(copy):
    change(copy / "pyproject.toml", '"boto3>=1.40"', '"boto3>=1.40", "not-locked-yet>=1"')
    assert "requirements.txt: not-locked-yet is missing; make lock" in locks.complaints(copy)


def test_a_package_without_a_hash_is_told(copy):
    lock = copy / "requirements.txt"
    lock.write_text(f"{lock.read_text()}\nsneaked-in==1.0\nloose>=2\n")
    found = list(locks.complaints(copy))
    assert "requirements.txt: sneaked-in has no hash" in found
    assert "requirements.txt: loose>=2 is not pinned to one version" in found


def test_a_front_end_library_without_a_hash_is_told(copy):
    lock = copy / "package-lock.json"
    content = json.loads(lock.read_text())
    name = next(path for path in content["packages"] if path)
    del content["packages"][name]["integrity"]
    lock.write_text(json.dumps(content))
    assert f"package-lock.json: {name} has no hash" in locks.complaints(copy)


@pytest.mark.parametrize(
    ("script", "answer", "words"),
    [
        ("exit 0", audit.FINE, "nothing known"),
        ("echo 'Found 2 known vulnerabilities'; exit 1", audit.KNOWN, "something is known"),
        ("echo 'ConnectionError: cannot connect' >&2; exit 1", audit.UNASKED, "NOT ASKED"),
    ],
)
def test_nobody_asked_is_not_the_same_as_nothing_known(capsys, script, answer, words):
    assert audit.ask("a lock", ["sh", "-c", script]) == answer
    assert words in capsys.readouterr().out


def test_a_tool_that_is_not_there_is_told(capsys):
    assert audit.ask("a lock", ["no-such-tool"]) == audit.UNASKED
