"""Base lists and exemption files: checked, foreseen, and applied all or not at all."""

import pytest
from django.core.cache import cache

from learners.enrolling import entering
from learners.importing import exporting, lines
from learners.models import (
    Actor,
    Enrolment,
    ImportJob,
    ImportKind,
    ImportState,
    Place,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
    an_enrolment,
    an_online_course,
    with_status,
)
from learners.tests.importing.lists import a_csv, applied, checked, said

pytestmark = pytest.mark.django_db
HEADINGS = "learner,name,course,ground"
EXEMPTIONS = {"kind": ImportKind.EXEMPTIONS}
S = StudyStatus


@pytest.fixture(autouse=True)
def nobody_at_work():
    yield
    cache.clear()


@pytest.fixture
def course():
    return CourseFactory(code="EHBO", study_points=5)


def a_list(*rows):
    return a_csv(*rows, headings=HEADINGS)


def check(course, *rows):
    return checked(course.organisation, a_list(*rows), **EXEMPTIONS)


def apply(course, *rows, **options):
    return applied(course.organisation, a_list(*rows), **EXEMPTIONS, **options)


def test_people_without_an_enrolment_are_exempt_from_the_beginning(course):
    job = apply(course, "ada@example.org,Ada,EHBO,Base list 2026")
    assert job.state == ImportState.DONE
    enrolment = Enrolment.objects.get()
    assert (enrolment.status, enrolment.learner.name) == (S.EXEMPT, "Ada")
    (change,) = StudyStatusChange.objects.filter(enrolment=enrolment)
    assert (change.from_status, change.to_status) == ("", S.EXEMPT)
    assert (change.reason, change.by) == ("Base list 2026", job.by)


def test_whoever_follows_the_course_is_exempt_of_it_and_frees_their_place(course):
    enrolment = a_participant(a_run(5, course=course))
    apply(course, f"{enrolment.learner.email},,EHBO,Nurse")
    enrolment.refresh_from_db()
    assert enrolment.status == S.EXEMPT
    assert not Place.objects.booked().exists()
    assert Enrolment.objects.count() == 1


def test_an_exemption_gives_no_points(course):
    apply(course, "ada@example.org,Ada,EHBO,Nurse")
    assert not User.objects.get(email="ada@example.org").point_accounts.exists()


def test_who_has_completed_the_course_stays_so_and_is_named(course):
    done = with_status(an_enrolment(course), S.COMPLETED)
    job = apply(course, f"{done.learner.email},,EHBO,Nurse")
    assert said(job) == [(2, "course", "already_completed")]
    assert Enrolment.objects.get().status == S.COMPLETED


def test_who_did_not_pass_keeps_that_and_is_exempt_beside_it(course):
    failed = with_status(an_enrolment(course), S.NOT_PASSED)
    apply(course, f"{failed.learner.email},,EHBO,Diploma")
    mine = Enrolment.objects.filter(learner=failed.learner).order_by("pk")
    assert [each.status for each in mine] == [S.NOT_PASSED, S.EXEMPT]


def test_the_same_file_twice_changes_nothing(course):
    rows = ("ada@example.org,Ada,EHBO,Nurse", "bo@example.org,Bo,EHBO,Nurse")
    apply(course, *rows)
    before = StudyStatusChange.objects.count()
    job = apply(course, *rows)
    assert (job.count("unchanged"), job.count("new_enrolments")) == (2, 0)
    assert (Enrolment.objects.count(), StudyStatusChange.objects.count()) == (2, before)


def test_all_errors_of_a_line_are_said_at_once(course):
    job = check(course, "nobody@example.org,,EHBX,", "no-address@,Ada,EHBO,Nurse")
    assert job.state == ImportState.REFUSED
    assert said(job) == [
        (2, "course", "course_unknown"),
        (2, "ground", "ground_missing"),
        (2, "name", "name_missing"),
        (3, "learner", "email_wrong"),
    ]


