"""The commands of docs/operating.md, with everything lost between backing up and restoring."""

import contextlib
import shutil
import sqlite3
import subprocess
import sys

import pytest
from django.contrib.auth.models import Group
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from certifications.certificates import rendering
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


sqlite_alone = pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite alone")

# Another process, which has written to the database of its argument and was then killed.
KILLED = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("PRAGMA wal_autocheckpoint=0")
for number in range(200):
    connection.execute("INSERT INTO auth_group (name) VALUES (?)", [f"after {number}"])
    connection.commit()
os.kill(os.getpid(), signal.SIGKILL)
"""


@sqlite_alone
def test_restoring_beside_open_connections_and_after_a_kill_breaks_neither(folder):
    Group.objects.create(name="before")
    call_command("dbbackup", "--quiet")
    path = connection.settings_dict["NAME"]
    with contextlib.closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM auth_group").fetchall() == [("before",)]
        subprocess.run([sys.executable, "-c", KILLED, path], check=False)
        assert Group.objects.count() == 201

        call_command("dbrestore", "--noinput", "--quiet")

        assert other.execute("SELECT name FROM auth_group").fetchall() == [("before",)]
        other.execute("INSERT INTO auth_group (name) VALUES ('other')")
        other.commit()
    connection.close()
    assert set(Group.objects.values_list("name", flat=True)) == {"before", "other"}
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@sqlite_alone
def test_a_backup_that_was_cut_off_replaces_nothing(folder):
    Group.objects.create(name="before")
    call_command("dbbackup", "--quiet")
    (backup,) = folder.glob("*.sqlite3")
    backup.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    with pytest.raises(sqlite3.DatabaseError):
        call_command("dbrestore", "--noinput", "--quiet")
    assert Group.objects.get().name == "before"
