"""Files are scanned: clean, infected, or not, and what becomes of what is infected."""

import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from learners.files import scanner as asking
from learners.files import scanning
from learners.files.scanner import ScannerAway
from learners.models import (
    ScanState,
    StoredFile,
    WhyNotScanned,
)
from learners.tests import clamd
from learners.tests.clamd import EICAR, FOUND
from learners.tests.factories import (
    UserFactory,
)
from learners.tests.files.test_keeping import PDF
from learners.tests.offered.test_file_uses import a_file

pytestmark = pytest.mark.django_db
HARMFUL = PDF + EICAR


@pytest.fixture
def nobody(settings):
    """The address of a daemon that is not there."""
    cache.clear()
    with clamd.running() as daemon:
        settings.CLAMAV_URL = daemon.url
    return daemon


def a_harmful_file(**fields):
    return a_file(content=HARMFUL, **fields)


def swept():
    return scanning.scan_waiting(seconds=10)


def scans(*files):
    """Return how files stand, with what was said of them."""
    for stored in files:
        stored.refresh_from_db()
    return [(stored.scan_state, stored.scan_said) for stored in files]


def test_what_waits_is_looked_at_once(scanner):
    clean, harmful = a_file(), a_harmful_file()
    assert swept() == 2
    assert scans(clean, harmful) == [(ScanState.CLEAN, ""), (ScanState.INFECTED, FOUND)]
    assert clean.scanned_at is not None
    assert swept() == 0
    assert sorted(scanner.looked_at) == [len(PDF), len(HARMFUL)]


def test_the_newest_is_looked_at_first(scanner):
    old, _new = a_file(), a_harmful_file()
    StoredFile.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - timedelta(days=1))
    swept()
    assert scanner.looked_at == [len(HARMFUL), len(PDF)]


def test_where_nothing_is_configured_nothing_is_scanned(settings):
    settings.CLAMAV_URL = ""
    stored = a_harmful_file()
    assert swept() == scanning.scan_again(seconds=10) == 0
    with scanning.open_scanned(stored) as content:
        assert content.read() == HARMFUL
    assert scans(stored) == [(ScanState.NOT_SCANNED, "")]


def test_a_scanner_that_is_away_keeps_nobody_waiting_and_is_asked_again(nobody, settings):
    stored = a_harmful_file()
    began = time.monotonic()
    assert swept() == 0
    with scanning.open_scanned(stored) as content:
        assert content.read() == HARMFUL
    assert time.monotonic() - began < asking.QUICK
    assert StoredFile.objects.to_scan().get() == stored
    with clamd.running() as daemon:
        settings.CLAMAV_URL = daemon.url
        assert swept() == 1
    assert scans(stored) == [(ScanState.INFECTED, FOUND)]


def test_a_file_at_which_the_scanner_hangs_up_is_not_scanned_and_tried_in_the_night(scanner):
    stored, other = a_harmful_file(), a_file()
    StoredFile.objects.filter(pk=other.pk).update(uploaded_at=timezone.now() - timedelta(hours=1))
    scanner.answers = ["hang up"]
    assert swept() == 2
    assert scans(stored, other) == [
        (ScanState.NOT_SCANNED, WhyNotScanned.BROKEN_OFF),
        (ScanState.CLEAN, ""),
    ]
    assert not StoredFile.objects.to_scan().exists()
    a_day_later(stored)
    assert scanning.scan_again(seconds=10) == 1
    assert scans(stored) == [(ScanState.INFECTED, FOUND)]


def test_a_scanner_that_dies_of_a_file_leaves_it_for_later(scanner, monkeypatch):
    stored = a_file()
    versions = [scanner.version]
    monkeypatch.setattr(asking, "ask", lambda: versions.pop() if versions else away())
    scanner.answers = ["hang up"]
    assert swept() == 0
    assert scans(stored) == [(ScanState.NOT_SCANNED, "")]
    monkeypatch.undo()
    assert swept() == 0  # not at once: it may be this file that it dies of
    cache.clear()
    assert swept() == 1


def away():
    raise ScannerAway


def test_what_is_larger_than_the_scanner_takes_is_not_scanned(scanner):
    scanner.most = 10
    stored = a_harmful_file()
    assert swept() == 1
    assert scans(stored) == [(ScanState.NOT_SCANNED, WhyNotScanned.TOO_LARGE)]


def test_what_is_so_large_that_it_is_cut_off_while_it_travels_is_not_scanned(scanner):
    scanner.most = 10
    stored = a_file("large.txt", b"a line of text\n" * 60_000)
    assert swept() == 1
    ((state, said),) = scans(stored)
    assert state == ScanState.NOT_SCANNED
    assert said in (WhyNotScanned.TOO_LARGE, WhyNotScanned.BROKEN_OFF)


