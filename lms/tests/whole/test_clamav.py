"""The same with ClamAV itself, which knows EICAR's test file and what a test adds."""

import pytest
from django.core.files.base import ContentFile

from learners.files import scanner, scanning
from learners.models import ScanState, WhyNotScanned
from learners.tests.clamd import EICAR, FOUND
from learners.tests.offered.test_file_uses import a_file
from lms.bootstrap.clamd import program
from lms.tests import clamav

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not program(), reason="no ClamAV here: `make develop` fetches it"),
]
LINE = b"a line of text\n"
MEGABYTE = LINE * 70_000


@pytest.fixture(scope="module")
def address():
    """Where it answers."""
    with clamav.running() as address:
        yield address


@pytest.fixture(autouse=True)
def daemon(address, settings):
    settings.CLAMAV_URL = address


def scanned(content):
    stored = a_file("a.txt", content)
    scanning.scan(stored)
    stored.refresh_from_db()
    return stored.scan_state, stored.scan_said


def test_it_is_well():
    assert scanner.ask().startswith("ClamAV ")
    scanner.check()


def test_what_is_clean_and_what_is_harmful_is_told_apart():
    assert scanned(LINE) == (ScanState.CLEAN, "")
    assert scanned(LINE + EICAR) == (ScanState.INFECTED, f"{FOUND}.UNOFFICIAL")


def test_what_it_does_not_look_into_for_its_size_is_not_called_clean():
    assert scanned_large(MEGABYTE * 2 + EICAR) == (ScanState.NOT_SCANNED, WhyNotScanned.TOO_LARGE)


def test_what_it_does_not_take_for_its_size_is_not_scanned():
    state, said = scanned_large(MEGABYTE * 8)
    assert state == ScanState.NOT_SCANNED
    assert said in (WhyNotScanned.TOO_LARGE, WhyNotScanned.BROKEN_OFF)


def scanned_large(content):
    """Scan what is larger than tests otherwise store."""
    stored = a_file("a.txt", LINE)
    stored.content.storage.delete(stored.content.name)
    stored.content.storage.save(stored.content.name, ContentFile(content))
    scanning.scan(stored)
    stored.refresh_from_db()
    return stored.scan_state, stored.scan_said
