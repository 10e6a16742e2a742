"""Writing lessons: what each kind needs, and what is said beside the field."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from learners.content.lesson_form import LessonForm
from learners.models import AuditEntry, Lesson, LessonKind
from learners.tests.conftest import FILM
from learners.tests.content.test_player import finished
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_lesson,
    an_administrator,
    an_enrolment,
    an_online_course,
)
from learners.tests.files.test_keeping import KNOWN, PDF

pytestmark = pytest.mark.django_db
VTT = b"WEBVTT\n\n00:00.000 --> 00:01.000\nHallo\n"
LISTED = "/admin/learners/lesson/"


def form_of(kind, files=None, instance=None, **fields):
    course = instance.course if instance else CourseFactory()
    data = {"course": course.pk, "position": 1, "title_nl": "Les", "kind": kind, **fields}
    uploads = {name: SimpleUploadedFile(*file) for name, file in (files or {}).items()}
    form = LessonForm(data, uploads, instance=instance)
    form.by = UserFactory()
    return form


GOOD = [
    (LessonKind.TEXT, {}, {"body_nl": "Lees"}),
    (LessonKind.PICTURE, {"upload": ("a.png", KNOWN["a.png"])}, {"alt_nl": "Een brug"}),
    (LessonKind.VIDEO, {"upload": ("a.mp4", FILM), "upload_captions_en": ("a.vtt", VTT)}, {}),
    (LessonKind.PDF, {"upload": ("a.pdf", PDF)}, {"body_nl": "Lees ook dit"}),
    (LessonKind.FILE, {"upload": ("a.docx", KNOWN["a.docx"])}, {}),
    (LessonKind.LINK, {}, {"link": "https://example.org"}),
]


@pytest.mark.parametrize(("kind", "files", "fields"), GOOD, ids=lambda value: str(value)[:9])
def test_each_kind_is_stored_with_what_it_needs(kind, files, fields):
    form = form_of(kind, files, **fields)
    assert form.is_valid(), form.errors
    lesson = Lesson.objects.get(pk=form.save().pk)
    lesson.full_clean()
    assert bool(lesson.file) == ("upload" in files)
    assert bool(lesson.captions_en) == ("upload_captions_en" in files)
    for stored in filter(None, (lesson.file, lesson.captions_en)):
        assert stored.owner == form.by
        assert stored.claimed_at is not None


@pytest.mark.parametrize(
    ("kind", "files", "fields", "wrong"),
    [
        (LessonKind.TEXT, {}, {}, ["body_nl"]),
        (LessonKind.TEXT, {}, {"body_nl": "x", "link": "https://example.org"}, ["link"]),
        (LessonKind.TEXT, {"upload": ("a.pdf", PDF)}, {"body_nl": "x"}, ["upload"]),
        (LessonKind.PICTURE, {"upload": ("a.png", KNOWN["a.png"])}, {}, ["alt_nl"]),
        (LessonKind.PICTURE, {"upload": ("a.pdf", PDF)}, {"alt_nl": "x"}, ["upload"]),
        (LessonKind.VIDEO, {}, {}, ["upload"]),
        (LessonKind.VIDEO, {"upload": ("a.mov", KNOWN["a.mov"])}, {}, ["upload"]),
        (
            LessonKind.VIDEO,
            {"upload": ("a.mp4", FILM), "upload_captions_nl": ("a.vtt", b"WEBVTT\n")},
            {},
            ["upload_captions_nl"],
        ),
        (LessonKind.PDF, {"upload": ("a.pdf", PDF)}, {"alt_en": "x"}, ["alt_en"]),
        (
            LessonKind.PDF,
            {"upload": ("a.pdf", PDF), "upload_captions_nl": ("a.vtt", VTT)},
            {},
            ["upload_captions_nl"],
        ),
        (LessonKind.LINK, {}, {}, ["link"]),
        ("nonsense", {}, {}, ["kind"]),
    ],
)
def test_what_is_lacking_or_too_much_is_said_beside_the_field(kind, files, fields, wrong):
    assert list(form_of(kind, files, **fields).errors) == wrong


def test_a_file_stays_until_another_comes_and_goes_with_its_kind():
    lesson = form_of(LessonKind.PDF, {"upload": ("a.pdf", PDF)})
    lesson.is_valid()
    lesson = lesson.save()
    kept = form_of(LessonKind.PDF, instance=lesson, title_nl="Anders")
    assert kept.is_valid(), kept.errors
    assert kept.save().file.name == "a.pdf"
    assert list(form_of(LessonKind.VIDEO, instance=lesson).errors) == ["upload"]
    text = form_of(LessonKind.TEXT, instance=lesson, body_nl="Lees")
    assert text.is_valid(), text.errors
    assert text.save().file is None


@pytest.fixture
def head_office(client):
    client.force_login(an_administrator(language="en"))
    return client


def test_a_course_leads_to_its_lessons_and_to_a_new_one_at_the_end(head_office):
    course = an_online_course(2)
    a_lesson(CourseFactory())
    page = head_office.get(reverse("admin:learners_course_change", args=[course.pk])).text
    assert f"{LISTED}?course={course.pk}&amp;archived=no" in page
    add = f"{LISTED}add/?course={course.pk}"
    assert add in page
    assert head_office.get(add).context["adminform"].form.initial["position"] == "3"
    listed = head_office.get(f"{LISTED}?course={course.pk}&archived=no")
    assert [row.title_nl for row in listed.context["cl"].result_list] == ["Les 1", "Les 2"]


def test_the_order_is_changed_in_the_list_and_stands_in_the_log(head_office):
    course = an_online_course(2)
    first, second = course.lessons.all()
    rows = {"form-0-id": first.pk, "form-0-position": 5}
    rows |= {"form-1-id": second.pk, "form-1-position": 2}
    counts = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2}
    head_office.post(f"{LISTED}?course={course.pk}", {**rows, **counts, "_save": "Save"})
    assert list(course.lessons.all()) == [second, first]
    assert AuditEntry.objects.get().changes == {"position": [1, 5]}


def test_a_lesson_that_somebody_finished_is_archived_and_never_deleted(head_office):
    enrolment = an_enrolment(course := an_online_course(2))
    lesson = course.lessons.first()
    finished(enrolment, lesson)
    assert head_office.get(f"{LISTED}{lesson.pk}/delete/").status_code == 403
    asked = {"action": "archive", "_selected_action": [lesson.pk], "index": 0}
    assert "1 person finished it" in head_office.post(LISTED, asked).text
    head_office.post(LISTED, {**asked, "confirmed": "1", "reason": ""})
    assert list(course.lessons.shown()) == [course.lessons.last()]
    assert enrolment.lesson_progress.count() == 1
    head_office.post(LISTED, {**asked, "action": "bring_back", "confirmed": "1", "reason": ""})
    assert course.lessons.shown().count() == 2


def test_captions_are_replaced_and_removed():
    files = {"upload": ("a.mp4", FILM), "upload_captions_nl": ("a.vtt", VTT)}
    form = form_of(LessonKind.VIDEO, {**files, "upload_captions_en": ("b.vtt", VTT)})
    assert form.is_valid(), form.errors
    lesson = form.save()
    first = lesson.captions_nl
    form = form_of(LessonKind.VIDEO, {"upload_captions_nl": ("c.vtt", VTT)}, instance=lesson)
    assert form.is_valid(), form.errors
    lesson = form.save()
    assert lesson.captions_nl != first
    assert lesson.captions_nl.name == "c.vtt"
    form = form_of(LessonKind.VIDEO, instance=lesson, drop_captions_nl="on")
    assert form.is_valid(), form.errors
    lesson = Lesson.objects.get(pk=form.save().pk)
    assert lesson.captions_nl is None
    assert lesson.captions_en.name == "b.vtt"