def test_with_one_error_nothing_is_applied(course):
    apply(course, "ada@example.org,Ada,EHBO,Nurse", "bo@example.org,Bo,NONE,Nurse")
    assert not Enrolment.objects.exists()
    assert not User.objects.filter(email="ada@example.org").exists()


def test_two_lines_about_the_same_are_one_or_an_error(course):
    same = check(course, *["ada@example.org,Ada,EHBO,Nurse"] * 2)
    assert said(same) == [(3, "learner", "twice_same")]
    rows = ("ada@example.org,Ada,EHBO,Nurse", "ada@example.org,Ada,EHBO,Diploma")
    assert said(check(course, *rows)) == [(3, "learner", "twice_different")]


def test_a_number_and_an_address_of_the_same_person_are_the_same(course):
    enrolment = an_enrolment(course)
    enrolment.learner.memberships.update(number="4217")
    rows = (f"{enrolment.learner.email},,EHBO,Nurse", "4217,,EHBO,Nurse")
    assert said(check(course, *rows))[-1] == (3, "learner", "twice_same")


def test_a_file_without_grounds_is_refused(course):
    job = checked(
        course.organisation, a_csv("a@b.nl,Ada,EHBO", headings="learner,name,course"), **EXEMPTIONS
    )
    assert "no column “ground”" in job.findings.get().message


def test_half_a_programme_completes_nothing(course):
    other = CourseFactory(organisation=course.organisation, code="REA")
    programme = a_programme(course, other, organisation=course.organisation)
    learner = UserFactory()
    entering.enrol_in_programme(
        learner=learner,
        programme=programme,
        by=an_administrator(),
        actor=Actor.ADMINISTRATOR,
    )
    assert check(course, f"{learner.email},,EHBO,Nurse").count("programmes") == 0


def test_an_elearning_that_was_not_opened_can_be_exempted():
    course = an_online_course(code="WEB")
    enrolment = an_enrolment(course)
    apply(course, f"{enrolment.learner.email},,WEB,Nurse")
    enrolment.refresh_from_db()
    assert enrolment.status == S.EXEMPT


@pytest.mark.parametrize(("tells", "number"), [(False, 0), (True, 1)])
def test_people_are_told_where_that_is_wanted(course, tells, number):
    apply(course, "ada@example.org,Ada,EHBO,Nurse", tells=tells)
    told = User.objects.get(email="ada@example.org").notifications
    assert told.filter(kind="learners/exempted").count() == number


def test_the_lines_are_shown_with_what_becomes_of_them(course):
    open_now = an_enrolment(course)
    job = check(course, f"{open_now.learner.email},,EHBO,Nurse", "bo@example.org,Bo,EHBO,Nurse")
    first, second = lines.page_of(job, 1)
    assert (first.outcome, first.enrolment, first.person) == ("c", open_now, open_now.learner)
    assert (second.outcome, second.person, second.who) == ("n", None, "Bo")
    assert second.rest == [("ground", "Nurse")]
    assert [line.who for line in lines.page_of(job, 1, "n")] == ["Bo"]
    assert lines.number_of(job, "n") == 1


def test_the_example_passes_its_own_check(course):
    content = "".join(exporting.example_csv(ImportKind.EXEMPTIONS, course.organisation)).encode()
    job = checked(course.organisation, content, **EXEMPTIONS)
    assert (job.state, job.count("new_enrolments")) == (ImportState.READY, 2)


def test_exemptions_and_enrolments_are_lists_of_their_own(course, client):
    job = check(course, "ada@example.org,Ada,EHBO,Nurse")
    client.force_login(an_administrator(language="en"))
    page = client.get(f"/admin/learners/exemptionimport/{job.pk}/change/")
    assert "exemption without an enrolment before" in page.text
    assert client.get(f"/admin/learners/importjob/{job.pk}/change/").status_code == 404
    assert ImportJob.objects.count() == 1
