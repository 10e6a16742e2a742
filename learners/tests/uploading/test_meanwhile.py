"""What somebody does with an upload while another is at work on it."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from learners import pseudonyms
from learners.files import file_kinds, scanning
from learners.models import StoredFile, Upload, UploadState
from learners.tests.factories import UserFactory
from learners.tests.uploading.sender import a_film
from learners.uploading import chosen, finishing, purging, receiving
from learners.uploading.leases import Busy, Lease, LeaseLost
from learners.uploading.tickets import Ticket

pytestmark = pytest.mark.django_db

SIZE = 3000
FILM = a_film(SIZE)


@pytest.fixture
def upload():
    """A film of which every byte is there, and at which nobody looked."""
    ticket = Ticket((file_kinds.MP4,), 10_000)
    begun = receiving.begin(owner=UserFactory(), name="film.mp4", size=SIZE, ticket=ticket)
    receiving.append(upload=begun, at=0, pieces=[FILM])
    return begun


@pytest.fixture
def while_scanned(monkeypatch):
    """Let this happen while a scanner looks at what came in."""

    def happen(act):
        monkeypatch.setattr(scanning, "look_at", lambda _content: act() and None)

    return happen


def take_away(upload: Upload) -> bool:
    return chosen.take_away(token=upload.token, owner=upload.owner)


def test_who_gives_up_what_became_a_file_meanwhile_takes_none_of_its_bytes(upload):
    seen = Upload.objects.get()
    stored = finishing.finish(upload=upload)
    assert not receiving.give_up(upload=seen)
    assert stored.content.read() == FILM


def test_what_became_a_file_while_it_was_taken_away_is_taken_away_as_a_file(upload, monkeypatch):
    give_up = receiving.give_up

    def finished_first(*, upload):
        finishing.finish_one(upload.pk)
        return give_up(upload=upload)

    monkeypatch.setattr(receiving, "give_up", finished_first)
    assert take_away(upload)
    assert not StoredFile.objects.filter(let_go_at=None).exists()
    assert not Upload.objects.exists()


def test_what_is_taken_away_while_it_is_looked_at_becomes_no_file(upload, while_scanned):
    while_scanned(lambda: take_away(upload))
    with pytest.raises(Busy):
        finishing.finish(upload=upload)
    assert not StoredFile.objects.exists()
    assert not default_storage.exists(upload.key)


def test_what_is_taken_away_before_its_lease_is_read_is_no_error(upload, monkeypatch):
    """Also for the form, which says that it is being looked at."""
    reading = Upload.refresh_from_db

    def gone_by_then(row, *given, **named):
        Upload.objects.filter(pk=row.pk).delete()
        return reading(row, *given, **named)

    monkeypatch.setattr(Upload, "refresh_from_db", gone_by_then)
    with pytest.raises(LeaseLost):
        finishing.finish(upload=upload)


def test_a_checksum_that_comes_while_a_scanner_looks_counts(upload, while_scanned):
    while_scanned(lambda: chosen.compare(token=upload.token, owner=upload.owner, sha256="0" * 64))
    assert finishing.finish(upload=upload) is None
    assert Upload.objects.get().state == UploadState.REFUSED
    assert not StoredFile.objects.exists()


def test_a_scanner_that_takes_its_time_is_not_asked_by_another_as_well(
    upload, while_scanned, later
):
    asked = []

    def slowly():
        asked.append(upload)
        if len(asked) < 3:
            later(timedelta(seconds=45))
            finishing.finish_neglected()

    while_scanned(slowly)
    assert finishing.finish(upload=upload)
    assert len(asked) == 1


def test_who_lost_the_lease_refuses_nothing(upload):
    lease = Lease.take(upload, at=SIZE, state=UploadState.RECEIVED)
    Lease.seize(Upload.objects.get(), among=Upload.objects.all())
    with pytest.raises(LeaseLost):
        finishing.refuse(lease=lease, words="Nothing for us.")
    assert default_storage.exists(upload.key)
    assert Upload.objects.get().state == UploadState.RECEIVED


def test_what_goes_on_while_the_purge_is_at_others_stays(later):
    ticket = Ticket((file_kinds.MP4,), 10_000)
    old, other = (
        receiving.begin(owner=UserFactory(), name="film.mp4", size=SIZE, ticket=ticket)
        for _number in range(2)
    )
    later(timedelta(days=5))

    def goes_on(*, upload, **named):
        if upload == old:
            receiving.append(upload=other, at=0, pieces=[FILM])
        return give_up(upload=upload, **named)

    give_up = receiving.give_up
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(receiving, "give_up", goes_on)
        assert purging.purge() == 1
    assert finishing.finish(upload=other).content.read() == FILM


def test_of_whom_is_cleared_no_file_is_made(upload, while_scanned):
    while_scanned(lambda: pseudonyms.pseudonymise([upload.owner_id], at=timezone.now()))
    with pytest.raises(Busy):
        finishing.finish(upload=upload)
    assert not StoredFile.objects.exists()
    assert purging.purge() == 1
    assert not default_storage.exists(upload.key)


def test_what_can_never_be_looked_at_goes_as_what_stopped(upload, later):
    default_storage.delete(upload.key)
    finishing.finish_one(upload.pk)
    assert purging.purge() == 0
    later(timedelta(days=4, hours=1))
    assert purging.purge() == 1
    assert not Upload.objects.exists()


def test_a_page_looks_at_a_file_and_lets_no_scanner_keep_it_waiting(upload, while_scanned):
    while_scanned(lambda: pytest.fail("a page waited for a scanner"))
    ticket = Ticket((file_kinds.MP4,), 10_000)
    stored = chosen.read(token=upload.token, owner=upload.owner, ticket=ticket)
    assert stored.waits_for_scan
