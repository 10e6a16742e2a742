"""What nobody goes on with, and when it goes."""

import os
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from learners import pseudonyms
from learners.files import file_kinds
from learners.models import Upload
from learners.tests.factories import UserFactory
from learners.tests.uploading.sender import a_film
from learners.uploading import finishing, purging, receiving
from learners.uploading.leases import Lease, WrongOffset
from learners.uploading.parts import FolderParts, StorageAway
from learners.uploading.tickets import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload():
    ticket = Ticket((file_kinds.MP4,), 10_000)
    begun = receiving.begin(owner=UserFactory(), name="film.mp4", size=3000, ticket=ticket)
    receiving.append(upload=begun, at=0, pieces=[a_film(1000)])
    return begun


def test_an_upload_that_stopped_goes_after_four_days_and_not_before(upload, later):
    later(timedelta(days=3, hours=23))
    assert purging.purge() == 0
    later(timedelta(hours=2))
    assert purging.purge() == 1
    assert not Upload.objects.exists()
    assert not os.path.exists(default_storage.path(upload.key))


def test_each_byte_counts_as_going_on(upload, later):
    later(timedelta(days=3))
    receiving.append(upload=upload, at=1000, pieces=[b"x"])
    later(timedelta(days=3))
    assert purging.purge() == 0


def test_a_refused_upload_is_told_for_a_day(upload, later):
    lease = Lease.take(upload, at=1000)
    finishing.refuse(lease=lease, words="Nothing for us.")
    lease.release()
    later(timedelta(hours=23))
    assert purging.purge() == 0
    later(timedelta(hours=2))
    assert purging.purge() == 1


def test_what_is_being_sent_is_left_alone(upload, later):
    later(timedelta(days=5))
    lease = Lease.take(upload, at=1000)
    assert purging.purge() == 0
    lease.release()
    assert purging.purge() == 1


def test_what_the_storage_does_not_forget_goes_the_next_time(upload, later, monkeypatch):
    def refuse(*_given):
        raise StorageAway

    later(timedelta(days=5))
    with monkeypatch.context() as patched:
        patched.setattr(FolderParts, "drop", refuse)
        assert purging.purge() == 0
    assert purging.purge() == 1


def test_who_is_cleared_sends_nothing_more_and_leaves_no_byte(upload):
    pseudonyms.pseudonymise([upload.owner_id], at=timezone.now())
    upload.refresh_from_db()
    assert upload.name == pseudonyms.NAMELESS
    with pytest.raises(WrongOffset):
        receiving.append(upload=upload, at=1000, pieces=[b"x"])
    assert purging.purge() == 1
    assert not os.path.exists(default_storage.path(upload.key))
