"""Files are scanned: clean, infected, or not, and what becomes of what is infected."""

import time
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from learners.files import file_uses, scanner, scanning, uploads
from learners.files.scanner import ScannerAway
from learners.models import (
    AuditEntry,
    FileIsInfected,
    Material,
    Notification,
    ScanState,
    StoredFile,
    WhyNotScanned,
)
from learners.telling import notify
from learners.tests import clamd
from learners.tests.clamd import EICAR, FOUND
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_lesson,
    an_administrator,
    an_enrolment,
)
from learners.tests.files.test_uploads import PDF
from learners.tests.offered.test_files import a_file

pytestmark = pytest.mark.django_db
HARMFUL = PDF + EICAR


@pytest.fixture
def daemon(settings):
    """A daemon that answers, and nobody else's claims on files."""
    cache.clear()
    with clamd.running() as daemon:
        settings.CLAMAV_URL = daemon.url
        yield daemon
    cache.clear()


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


def told():
    return list(Notification.objects.order_by("pk").values_list("user", "kind"))


def test_what_waits_is_looked_at_once(daemon):
    clean, harmful = a_file(), a_harmful_file()
    assert swept() == 2
    assert scans(clean, harmful) == [(ScanState.CLEAN, ""), (ScanState.INFECTED, FOUND)]
    assert clean.scanned_at is not None
    assert swept() == 0
    assert sorted(daemon.looked_at) == [len(PDF), len(HARMFUL)]


def test_the_newest_is_looked_at_first(daemon):
    old, _new = a_file(), a_harmful_file()
    StoredFile.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - timedelta(days=1))
    swept()
    assert daemon.looked_at == [len(HARMFUL), len(PDF)]


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
    assert time.monotonic() - began < scanner.QUICK
    assert StoredFile.objects.to_scan().get() == stored
    with clamd.running() as daemon:
        settings.CLAMAV_URL = daemon.url
        assert swept() == 1
    assert scans(stored) == [(ScanState.INFECTED, FOUND)]


def test_a_file_at_which_the_scanner_hangs_up_is_not_scanned_and_tried_in_the_night(daemon):
    stored, other = a_harmful_file(), a_file()
    StoredFile.objects.filter(pk=other.pk).update(uploaded_at=timezone.now() - timedelta(hours=1))
    daemon.answers = ["hang up"]
    assert swept() == 2
    assert scans(stored, other) == [
        (ScanState.NOT_SCANNED, WhyNotScanned.BROKEN_OFF),
        (ScanState.CLEAN, ""),
    ]
    assert not StoredFile.objects.to_scan().exists()
    a_day_later(stored)
    assert scanning.scan_again(seconds=10) == 1
    assert scans(stored) == [(ScanState.INFECTED, FOUND)]


def test_a_scanner_that_dies_of_a_file_leaves_it_for_later(daemon, monkeypatch):
    stored = a_file()
    versions = [daemon.version]
    monkeypatch.setattr(scanner, "ask", lambda: versions.pop() if versions else away())
    daemon.answers = ["hang up"]
    assert swept() == 0
    assert scans(stored) == [(ScanState.NOT_SCANNED, "")]
    monkeypatch.undo()
    assert swept() == 0  # not at once: it may be this file that it dies of
    cache.clear()
    assert swept() == 1


def away():
    raise ScannerAway


def test_what_is_larger_than_the_scanner_takes_is_not_scanned(daemon):
    daemon.most = 10
    stored = a_harmful_file()
    assert swept() == 1
    assert scans(stored) == [(ScanState.NOT_SCANNED, WhyNotScanned.TOO_LARGE)]


def test_what_is_so_large_that_it_is_cut_off_while_it_travels_is_not_scanned(daemon):
    daemon.most = 10
    stored = a_file("large.txt", b"a line of text\n" * 60_000)
    assert swept() == 1
    ((state, said),) = scans(stored)
    assert state == ScanState.NOT_SCANNED
    assert said in (WhyNotScanned.TOO_LARGE, WhyNotScanned.BROKEN_OFF)


def test_a_limit_within_the_scanner_is_not_an_infection(daemon):
    daemon.answers = ["stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND"]
    stored = a_file()
    swept()
    assert scans(stored) == [(ScanState.NOT_SCANNED, WhyNotScanned.TOO_LARGE)]


def test_a_scanner_in_trouble_finds_nothing_and_clears_nothing(daemon):
    daemon.answers = ["stream: Can't allocate memory ERROR"]
    stored = a_file()
    swept()
    assert scans(stored) == [(ScanState.NOT_SCANNED, WhyNotScanned.BROKEN_OFF)]


