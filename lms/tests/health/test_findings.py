from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import FileSystemStorage
from django.utils import timezone

from certifications.models import Certificate
from certifications.tests.factories import a_certificate
from learners.models import Notification, StudyStatusChange
from learners.telling import notify
from learners.tests.factories import CourseFactory, UserFactory, an_enrolment
from lms.health import findings


def test_everything_that_pages_need_is_well(client, db, broker):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {
        "ok": True,
        "database": "ok",
        "storage": "ok",
        "broker": "ok",
        "outbox": "ok",
        "certificates": "ok",
        "mail": "ok",
        "scanner": "ok",
    }
    assert response["Cache-Control"] == ("max-age=0, no-cache, no-store, must-revalidate, private")


def test_pages_go_on_without_a_broker(client, db, settings, tmp_path):
    settings.CELERY_BROKER_URL = f"redis+socket://{tmp_path}/nobody"
    response = client.get("/healthz")
    assert (response.status_code, response.json()["ok"]) == (200, True)
    assert response.json()["broker"] == "OperationalError"


def test_a_storage_that_refuses_is_not_well(client, db, broker, monkeypatch):
    def refuse(*_: object) -> None:
        raise PermissionError("the secret path")

    monkeypatch.setattr(FileSystemStorage, "_save", refuse)
    response = client.get("/healthz")
    assert (response.status_code, response.json()["storage"]) == (503, "PermissionError")
    assert b"secret path" not in response.content


@pytest.mark.parametrize(("minutes", "told"), [(4, "ok"), (6, "WorkIsLateError")])
def test_work_that_nobody_does_is_told(client, db, broker, minutes, told):
    enrolment = an_enrolment(CourseFactory())
    due_at = timezone.now() - timedelta(minutes=minutes)
    StudyStatusChange.objects.filter(enrolment=enrolment).update(due_at=due_at, handled_at=None)
    response = client.get("/healthz")
    assert (response.status_code, response.json()["outbox"]) == (200, told)


@pytest.mark.parametrize(("minutes", "told"), [(14, "ok"), (16, "WorkIsLateError")])
def test_certificates_that_wait_long_are_told(client, db, broker, minutes, told):
    made_at = timezone.now() - timedelta(minutes=minutes)
    Certificate.objects.filter(pk=a_certificate().pk).update(created_at=made_at)
    assert client.get("/healthz").json()["certificates"] == told


@pytest.mark.parametrize(
    ("minutes", "failures", "told"),
    [(14, 0, "ok"), (16, 0, "WorkIsLateError"), (16, 2, "WorkIsLateError"), (16, 3, "ok")],
)
def test_mail_that_no_server_takes_is_told_and_one_full_mailbox_is_not(
    client, db, broker, minutes, failures, told
):
    notify.tell(
        kind="k", messages=[notify.Message(user_id=UserFactory().pk, organisation_id=None, key="k")]
    )
    since = timezone.now() - timedelta(minutes=minutes)
    Notification.objects.update(created_at=since, failures=failures)
    response = client.get("/healthz")
    assert (response.status_code, response.json()["mail"]) == (200, told)


def test_only_what_pages_need_is_needed(db, broker):
    needed = {finding.name for finding in findings.findings() if finding.is_needed}
    assert needed == {"database", "storage"}


def test_health_is_only_asked_never_told(client, db):
    assert client.post("/healthz").status_code == 405


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("ClamAV 1.4.6", "ok"),
        ("ClamAV 1.4.6/27812/Mon Nov 30 09:25:40 2026", "ok"),
        ("ClamAV 1.4.6/27801/Thu Nov 19 09:25:40 2026", "SignaturesAreOld"),
    ],
)
def test_a_scanner_that_knows_nothing_of_this_week_is_told(
    client, db, broker, scanner, version, told
):
    scanner.version = version
    with time_machine.travel("2026-12-01 12:00+01:00"):
        response = client.get("/healthz")
    assert (response.status_code, response.json()["scanner"]) == (200, told)


def test_a_scanner_that_is_away_is_told_and_pages_go_on(client, db, broker, settings, tmp_path):
    settings.CLAMAV_URL = f"unix://{tmp_path}/nobody"
    response = client.get("/healthz")
    assert (response.status_code, response.json()["scanner"]) == (200, "ScannerAway")
