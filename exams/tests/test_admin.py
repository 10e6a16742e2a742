"""A programme is defined in the administration: its plan, themes, assignments and versions."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from exams.admin.plan_form import AGREED
from exams.assignments import drafts
from exams.defining import publishing
from exams.models import Assignment, AssignmentVersion, ExamPlan, Theme, ThemeCourse
from exams.tests.defining.sheets import as_file
from exams.tests.factories import (
    ThemeFactory,
    a_course_in,
    a_follower,
    a_hand_in,
    a_version,
    an_assignment,
    an_exam_programme,
    work_on,
)
from learners.models import AuditEntry, CompletedBy, Programme, StoredFile, User
from learners.tests.factories import (
    CourseFactory,
    ProgrammeFactory,
    UserFactory,
    an_administrator,
)

pytestmark = pytest.mark.django_db
MODELS = (ExamPlan, Theme, Assignment, AssignmentVersion)


@pytest.fixture
def head_office() -> User:
    return an_administrator(language="en", email="head@example.org")


@pytest.fixture
def admin(client: Client, head_office: User) -> Client:
    client.force_login(head_office)
    return client


def address(model: Any, page: str, *args: object) -> str:
    return reverse(f"admin:exams_{model._meta.model_name}_{page}", args=args)


def no_lines(**said: object) -> dict[str, object]:
    """Return what a theme's page sends of tables in which nothing is changed."""
    counts = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
    tables = ("assignments", "theme_courses")
    return {f"{table}-{name}": n for table in tables for name, n in counts.items()} | said


def test_from_nothing_to_a_published_assignment(admin: Client, head_office: User) -> None:
    programme = ProgrammeFactory(completed_by=CompletedBy.EXAM)
    of = reverse("admin:exams_examplan_of", args=[programme.pk])
    programme_page = reverse("admin:learners_programme_change", args=[programme.pk])
    assert f'href="{of}"' in admin.get(programme_page).text
    assert admin.get(of).headers["Location"].endswith(f"?programme={programme.pk}")

    admin.post(address(ExamPlan, "add"), {"programme": programme.pk, "xp_from": "hand_in"})
    plan = ExamPlan.objects.get()
    assert admin.get(of).headers["Location"] == address(ExamPlan, "change", plan.pk)

    said = {"programme": programme.pk, "title_nl": "Kijken", "position": 1}
    back = admin.post(address(Theme, "add"), said)
    assert back.headers["Location"] == of
    theme = Theme.objects.get()

    place = {"theme": theme.pk, "code": " KIJK  1 ", "position": 1, "is_needed": "on"}
    page = admin.post(address(Assignment, "add"), place)
    draft = AssignmentVersion.objects.get()
    assert page.headers["Location"] == address(AssignmentVersion, "change", draft.pk)
    assert draft.assignment.code == "KIJK 1"

    asked = {"title_nl": "Kijk", "task_nl": "Kijk **goed**.\r\n", "xp": 10, "answer": "both"}
    admin.post(address(AssignmentVersion, "change", draft.pk), {**asked, "is_reviewed": "on"})
    publish = address(AssignmentVersion, "publish", draft.pk)
    shown = admin.get(publish).text
    assert "<strong>goed</strong>" in shown
    assert "Nobody follows the programme now" in shown
    done = admin.post(publish, {"reaches": "not_handed_in"}, follow=True)
    assert "now give 10 XP in all" in done.text
    draft.refresh_from_db()
    assert (draft.is_frozen, draft.task_nl) == (True, "Kijk **goed**.")
    assert AuditEntry.objects.filter(by=head_office, object_type__startswith="exams.").count() == 6


def test_only_a_programme_with_an_exam_has_assignments(admin: Client) -> None:
    programme = ProgrammeFactory()
    words = "Only a programme that is completed by an exam has assignments"
    said = {"programme": programme.pk, "xp_from": "hand_in"}
    assert words in admin.post(address(ExamPlan, "add"), said).text
    said = {"programme": programme.pk, "title_nl": "Kijken", "position": 1}
    assert words in admin.post(address(Theme, "add"), said).text
    theme = ThemeFactory(programme=programme)
    place = {"theme": theme.pk, "code": "A", "position": 1}
    assert words in admin.post(address(Assignment, "add"), place).text
    assert not Assignment.objects.exists()


