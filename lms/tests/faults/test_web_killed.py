"""The web process killed between what belongs together: commit and message, file and row."""

import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from learners.files import keeping
from learners.models import ImportJob, ImportState, StoredFile
from learners.tests.factories import CourseFactory, an_administrator
from learners.tests.importing.lists import a_csv
from lms.running import guard
from lms.tests import processes
from lms.tests.faults.tasks import IDLE, send_scheduled
from lms.tests.faults.visitor import Visitor, send_import

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_committed_and_never_sent_is_taken_up(broker):
    """A broker that takes the call and says nothing: then the commit was, and the message not."""
    course, office = CourseFactory(code="EHBO"), an_administrator()
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor() as threads:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        with processes.running_web(REDIS_URL=url) as (web, address):
            content = a_csv("EHBO,,a@b.org,Noor,,,")
            sending = threads.submit(
                send_import, Visitor(address, office), course.organisation_id, content
            )
            processes.wait_until(ImportJob.objects.exists)
            guard.send(web.pid, signal.SIGKILL)
            with suppress(OSError, HTTPException):
                pytest.fail(f"answered: {sending.result()}")
    job = ImportJob.objects.get()
    assert (job.state, job.attempt) == (ImportState.CHECKING, 0)

    ImportJob.objects.update(queued_at=timezone.now() - timedelta(minutes=2))
    with processes.running_worker(**IDLE):
        send_scheduled()
        processes.wait_until(lambda: ImportJob.objects.get().state == ImportState.READY)


def files() -> set[str]:
    """Everything that lies in the storage for uploads."""
    folder = Path(default_storage.path("uploads"))
    return {str(path) for path in folder.rglob("*") if path.is_file()}


def test_a_file_whose_row_was_not_written_leaves_nothing(kill, tmp_path):
    before = files()
    number = 1
    while kill("upload", a_file(tmp_path, number), before=number):
        assert len(files() - before) <= StoredFile.objects.count()
        number += 1
    assert number > 1
    assert StoredFile.objects.exists()
    StoredFile.objects.update(uploaded_at=timezone.now() - timedelta(days=2))
    keeping.purge_unclaimed()
    assert files() == before
    assert not StoredFile.objects.exists()


def test_a_file_that_is_being_purged_is_purged_in_the_end(kill, tmp_path):
    for number in range(1, 10):
        kill("upload", a_file(tmp_path, number), before=99)
        StoredFile.objects.update(uploaded_at=timezone.now() - timedelta(days=2))
        if not kill("purge", before=number):
            break
        stored = StoredFile.objects.get()  # its row goes last, so that the next purge finds it
        keeping.purge_unclaimed()
        assert not default_storage.exists(stored.content.name)
    assert number > 2
    assert not StoredFile.objects.exists()


def a_file(folder: Path, number: int) -> str:
    """A file that is like no other."""
    file = folder / "in.csv"
    file.write_text(f"who,what\n{number},this\n")
    return str(file)
