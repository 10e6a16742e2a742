"""The knowledge centre and its files: who gets them, how, and what opening one does."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from django.utils import timezone

from learners.files import file_kinds, keeping, serving
from learners.forms import MaterialForm
from learners.models import CourseKind, Material, ScanState, StudyStatus
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_participant,
    a_run,
    an_administrator,
    an_enrolment,
    teaches,
    with_status,
)
from learners.tests.files.test_keeping import KNOWN, PDF

S = StudyStatus
pytestmark = pytest.mark.django_db


def a_file(name="reader.pdf", content=PDF, owner=None):
    upload = SimpleUploadedFile(name, content)
    return keeping.store(upload=upload, owner=owner, kinds=file_kinds.ALL, max_size=10**6)


def a_material(course, **fields):
    fields = fields or {"file": keeping.claim(stored=a_file())}
    return Material.objects.create(course=course, title="Reader", **fields)


def status_of(enrolment):
    enrolment.refresh_from_db()
    return enrolment.status


def opens(client, who, material):
    client.force_login(who)
    statuses = [client.get(f"/materials/{material.pk}/").status_code]
    if material.file_id:
        statuses.append(client.get(f"/files/{material.file_id}/").status_code)
    return statuses


@pytest.mark.parametrize("kind", [CourseKind.CLASSROOM, CourseKind.ELEARNING])
def test_opening_a_material_starts_the_course_once(client, kind):
    course = CourseFactory(kind=kind)
    enrolment = an_enrolment(course)
    material = a_material(course)
    for _twice in range(2):
        assert opens(client, enrolment.learner, material) == [302, 200]
    assert status_of(enrolment) == S.STARTED
    assert enrolment.status_changes.count() == 2


def test_a_link_leads_there(client):
    course = CourseFactory()
    enrolment = an_enrolment(course)
    material = a_material(course, link="https://www.example.org/reader")
    client.force_login(enrolment.learner)
    assert client.get(f"/materials/{material.pk}/")["Location"] == "https://www.example.org/reader"
    assert status_of(enrolment) == S.STARTED


@pytest.mark.parametrize("status", S)
def test_the_status_says_whether_it_is_open(client, status):
    course = CourseFactory()
    enrolment = with_status(an_enrolment(course), status)
    closed = status in {
        S.TERM_LAPSED, S.CANCELLED, S.EXEMPT, S.WITHDRAWN_VALID, S.WITHDRAWN_INVALID,
    }  # fmt: skip
    expected = [404, 404] if closed else [302, 200]
    assert opens(client, enrolment.learner, a_material(course)) == expected
    assert status_of(enrolment) == (S.STARTED if status in (S.ENROLLED, S.NOT_STARTED) else status)


@pytest.mark.parametrize(("days", "expected"), [(0, [302, 200]), (-1, [404, 404])])
def test_content_closes_when_the_term_is_over_before_any_job_ran(client, days, expected):
    course = CourseFactory()
    enrolment = an_enrolment(course)
    enrolment.term_ends_on = course.organisation.today() + timedelta(days=days)
    enrolment.save()
    assert opens(client, enrolment.learner, a_material(course)) == expected


def test_who_teaches_it_and_administrators_may_read_and_start_nothing(client):
    run = a_run(7)
    participant, teacher = a_participant(run), teaches(UserFactory(), run)
    material = a_material(run.course)
    for who in (teacher, an_administrator()):
        assert opens(client, who, material) == [302, 200]
    assert status_of(participant) == S.ENROLLED


def test_strangers_and_who_is_not_signed_in_get_nothing(client):
    material = a_material(CourseFactory())
    other = an_enrolment(CourseFactory())
    teacher = teaches(UserFactory(), a_run(7))
    for who in (UserFactory(), other.learner, teacher):
        assert opens(client, who, material) == [404, 404]
    client.logout()
    for path in (f"/materials/{material.pk}/", f"/files/{material.file_id}/"):
        assert client.get(path)["Location"].startswith("/accounts/login/")


def test_who_uploaded_a_file_may_fetch_it(client):
    owner = UserFactory()
    stored = a_file(owner=owner)
    client.force_login(owner)
    assert client.get(f"/files/{stored.pk}/").status_code == 200
    client.force_login(UserFactory())
    assert client.get(f"/files/{stored.pk}/").status_code == 404


def test_an_infected_file_is_for_nobody(client):
    owner = an_administrator()
    stored = a_file(owner=owner)
    a_material(CourseFactory(), file=stored)
    client.force_login(owner)
    assert client.get(f"/files/{stored.pk}/").status_code == 200
    stored.scan_state = ScanState.INFECTED
    stored.save()
    assert client.get(f"/files/{stored.pk}/").status_code == 404


@pytest.mark.parametrize("name", [n for n in KNOWN if n.startswith("a.")])
def test_only_what_browsers_show_safely_is_shown(client, name):
    stored = a_file(name, KNOWN[name], owner=UserFactory())
    client.force_login(stored.owner)
    response = client.get(f"/files/{stored.pk}/")
    is_inline = name.rpartition(".")[2] in {"pdf", "png", "jpg", "webp", "mp4", "mp3", "m4a"}
    disposition = response["Content-Disposition"].split(";")[0]
    assert disposition == ("inline" if is_inline else "attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == stored.kind
    assert response["Content-Security-Policy"].startswith(
        "default-src 'none'" if name.endswith("pdf") else "sandbox; default-src 'none'"
    )
    assert response["Cache-Control"] == "private, no-store"
    assert b"".join(response.streaming_content) == KNOWN[name]


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-3", 206, PDF[:4]),
        ("bytes=5-", 206, PDF[5:]),
        ("bytes=-4", 206, PDF[-4:]),
        ("bytes=0-99999", 206, PDF),
        ("bytes=99999-", 416, b""),
        ("bytes=-", 416, b""),
        ("pages=1-2", 200, PDF),
    ],
)
def test_a_part_is_sent_to_who_asks_for_a_part(client, asked, status, part):
    stored = a_file(owner=UserFactory())
    client.force_login(stored.owner)
    response = client.get(f"/files/{stored.pk}/", headers={"Range": asked})
    sent = b"".join(response.streaming_content) if response.streaming else response.content
    assert (response.status_code, sent) == (status, part)
    if status == 206:
        assert response["Content-Length"] == str(len(part))


def test_who_plays_a_film_gets_a_part_at_a_time(client, monkeypatch):
    monkeypatch.setattr(serving, "MOST_AT_ONCE", 8)
    stored = a_file("a.mp4", KNOWN["a.mp4"], owner=UserFactory())
    client.force_login(stored.owner)
    response = client.get(f"/files/{stored.pk}/", headers={"Range": "bytes=4-"})
    assert b"".join(response.streaming_content) == KNOWN["a.mp4"][4:12]
    assert response["Content-Range"] == f"bytes 4-11/{stored.size}"
    exactly = client.get(f"/files/{stored.pk}/", headers={"Range": "bytes=0-19"})
    assert b"".join(exactly.streaming_content) == KNOWN["a.mp4"][:20]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("asked", "part"), [({}, PDF), ({"Range": "bytes=5-8"}, PDF[5:9])])
def test_the_web_server_sends_a_file_by_itself_so_that_no_page_waits_for_a_reader(
    client, asked, part
):
    stored = a_file(owner=UserFactory())
    client.force_login(stored.owner)
    asks = RequestFactory(headers=asked)
    asks.cookies = client.cookies
    environ = asks.get(f"/files/{stored.pk}/").environ
    environ["wsgi.file_wrapper"] = lambda file, _size: file
    file = WSGIHandler()(environ, lambda _status, _headers: None)
    assert file.seek(0, io.SEEK_END) == len(part)
    file.seek(1)
    assert (file.read(2), file.tell()) == (part[1:3], 3)
    file.seek(-1, io.SEEK_CUR)
    assert file.read() == part[2:]
    assert file.read(1) == b""
    file.close()


class TestTheFormOfAMaterial:
    def form(self, upload=None, **data):
        data = {"course": CourseFactory().pk, "position": 1, "title": "Reader", **data}
        form = MaterialForm(data, {"upload": upload} if upload else {})
        form.by = UserFactory()
        return form

    def test_a_file_is_stored_claimed_and_owned(self):
        form = self.form(SimpleUploadedFile("reader.pdf", PDF))
        assert form.is_valid(), form.errors
        material = form.save()
        assert (material.file.name, material.file.owner) == ("reader.pdf", form.by)
        assert material.file.claimed_at <= timezone.now()

    def test_a_link_will_do(self):
        form = self.form(link="https://example.org/")
        assert form.is_valid(), form.errors
        assert form.save().file is None

    def test_neither_and_both_are_refused(self):
        both = self.form(SimpleUploadedFile("reader.pdf", PDF), link="https://example.org/")
        for form in (self.form(), both):
            assert list(form.errors) == ["upload"]

    def test_what_a_file_is_not_is_said_beside_the_field(self):
        form = self.form(SimpleUploadedFile("reader.pdf", b""))
        assert form.errors["upload"] == ["This file is empty; choose another."]

    def test_a_material_with_a_file_is_changed_without_sending_it_again(self):
        material = a_material(CourseFactory())
        data = {"course": material.course_id, "position": 2, "title": "Reader 2"}
        form = MaterialForm(data, instance=material)
        assert form.is_valid(), form.errors
        assert form.save().file == material.file