def test_a_published_version_takes_nothing_more(admin: Client) -> None:
    an_exam_programme(1)
    version = AssignmentVersion.objects.get()
    page = address(AssignmentVersion, "change", version.pk)
    text = admin.get(page).text
    assert 'name="title_nl"' not in text
    assert "nothing in it changes any more" in text
    admin.post(page, {"title_nl": "Anders", "task_nl": "Anders", "xp": 1, "answer": "text"})
    version.refresh_from_db()
    assert version.title_nl == "Opdracht 1"
    leads = admin.get(address(AssignmentVersion, "publish", version.pk))
    assert leads.headers["Location"] == page


def test_publishing_says_whom_a_version_touches(admin: Client, head_office: User) -> None:
    programme = an_exam_programme(1)
    a_follower(programme)
    a_hand_in(work_on(a_follower(programme)))
    draft = publishing.begin(assignment=Assignment.objects.get(), by=head_office)
    page = admin.get(address(AssignmentVersion, "publish", draft.pk)).text
    assert "1 person gets it now" in page
    assert "1 person handed in the version before it" in page
    admin.post(address(AssignmentVersion, "publish", draft.pk), {"reaches": "new"})
    draft.refresh_from_db()
    assert draft.reaches == "new"


def test_a_change_of_the_plan_says_who_comes_in_reach_and_asks(admin: Client) -> None:
    programme = an_exam_programme(3, needed_xp=20)
    a_hand_in(work_on(a_follower(programme)))
    plan = ExamPlan.objects.get()
    page = address(ExamPlan, "change", plan.pk)
    said = {"xp_from": "hand_in", "needed_xp": 10, "sample_size": 6}
    asked = admin.post(page, said).text
    assert "For 1 person who follows the programme the exam comes in reach." in asked
    assert 'value="10"' in asked  # what was typed
    plan.refresh_from_db()
    assert plan.needed_xp == 20
    admin.post(page, {**said, AGREED: "10,hand_in"})
    plan.refresh_from_db()
    assert plan.needed_xp == 10
    assert "give 30 XP in all" in admin.post(page, {**said, "needed_xp": 31}).text


def test_a_code_is_there_once_in_a_programme(admin: Client) -> None:
    theme = an_exam_programme(1).themes.get()
    place = {"theme": theme.pk, "code": "opd-1", "position": 2}
    page = admin.post(address(Assignment, "add"), place).text
    assert "Another assignment of this programme has this code." in page


def test_courses_of_the_programme_stand_among_the_assignments(admin: Client) -> None:
    programme = an_exam_programme(1)
    theme = programme.themes.get()
    row = a_course_in(theme, CourseFactory(organisation=programme.organisation))
    foreign = a_course_in(
        an_exam_programme(0).themes.get(), CourseFactory(organisation=programme.organisation)
    ).programme_course
    course = row.programme_course
    row.delete()
    line = {"theme_courses-TOTAL_FORMS": 1, "theme_courses-0-position": 2}
    said = no_lines(title_nl="Kijken", position=1) | line
    page = address(Theme, "change", theme.pk)
    refused = admin.post(page, said | {"theme_courses-0-programme_course": foreign.pk})
    assert refused.status_code == 200
    admin.post(page, said | {"theme_courses-0-programme_course": course.pk})
    assert ThemeCourse.objects.get(theme=theme).programme_course == course


def test_archiving_says_whose_total_it_leaves(admin: Client) -> None:
    programme = an_exam_programme(1)
    begun = work_on(a_follower(programme))
    drafts.save_text(work=begun, by=begun.enrolment.learner, text="Ik zag", revision=0)
    a_hand_in(work_on(a_follower(programme)))
    assignment = Assignment.objects.get()
    chosen = {"action": "archive", "index": 0, "_selected_action": [assignment.pk]}
    page = admin.post(address(Assignment, "changelist"), chosen).text
    assert "it leaves the XP of 1 person who has not handed it in" in page
    assert "it stays for 1 person who handed it in" in page
    assert "1 draft that was not handed in stays with its writer" in page
    confirmed = {**chosen, "confirmed": "yes", "reason": ""}
    admin.post(address(Assignment, "changelist"), confirmed)
    assignment.refresh_from_db()
    assert assignment.archived_at is not None