def test_a_slow_scanner_is_not_waited_for(daemon, monkeypatch):
    monkeypatch.setattr(scanner, "PATIENCE", 0.2)
    daemon.answers = ["say nothing"]
    stored = a_file()
    began = time.monotonic()
    assert swept() == 1
    assert time.monotonic() - began < 2
    assert scans(stored) == [(ScanState.NOT_SCANNED, WhyNotScanned.BROKEN_OFF)]


def test_a_file_travels_in_pieces(daemon):
    stored = a_file("large.txt", b"a line of text\n" * 60_000)
    swept()
    assert scans(stored) == [(ScanState.CLEAN, "")]
    assert daemon.largest_piece <= 64 * 1024


def test_what_is_missing_in_the_storage_is_said(daemon):
    stored = a_file()
    stored.content.storage.delete(stored.content.name)
    swept()
    assert scans(stored) == [(ScanState.NOT_SCANNED, WhyNotScanned.MISSING)]


def test_a_storage_that_refuses_is_tried_again(daemon, monkeypatch):
    stored = a_file()

    def refuse(_stored):
        raise PermissionError

    monkeypatch.setattr(StoredFile, "open", refuse)
    assert swept() == 0
    assert scans(stored) == [(ScanState.NOT_SCANNED, "")]
    monkeypatch.undo()
    cache.clear()
    assert swept() == 1


def test_a_storage_that_breaks_off_is_not_the_scanners_fault(daemon, monkeypatch):
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


def test_without_a_cache_files_are_scanned_all_the_same(daemon, monkeypatch):
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


def test_what_was_clean_is_looked_at_each_night_while_it_is_young(daemon):
    young, old, tonight = (a_file(owner=UserFactory()) for _file in range(3))
    swept()
    a_day_later(young, old)
    long_ago = timezone.now() - timedelta(days=40)
    StoredFile.objects.filter(pk=old.pk).update(uploaded_at=long_ago)
    daemon.looked_at.clear()
    daemon.known = {PDF: "Pdf.Exploit"}
    assert scanning.scan_again(seconds=10) == 1
    assert scans(young) == [(ScanState.INFECTED, "Pdf.Exploit")]
    # the others have the same content
    assert {state for state, _said in scans(old, tonight)} == {ScanState.INFECTED}


def test_what_is_old_is_looked_at_once_a_month(daemon):
    stored = a_file()
    swept()
    long_ago = timezone.now() - timedelta(days=31)
    StoredFile.objects.update(uploaded_at=long_ago, scanned_at=long_ago)
    assert [scanning.scan_again(seconds=10) for _night in range(2)] == [1, 0]
    assert scans(stored) == [(ScanState.CLEAN, "")]


def test_a_night_takes_no_longer_than_it_may(daemon):
    files = [a_file() for _file in range(3)]
    swept()
    a_day_later(*files)
    assert scanning.scan_again(seconds=-1) == 0


def opens(client, who, *addresses):
    client.force_login(who)
    return [client.get(address).status_code for address in addresses]


def test_what_turns_out_to_be_infected_is_closed_for_everybody(daemon, client):
    owner, staff = UserFactory(), an_administrator()
    course = CourseFactory(kind="elearning")
    learner = an_enrolment(course).learner
    stored = uploads.claim(stored=a_file(owner=owner))
    Material.objects.create(course=course, title="Reader", file=stored)
    unused = a_file(content=PDF + b"another", owner=owner)
    swept()
    addresses = (f"/files/{stored.pk}/", f"/files/{stored.pk}/framed/")
    for who in (staff, learner):
        assert opens(client, who, *addresses) == [200, 200]
    assert opens(client, owner, f"/files/{unused.pk}/") == [200]
    a_day_later(stored, unused)
    daemon.known = {PDF: "Pdf.Exploit"}
    assert scanning.scan_again(seconds=10) == 2
    for who in (owner, staff, learner):
        assert opens(client, who, *addresses) == [404, 404]
        assert opens(client, who, f"/files/{unused.pk}/") == [404]
        assert not file_uses.files_for(who).exists()
    with pytest.raises(FileIsInfected):
        StoredFile.objects.get(pk=stored.pk).open()