def test_a_limit_within_the_scanner_is_not_an_infection(scanner):
    scanner.answers = ["stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND"]
    stored = a_file()
    swept()
    assert scans(stored) == [(ScanState.NOT_SCANNED, WhyNotScanned.TOO_LARGE)]


def test_a_scanner_in_trouble_finds_nothing_and_clears_nothing(scanner):
    scanner.answers = ["stream: Can't allocate memory ERROR"]
    stored = a_file()
    swept()
    assert scans(stored) == [(ScanState.NOT_SCANNED, WhyNotScanned.BROKEN_OFF)]


def test_a_slow_scanner_is_not_waited_for(scanner, monkeypatch):
    monkeypatch.setattr(asking, "PATIENCE", 0.2)
    scanner.answers = ["say nothing"]
    stored = a_file()
    began = time.monotonic()
    assert swept() == 1
    assert time.monotonic() - began < 2
    assert scans(stored) == [(ScanState.NOT_SCANNED, WhyNotScanned.BROKEN_OFF)]


def test_a_file_travels_in_pieces(scanner):
    stored = a_file("large.txt", b"a line of text\n" * 60_000)
    swept()
    assert scans(stored) == [(ScanState.CLEAN, "")]
    assert scanner.largest_piece <= 64 * 1024


def test_what_is_missing_in_the_storage_is_said(scanner):
    stored = a_file()
    stored.content.storage.delete(stored.content.name)
    swept()
    assert scans(stored) == [(ScanState.NOT_SCANNED, WhyNotScanned.MISSING)]


def test_a_storage_that_refuses_is_tried_again(scanner, monkeypatch):
    stored = a_file()

    def refuse(_stored):
        raise PermissionError

    monkeypatch.setattr(StoredFile, "open", refuse)
    assert swept() == 0
    assert scans(stored) == [(ScanState.NOT_SCANNED, "")]
    monkeypatch.undo()
    cache.clear()
    assert swept() == 1


def test_a_storage_that_breaks_off_is_not_the_scanners_fault(scanner, monkeypatch):
    stored = a_file()
    monkeypatch.setattr(StoredFile, "open", lambda stored: Torn())
    assert swept() == 0
    assert scans(stored) == [(ScanState.NOT_SCANNED, "")]


class Torn:
    def __enter__(self):
        return self

    def __exit__(self, *_raised):
        pass

    def read(self, _size):
        raise OSError("the disk is gone")


def test_without_a_cache_files_are_scanned_all_the_same(scanner, monkeypatch):
    def away(*_asked):
        raise ConnectionError

    stored = a_file()
    monkeypatch.setattr(cache, "add", away)
    assert swept() == 1
    assert scans(stored) == [(ScanState.CLEAN, "")]


# Infected later


def a_day_later(*files):
    ids = [stored.pk for stored in files]
    StoredFile.objects.filter(pk__in=ids).update(scanned_at=timezone.now() - timedelta(days=1))


def test_what_was_clean_is_looked_at_each_night_while_it_is_young(scanner):
    young, old, tonight = (a_file(owner=UserFactory()) for _file in range(3))
    swept()
    a_day_later(young, old)
    long_ago = timezone.now() - timedelta(days=40)
    StoredFile.objects.filter(pk=old.pk).update(uploaded_at=long_ago)
    scanner.looked_at.clear()
    scanner.known = {PDF: "Pdf.Exploit"}
    assert scanning.scan_again(seconds=10) == 1
    assert scans(young) == [(ScanState.INFECTED, "Pdf.Exploit")]
    # the others have the same content
    assert {state for state, _said in scans(old, tonight)} == {ScanState.INFECTED}


def test_what_is_old_is_looked_at_once_a_month(scanner):
    stored = a_file()
    swept()
    long_ago = timezone.now() - timedelta(days=31)
    StoredFile.objects.update(uploaded_at=long_ago, scanned_at=long_ago)
    assert [scanning.scan_again(seconds=10) for _night in range(2)] == [1, 0]
    assert scans(stored) == [(ScanState.CLEAN, "")]


def test_a_night_takes_no_longer_than_it_may(scanner):
    files = [a_file() for _file in range(3)]
    swept()
    a_day_later(*files)
    assert scanning.scan_again(seconds=-1) == 0


def test_infected_is_final_whatever_a_scanner_says_later(scanner):
    stored = a_harmful_file()
    seen_before = StoredFile.objects.get(pk=stored.pk)
    swept()
    a_day_later(stored)
    scanner.known = {}
    assert scanning.scan_again(seconds=10) == 0
    # a worker that had begun before it was closed
    assert scanning.scan(seen_before) == ScanState.INFECTED
    assert scans(stored) == [(ScanState.INFECTED, FOUND)]