def test_what_is_typed_is_shown_as_learners_see_it(admin: Client) -> None:
    page = address(AssignmentVersion, "look")
    said = {"title_nl": "Kijk", "task_nl": "- **een**\n<script>", "xp": 10, "answer": "text"}
    text = admin.post(page, said).text
    assert "<strong>een</strong>" in text
    assert "<script>" not in text


def the_file(name: str, content: io.BytesIO) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.getvalue())


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_programme_goes_out_and_comes_in_after_it_was_looked_at(
    admin: Client, ending: str
) -> None:
    source, target = an_exam_programme(2), an_exam_programme(0)
    Theme.objects.filter(programme=target).delete()
    out = ExamPlan.objects.get(programme=source)
    sent = admin.get(address(ExamPlan, "export", out.pk, ending))
    content = io.BytesIO(b"".join(sent.streaming_content))  # type: ignore[attr-defined]
    page = address(ExamPlan, "file", ExamPlan.objects.get(programme=target).pk)
    looked = admin.post(page, {"file": the_file(f"a.{ending}", content)})
    found = looked.context["found"]
    assert [str(step.outcome) for step in found.steps] == ["new", "new"]
    assert not Assignment.objects.filter(programme=target).exists()
    kept = {"file-kept": StoredFile.objects.get().token, "seen": found.key}
    done = admin.post(page, {**kept, "reaches": "new", "apply": "yes"})
    assert done.status_code == 302
    assert Assignment.objects.filter(programme=target).count() == 2
    again = admin.post(page, {"file": the_file(f"a.{ending}", content)}).text
    assert "this file changes nothing" in again


def test_a_file_that_cannot_be_read_says_so_beside_it(admin: Client) -> None:
    an_exam_programme(1)
    page = address(ExamPlan, "file", ExamPlan.objects.get().pk)
    file = SimpleUploadedFile("a.csv", b"theme,code\nA,B\n")
    assert "has no column" in admin.post(page, {"file": file}).text


def test_what_was_changed_meanwhile_is_shown_before_it_is_done(
    admin: Client, head_office: User
) -> None:
    programme = an_exam_programme(1)
    content = as_file(programme, "csv")
    a_version(Assignment.objects.get(), title_nl="Nieuwer")
    page = address(ExamPlan, "file", ExamPlan.objects.get().pk)
    seen = {"file": the_file("a.csv", content), "seen": "old", "apply": "yes"}
    assert "was changed since you looked" in admin.post(page, seen).text
    assert Assignment.objects.get().versions.count() == 2


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_example_can_be_had(admin: Client, ending: str) -> None:
    assert admin.get(address(ExamPlan, "example", ending)).status_code == 200


LISTS = {ExamPlan: 5, Theme: 6, Assignment: 7, AssignmentVersion: 5}
PAGES = {ExamPlan: 13, Theme: 11, Assignment: 9, AssignmentVersion: 7}


def many(programme: Programme) -> None:
    theme = programme.themes.order_by("pk")[0]
    for _number in range(3):
        an_assignment(ThemeFactory(programme=programme))
        an_assignment(theme)
        a_course_in(theme, CourseFactory(organisation=programme.organisation))
    an_exam_programme(2)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_list_and_a_page_ask_as_much_for_many_rows_as_for_one(
    admin: Client, model: Any, django_assert_max_num_queries: Any
) -> None:
    programme = an_exam_programme(1)
    a_course_in(programme.themes.get(), CourseFactory(organisation=programme.organisation))
    row = model.objects.order_by("pk").first()
    for _round in range(2):
        with django_assert_max_num_queries(LISTS[model]):
            assert admin.get(address(model, "changelist"), {"q": "o"}).status_code == 200
        with django_assert_max_num_queries(PAGES[model]):
            assert admin.get(address(model, "change", row.pk)).status_code == 200
        many(programme)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_nobody_else_gets_in(client: Client, model: Any) -> None:
    an_exam_programme(1)
    row, plan = model.objects.first(), ExamPlan.objects.get()
    client.force_login(UserFactory())
    pages = [
        address(model, "changelist"),
        address(model, "change", row.pk),
        address(ExamPlan, "file", plan.pk),
        address(ExamPlan, "export", plan.pk, "csv"),
        address(AssignmentVersion, "publish", AssignmentVersion.objects.get().pk),
    ]
    assert {client.get(page).status_code for page in pages} == {302}
