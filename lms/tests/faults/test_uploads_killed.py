"""A file in pieces, and the process that takes it in killed at any moment."""

import hashlib
import signal
from contextlib import suppress
from datetime import timedelta
from http.client import HTTPException

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from learners.files.file_kinds import MP4
from learners.models import StoredFile, Upload, UploadState
from learners.tests.factories import UserFactory
from learners.tests.uploading.sender import MEGABYTE, a_film, beginning
from learners.uploading import finishing, receiving
from learners.uploading.tickets import Ticket
from lms.running import guard
from lms.tests import processes
from lms.tests.faults.visitor import Visitor

pytestmark = pytest.mark.django_db(transaction=True)

SIZE = 3 * MEGABYTE + 5
MOST = 30  # statements that any of these works has


@pytest.fixture
def film(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(a_film(SIZE))
    return path


def begun() -> Upload:
    ticket = Ticket((MP4,), 100 * MEGABYTE)
    return receiving.begin(owner=UserFactory(), name="film.mp4", size=SIZE, ticket=ticket)


def leases_run_out() -> None:
    Upload.objects.update(leased_until=timezone.now() - timedelta(seconds=1))


def test_killed_at_any_statement_no_byte_that_was_counted_is_lost(kill, film):
    content = film.read_bytes()
    for number in range(1, MOST):
        upload = begun()
        was_killed = kill("piece", upload.pk, str(film), before=number)
        upload.refresh_from_db()
        with default_storage.open(upload.key) as there:
            assert there.read(upload.offset) == content[: upload.offset]
        leases_run_out()
        if upload.state == UploadState.RECEIVING:
            receiving.append(upload=upload, at=upload.offset, pieces=[content[upload.offset :]])
        stored = finishing.finish(upload=upload)
        assert stored.sha256 == hashlib.sha256(content).hexdigest()
        if not was_killed:
            break
    assert 3 < number < MOST - 1


def test_killed_while_the_whole_is_looked_at_it_becomes_one_file(kill, film):
    for number in range(1, MOST):
        upload = begun()
        receiving.append(upload=upload, at=0, pieces=[film.read_bytes()])
        was_killed = kill("finish", upload.pk, before=number)
        leases_run_out()
        Upload.objects.update(active_at=timezone.now() - finishing.NEGLECTED_AFTER * 2)
        finishing.finish_neglected()
        assert not Upload.objects.exists()
        assert StoredFile.objects.get().content.read() == film.read_bytes()
        StoredFile.objects.all().delete()
        if not was_killed:
            break
    assert 3 < number < MOST - 1


def test_the_web_process_killed_while_it_takes_in_a_piece_goes_on_from_what_it_has(broker, film):
    learner, content = UserFactory(), film.read_bytes()
    with processes.running_web() as (web, address):
        visitor = Visitor(address, learner)
        status, where = visitor.tus("POST", "/uploads/", **beginning("film.mp4", SIZE))
        assert status == 201
        visitor.tus("PATCH", where, content[:MEGABYTE], upload_offset=0)
        with suppress(OSError, HTTPException):
            visitor.begin_tus(where, content[MEGABYTE : 2 * MEGABYTE], upload_offset=MEGABYTE)
            guard.send(web.pid, signal.SIGKILL)
            pytest.fail(f"answered: {visitor.connection.getresponse().status}")
    leases_run_out()
    with processes.running_web() as (_web, address):
        visitor = Visitor(address, learner)
        there = Upload.objects.get().offset
        assert there >= MEGABYTE
        status, _where = visitor.tus("PATCH", where, content[there:], upload_offset=there)
        assert status == 204
    upload = Upload.objects.get()
    assert finishing.finish(upload=upload).content.read() == content
