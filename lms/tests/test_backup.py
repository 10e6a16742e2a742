"""The commands of docs/operating.md, with everything lost between backing up and restoring."""

import shutil

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from certifications import rendering
from certifications.models import Certificate
from certifications.tests.factories import a_certificate
from learners.models import User

lacks_tools = connection.vendor == "postgresql" and not shutil.which("pg_restore")
pytestmark = pytest.mark.skipif(lacks_tools, reason="pg_dump and pg_restore are not installed")


@pytest.fixture
def folder(transactional_db, tmp_path, monkeypatch):
    from dbbackup import settings

    monkeypatch.setitem(settings.STORAGE_OPTIONS, "location", tmp_path)
    return tmp_path


def test_what_was_backed_up_is_whole_after_everything_was_lost(folder, client):
    certificate = a_certificate()
    rendering.render(certificate.pk)
    certificate.refresh_from_db()
    name = certificate.file.name
    with default_storage.open(name) as file:
        sheet = file.read()
    assert sheet.startswith(b"%PDF")

    call_command("dbbackup", "--clean", "--quiet")
    call_command("mediabackup", "--clean", "--quiet")
    assert len(list(folder.glob("*"))) >= 2

    default_storage.delete(name)
    call_command("flush", "--no-input", verbosity=0)
    assert not Certificate.objects.exists()
    assert not User.objects.exists()

    call_command("dbrestore", "--noinput", "--quiet")
    call_command("mediarestore", "--noinput", "--quiet")

    assert Certificate.objects.get().code == certificate.code
    with default_storage.open(name) as file:
        assert file.read() == sheet
    address = reverse("certifications:certificate_check", args=[certificate.code])
    assert certificate.learner_name in client.get(address).text
