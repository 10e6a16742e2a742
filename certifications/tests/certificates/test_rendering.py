import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone

from certifications import releasing_and_revoking, tasks
from certifications.certificates import rendering
from certifications.models import Certificate
from certifications.tests.factories import a_certificate, an_elearning, completed
from certifications.tests.storages import RefusingStorage, TearingStorage
from learners.tests.factories import an_administrator, an_enrolment

pytestmark = pytest.mark.django_db


@pytest.fixture
def storage(settings, tmp_path):
    """Use this class as the storage."""

    def use(name):
        backend = f"certifications.tests.storages.{name}"
        settings.STORAGES = settings.STORAGES | {
            "default": {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
        }
        return tmp_path

    RefusingStorage.refusal, RefusingStorage.asked, TearingStorage.is_torn = None, 0, False
    return use


@pytest.fixture
def worker():
    """Let what is enqueued be done at once."""
    from celery import current_app as app

    before = app.conf.task_always_eager, app.conf.task_eager_propagates
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    app.conf.update(task_always_eager=before[0], task_eager_propagates=before[1])


def render(certificate):
    rendering.render_waiting(seconds=60)
    certificate.refresh_from_db()
    return certificate


def test_a_certificate_is_stored_with_its_checksum():
    certificate = render(a_certificate())

    content = certificate.file.open("rb").read()
    assert content.startswith(b"%PDF-1.7")
    assert certificate.file_sha256 == hashlib.sha256(content).hexdigest()
    assert certificate.rendered_at is not None
    assert certificate.code in certificate.file.name


def test_draining_the_outbox_has_the_certificates_made(worker):
    enrolment = an_enrolment(an_elearning())
    completed(enrolment)
    tasks.drain_outbox()

    assert Certificate.objects.get(enrolment=enrolment).rendered_at is not None


def test_a_task_delivered_three_times_makes_one_file(worker):
    certificate = a_certificate()
    for _ in range(3):
        tasks.render_certificates()

    certificate.refresh_from_db()
    folder = certificate.file.name.rpartition("/")[0]
    assert len(default_storage.listdir(folder)[1]) == 1


def test_what_is_stored_is_final():
    certificate = render(a_certificate())
    name, checksum = certificate.file.name, certificate.file_sha256
    certificate.learner.name = "Somebody Else"
    certificate.learner.save()
    assert rendering.render(certificate.pk) is None

    certificate.refresh_from_db()
    assert (certificate.file.name, certificate.file_sha256) == (name, checksum)
    assert default_storage.exists(name)


def test_a_storage_that_refuses_is_tried_again_later(storage):
    storage("RefusingStorage")
    RefusingStorage.refusal = OSError("no space left")
    certificate = render(a_certificate())
    assert certificate.rendered_at is None
    assert certificate.render_attempts == 1

    RefusingStorage.refusal = None
    assert render(certificate).rendered_at is None  # not yet: its claim still stands
    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        assert render(certificate).rendered_at is not None


def test_each_failure_waits_twice_as_long(storage):
    storage("RefusingStorage")
    RefusingStorage.refusal = OSError("no space left")
    certificate = a_certificate()
    now, waited = timezone.now() + timedelta(minutes=1), []
    for _ in range(9):
        with time_machine.travel(now, tick=False):
            certificate = render(certificate)
        waited.append((certificate.render_due_at - now).total_seconds())
        now = certificate.render_due_at

    assert waited == [30, 60, 120, 240, 480, 960, 1920, 3840, 3840]


def test_a_storage_that_is_away_is_not_asked_for_each_of_a_thousand(storage):
    storage("RefusingStorage")
    RefusingStorage.refusal = OSError("away")
    course = an_elearning()
    for _ in range(5):
        a_certificate(course)
    rendering.render_waiting(seconds=60)

    assert RefusingStorage.asked == rendering.FAILURES_IN_A_ROW


def test_killed_while_writing_leaves_nothing_but_the_whole_file(storage):
    folder = storage("TearingStorage")
    certificate = a_certificate()
    with pytest.raises(SystemExit):
        rendering.render_waiting(seconds=60)
    certificate.refresh_from_db()
    assert certificate.rendered_at is None

    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        certificate = render(certificate)
    content = certificate.file.open("rb").read()
    assert certificate.file_sha256 == hashlib.sha256(content).hexdigest()
    assert [path.name for path in folder.rglob("*.pdf")] == [certificate.file.name.split("/")[-1]]


def test_two_workers_never_take_the_same_one():
    certificate = a_certificate()
    now = timezone.now()

    assert rendering.claim(certificate.pk, now) is True
    assert rendering.claim(certificate.pk, now) is False


def test_a_withdrawn_certificate_is_not_made():
    certificate = a_certificate()
    releasing_and_revoking.revoke(
        certificate=certificate, by=an_administrator(), reason="A mistake."
    )

    assert render(certificate).rendered_at is None
    assert certificate.render_attempts == 0


def test_without_typefaces_certificates_wait(settings, tmp_path):
    certificate = a_certificate()
    settings.BASE_DIR = tmp_path
    tasks.render_certificates()

    certificate.refresh_from_db()
    assert certificate.rendered_at is None
    assert certificate.render_attempts == 0


def test_nothing_to_make_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert rendering.render_waiting(seconds=60) == 0


@pytest.mark.parametrize("number", [1, 3])
def test_making_one_takes_as_many_queries_whatever_their_number(number, django_assert_num_queries):
    course = an_elearning()
    for _ in range(number):
        a_certificate(course)

    with django_assert_num_queries(2 + 4 * number):
        assert rendering.render_waiting(seconds=60) == number


def test_the_newest_is_made_first_so_that_a_page_does_not_wait_behind_an_import():
    old = a_certificate()
    new = a_certificate()
    Certificate.objects.filter(pk=old.pk).update(render_due_at=timezone.now() - timedelta(hours=1))

    rendering.render_waiting(seconds=60)

    old.refresh_from_db()
    new.refresh_from_db()
    assert new.rendered_at < old.rendered_at
