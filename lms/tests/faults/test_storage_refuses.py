"""A storage that is full, out of reach, or slow: nothing is lost, nothing is half, all is told."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.utils import timezone

from certifications import awarding
from certifications.models import Certificate
from learners.models import ImportJob, StoredFile
from learners.tests.factories import OrganisationFactory, an_administrator
from lms.tests.faults.once import an_hour_passes, assert_once, completions, sweep
from lms.tests.faults.storages import FullStorage
from lms.tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["full", "out of reach"])
def trouble(request, settings, tmp_path):
    """A storage in trouble as long as the context lasts."""
    folder = tmp_path / "files"
    backend = "lms.tests.faults.storages.FullStorage"
    usual = "django.core.files.storage.FileSystemStorage"
    storage = {
        "BACKEND": backend if request.param == "full" else usual,
        "OPTIONS": {"location": folder},
    }
    settings.STORAGES = {**settings.STORAGES, "default": storage}

    @contextmanager
    def trouble():
        FullStorage.is_full = True
        if request.param == "out of reach":
            folder.touch()  # a file where the folder should be
        yield folder
        FullStorage.is_full = False
        if request.param == "out of reach":
            folder.unlink()

    yield trouble
    FullStorage.is_full = False


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def send_import(client, organisation) -> HttpResponse:
    """Upload a file of enrolments."""
    fields = {"organisation": organisation.pk, "with_certificates": "on"}
    file = SimpleUploadedFile("in.csv", b"course,learner\nEHBO,a@example.org\n")
    return client.post(
        "/admin/learners/importjob/add/",
        {**fields, "file": file},
        headers={"accept-language": "en"},
    )


def test_an_upload_is_refused_whole_and_taken_afterwards(trouble, client, broker, health):
    client.force_login(an_administrator(language="en"))
    organisation = OrganisationFactory()
    with trouble() as folder:
        refused = send_import(client, organisation)
        assert "This file could not be stored just now." in refused.text
        assert f'value="{organisation.pk}" selected' in refused.text
        assert (StoredFile.objects.count(), ImportJob.objects.count()) == (0, 0)
        assert files_in(folder) == []
        status, told = health("storage")
        assert status == 503
        assert told in ("OSError", "FileExistsError", "NotADirectoryError")
    assert send_import(client, organisation).status_code == 302
    assert ImportJob.objects.get().file.content.read().startswith(b"course,")
    assert health("storage") == (200, "ok")


def test_certificates_wait_and_are_made_once(trouble, broker, health):
    people = completions(2)
    with trouble():
        for _ in range(3):
            sweep()
            an_hour_passes()
        assert Certificate.objects.unrendered().count() == 2
        Certificate.objects.update(created_at=timezone.now() - timedelta(hours=1))
        assert health("certificates") == (503, "WorkIsLateError")
    sweep()
    assert_once(people)
    assert health("certificates") == (200, "ok")


def test_a_storage_slower_than_a_claim_lasts_keeps_one_file(kill, gate, client):
    people = completions(1)
    awarding.drain()
    gate.shut()
    with ThreadPoolExecutor() as threads:
        slow = threads.submit(kill, "print", before=99)
        wait_until(gate.waiting)
        client.force_login(people[0].learner)
        assert client.get("/my-learning/certificates/").status_code == 200
        an_hour_passes()
        sweep()
        assert_once(people, are_printed=False)
        first = Certificate.objects.get().file.name
        gate.open()
        assert slow.result() is False
    assert Certificate.objects.get().file.name == first
    assert_once(people)