def test_infected_is_final_whatever_a_scanner_says_later(daemon):
    stored = a_harmful_file()
    seen_before = StoredFile.objects.get(pk=stored.pk)
    swept()
    a_day_later(stored)
    daemon.known = {}
    assert scanning.scan_again(seconds=10) == 0
    # a worker that had begun before it was closed
    assert scanning.scan(seen_before) == ScanState.INFECTED
    assert scans(stored) == [(ScanState.INFECTED, FOUND)]


# Who is told


def test_the_owner_and_who_looks_after_files_are_told_once(daemon):
    owner, staff = UserFactory(), an_administrator()
    UserFactory(is_staff=True)  # may not see files
    stored = a_harmful_file(owner=owner)
    swept()
    assert told() == [(staff.pk, "learners/file_infected"), (owner.pk, "learners/file_infected")]
    assert scanning.close(stored=stored, found=FOUND) == []
    assert len(told()) == 2
    (entry,) = AuditEntry.objects.filter(action="learners.file_infected")
    assert (entry.object_id, entry.by, entry.reason) == (stored.pk, None, FOUND)


def test_an_administrator_whose_file_it_is_is_told_once_that_it_is_theirs(daemon):
    owner = an_administrator(language="en")
    stored = a_harmful_file(owner=owner)
    swept()
    (only,) = Notification.objects.all()
    assert "You uploaded this file." in notify.words(only, "en").body
    assert only.url == reverse("admin:learners_storedfile_change", args=[stored.pk])


@pytest.mark.parametrize(
    ("language", "says", "whose"),
    [
        ("nl", "Niemand kan het vanaf nu openen", "heeft dit bestand geüpload"),
        ("en", "From now on nobody can open it", "uploaded this file"),
    ],
)
def test_it_is_told_by_mail_in_the_language_of_each(daemon, language, says, whose):
    owner = UserFactory(language=language)
    staff = an_administrator(language=language)
    a_harmful_file(name="verslag.pdf", owner=owner)
    swept()
    notify.send_due()
    mails = {one.to[0]: f"{one.subject}\n{one.body}" for one in mail.outbox}
    assert "verslag.pdf" in mails[owner.email]
    assert says in mails[owner.email]
    assert "/admin/" not in mails[owner.email]
    assert f"{owner.name} {whose}" in mails[staff.email]
    assert "/admin/learners/storedfile/" in mails[staff.email]


def test_the_same_content_is_closed_wherever_it_is(daemon):
    one, other = (a_harmful_file(owner=UserFactory()) for _file in range(2))
    scanning.scan(one)
    assert scans(one, other) == [(ScanState.INFECTED, FOUND)] * 2
    assert [user for user, _kind in told()] == [one.owner_id, other.owner_id]
    assert swept() == 0


# Pages


def test_pages_say_why_there_is_no_link(daemon, client):
    course = CourseFactory(kind="elearning")
    enrolment = an_enrolment(course)
    stored = uploads.claim(stored=a_harmful_file())
    material = Material.objects.create(course=course, title="Reader", file=stored)
    lesson = a_lesson(course, kind="file", file=stored)
    shown = a_lesson(course, kind="pdf", file=stored)
    client.force_login(enrolment.learner)
    lessons = [
        reverse("learners:lesson_detail", args=[enrolment.pk, one.pk]) for one in (lesson, shown)
    ]
    centre = enrolment.get_absolute_url()
    words = "In dit bestand is iets schadelijks gevonden"
    address, opening = f"/files/{stored.pk}/", reverse("learners:material_open", args=[material.pk])
    for page in lessons:
        assert words not in client.get(page).text
        assert address in client.get(page).text
    assert opening in client.get(centre).text
    swept()
    for page in (*lessons, centre):
        html = client.get(page).text
        assert words in html
        assert address not in html
        assert opening not in html


def test_its_page_in_the_administration_says_what_was_found(daemon, client):
    client.force_login(an_administrator(language="en"))
    harmful, large = a_harmful_file(), a_file()
    daemon.answers = ["INSTREAM size limit exceeded. ERROR"]
    swept()
    pages = [
        client.get(reverse("admin:learners_storedfile_change", args=[stored.pk])).text
        for stored in (harmful, large)
    ]
    assert FOUND in pages[0]
    assert "larger than the scanner takes" in pages[1]


def test_the_list_of_files_is_filtered_by_what_was_found(daemon, client):
    client.force_login(an_administrator(language="en"))
    a_file(name="clean.pdf")
    a_harmful_file(name="harmful.pdf")
    swept()
    listed = client.get("/admin/learners/storedfile/", {"scan_state__exact": "infected"}).text
    assert "harmful.pdf" in listed
    assert "clean.pdf" not in listed
