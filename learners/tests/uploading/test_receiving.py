"""Bytes that come in: cut off, doubled, taken over, and refused by the storage."""

import errno
import os
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from learners.files import file_kinds
from learners.models import Upload, UploadState
from learners.tests.at_once import at_once
from learners.tests.factories import UserFactory
from learners.tests.uploading.sender import MEGABYTE, a_film
from learners.uploading import finishing, receiving
from learners.uploading.leases import LASTS, Busy, Lease, LeaseLost, WrongOffset
from learners.uploading.parts import BytesLost, FolderParts, StorageAway, StorageFull
from learners.uploading.tickets import Ticket

pytestmark = pytest.mark.django_db

PIECE = 64 * 1024
SIZE = 12 * MEGABYTE
TICKET = Ticket((file_kinds.MP4,), 100 * MEGABYTE)


@pytest.fixture
def film():
    return a_film(SIZE)


@pytest.fixture
def upload():
    return receiving.begin(owner=UserFactory(), name="film.mp4", size=SIZE, ticket=TICKET)


def pieces(content: bytes):
    yield from (content[at : at + PIECE] for at in range(0, len(content), PIECE))


def stored_bytes(upload: Upload) -> bytes:
    with default_storage.open(upload.key) as file:
        return file.read()


def test_cut_at_every_tenth_nothing_that_arrived_is_sent_again(upload, film):
    for tenth in range(1, 10):
        there = upload.offset
        end = SIZE * tenth // 10
        receiving.append(upload=upload, at=there, pieces=pieces(film[there:end]))
        upload.refresh_from_db()
        assert upload.offset == end
    receiving.append(upload=upload, at=upload.offset, pieces=pieces(film[upload.offset :]))
    assert Upload.objects.get().state == UploadState.RECEIVED
    assert stored_bytes(upload) == film
    assert finishing.finish(upload=upload).content.read() == film


def test_what_lies_beyond_the_offset_is_cut_off_before_more_is_added(upload, film):
    receiving.append(upload=upload, at=0, pieces=pieces(film[:PIECE]))
    with open(default_storage.path(upload.key), "ab") as file:
        file.write(b"of a process that was killed before it said so")
    receiving.append(upload=upload, at=PIECE, pieces=pieces(film[PIECE : 3 * PIECE]))
    assert stored_bytes(upload) == film[: 3 * PIECE]


def test_while_one_sends_another_is_told_so(upload, film):
    lease = Lease.take(upload, at=0)
    with pytest.raises(Busy):
        receiving.append(upload=upload, at=0, pieces=pieces(film))
    lease.release()
    receiving.append(upload=upload, at=0, pieces=pieces(film))
    assert stored_bytes(upload) == film


def test_who_showed_no_life_is_taken_over_and_adds_nothing_more(upload, film, later):
    def slow():
        yield film[:PIECE]
        later(LASTS + timedelta(seconds=1))
        again = Upload.objects.get()
        receiving.append(upload=again, at=0, pieces=pieces(film[: 4 * PIECE]))
        yield b"x" * PIECE

    with pytest.raises(LeaseLost):
        receiving.append(upload=upload, at=0, pieces=slow())
    upload.refresh_from_db()
    assert upload.offset == 4 * PIECE
    receiving.append(upload=upload, at=4 * PIECE, pieces=pieces(film[4 * PIECE :]))
    assert stored_bytes(upload) == film


def test_bytes_that_do_not_come_next_take_no_lease(upload, film):
    with pytest.raises(WrongOffset):
        receiving.append(upload=upload, at=5, pieces=pieces(film))
    assert Upload.objects.free().exists()


@pytest.mark.parametrize(
    ("number", "error"), [(errno.ENOSPC, StorageFull), (errno.EIO, StorageAway)]
)
def test_a_storage_that_refuses_costs_nothing_that_was_safe(
    upload, film, monkeypatch, number, error
):
    receiving.append(upload=upload, at=0, pieces=pieces(film[: 2 * MEGABYTE]))

    def refuse(_file):
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", refuse)
        with pytest.raises(error):
            receiving.append(
                upload=upload, at=upload.offset, pieces=pieces(film[upload.offset : 3 * MEGABYTE])
            )
    upload.refresh_from_db()
    assert upload.offset >= 2 * MEGABYTE
    receiving.append(upload=upload, at=upload.offset, pieces=pieces(film[upload.offset :]))
    assert stored_bytes(upload) == film


def _empty(path: str) -> None:
    os.truncate(path, 0)


@pytest.mark.parametrize("lose", [os.unlink, _empty])
def test_bytes_that_the_storage_lost_are_asked_for_again(upload, film, lose):
    receiving.append(upload=upload, at=0, pieces=pieces(film[: 4 * PIECE]))
    os.truncate(default_storage.path(upload.key), PIECE)
    with pytest.raises(BytesLost):
        receiving.append(upload=upload, at=4 * PIECE, pieces=pieces(film[4 * PIECE :]))
    upload.refresh_from_db()
    assert upload.offset == PIECE
    lose(default_storage.path(upload.key))
    with pytest.raises(BytesLost):
        receiving.append(upload=upload, at=PIECE, pieces=pieces(film[PIECE:]))
    upload.refresh_from_db()
    assert upload.offset == 0
    receiving.append(upload=upload, at=0, pieces=pieces(film))
    assert stored_bytes(upload) == film


def test_an_upload_that_cannot_be_finished_now_is_taken_up_later(upload, film, monkeypatch, later):
    receiving.append(upload=upload, at=0, pieces=pieces(film))
    with monkeypatch.context() as patched:
        patched.setattr(FolderParts, "complete", _away)
        finishing.finish_one(upload.pk)
    assert Upload.objects.get().state == UploadState.RECEIVED
    later(finishing.NEGLECTED_AFTER + timedelta(seconds=1))
    finishing.finish_neglected()
    assert not Upload.objects.exists()


def _away(*_given):
    raise StorageAway


@pytest.mark.django_db(transaction=True)
def test_two_windows_that_send_one_file_at_once_make_it_once(film):
    begun = receiving.begin(owner=UserFactory(), name="film.mp4", size=SIZE, ticket=TICKET)

    def send():
        while (mine := Upload.objects.get(pk=begun.pk)).state == UploadState.RECEIVING:
            try:
                piece = film[mine.offset : mine.offset + MEGABYTE]
                receiving.append(upload=mine, at=mine.offset, pieces=pieces(piece))
            except (Busy, WrongOffset):
                continue
        return connection.vendor

    at_once(send, send)
    assert stored_bytes(begun) == film


@pytest.mark.django_db(transaction=True)
def test_the_message_that_comes_twice_at_once_makes_one_file(film):
    begun = receiving.begin(owner=UserFactory(), name="film.mp4", size=SIZE, ticket=TICKET)
    receiving.append(upload=begun, at=0, pieces=pieces(film))
    at_once(lambda: finishing.finish_one(begun.pk), lambda: finishing.finish_one(begun.pk))
    assert begun.owner.stored_files.count() == 1
