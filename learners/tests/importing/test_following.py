"""Lines about programmes: who follows one, and who coaches them there."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from learners.importing import exporting
from learners.models import (
    Coaching,
    CourseKind,
    Enrolment,
    ImportKind,
    ImportState,
    Notification,
    Organisation,
    Programme,
    Role,
    User,
)
from learners.tests.factories import CourseFactory, UserFactory, a_member, a_programme, a_run
from learners.tests.importing.lists import a_csv, an_xlsx, applied, checked, said

pytestmark = pytest.mark.django_db
HEADINGS = "opleiding,deelnemer,naam,ingeschreven op,begeleider"


@pytest.fixture(autouse=True)
def nobody_at_work() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture
def programme() -> Programme:
    course = CourseFactory(code="EHBO", kind=CourseKind.ELEARNING)
    return a_programme(course, organisation=course.organisation, code="HULP")


@pytest.fixture
def here(programme: Programme) -> Organisation:
    return programme.organisation


@pytest.fixture
def karel(here: Organisation) -> User:
    return a_member(Role.COACH, here, email="karel@example.org")


@pytest.fixture
def fatima(here: Organisation) -> User:
    return a_member(Role.COACH, here, email="fatima@example.org")


def coaches_of(whole: Enrolment) -> list[str | None]:
    return list(whole.coachings.order_by("pk").values_list("coach__email", flat=True))


def test_a_line_enrols_in_a_programme_with_its_courses_and_its_coaches(here, karel, fatima) -> None:
    lines = (
        'HULP,zoe@example.org,Zoë Çelik,2026-01-05,"Karel@example.org; fatima@example.org"',
        "hulp,ada@example.org,Ada Öz,,",
    )
    job = applied(here, a_csv(*lines, headings=HEADINGS))
    assert job.state == ImportState.DONE
    assert (job.count("new_enrolments"), job.count("coachings")) == (2, 2)
    zoe, ada = Enrolment.objects.filter(programme__isnull=False).order_by("pk")
    assert coaches_of(zoe) == ["karel@example.org", "fatima@example.org"]
    assert coaches_of(ada) == []
    assert str(zoe.registered_on) == "2026-01-05"
    assert [part.course.code for part in zoe.parts.all()] == ["EHBO"]
    assert not Notification.objects.exists()


def test_the_same_file_a_second_time_changes_nothing(here, karel) -> None:
    content = a_csv("HULP,zoe@example.org,Zoë,,karel@example.org", headings=HEADINGS)
    applied(here, content)
    job = checked(here, content)
    assert (job.count("unchanged"), job.count("changed"), job.outcomes) == (1, 0, "u")
    applied(here, content)
    assert Enrolment.objects.filter(programme__isnull=False).count() == 1
    assert Coaching.objects.count() == 1


def test_a_coach_is_added_to_somebody_who_follows_it_and_both_are_told_where_asked(
    here, karel, fatima
) -> None:
    applied(here, a_csv("HULP,zoe@example.org,Zoë,,karel@example.org", headings=HEADINGS))
    content = a_csv("HULP,zoe@example.org,Zoë,,fatima@example.org", headings=HEADINGS)
    assert said(checked(here, content)) == [(2, "coach", "coach_added")]
    job = applied(here, content, tells=True)
    whole = Enrolment.objects.get(programme__isnull=False)
    assert coaches_of(whole) == ["karel@example.org", "fatima@example.org"]
    told = Notification.objects.order_by("kind").values_list("kind", "user")
    assert list(told) == [
        ("learners/coach_assigned", whole.learner_id),
        ("learners/coaches_assigned", fatima.pk),
    ]
    assert job.count("to_tell") == len(told)


def test_what_is_wrong_with_a_coach_is_said_by_line(here, karel) -> None:
    UserFactory(email="noor@example.org")
    a_member(Role.COACH, here, email="weg@example.org", is_active=False)
    lines = (
        "HULP,zoe@example.org,Zoë,,wie@example.org",
        "HULP,ada@example.org,Ada,,noor@example.org",
        "HULP,eva@example.org,Eva,,weg@example.org",
        "EHBO,jan@example.org,Jan,,karel@example.org",
    )
    job = checked(here, a_csv(*lines, headings=HEADINGS))
    assert job.state == ImportState.REFUSED
    assert said(job) == [
        (2, "coach", "coach_unknown"),
        (3, "coach", "coach_no_role"),
        (4, "coach", "coach_no_role"),
        (5, "coach", "coach_of_course"),
    ]
    assert not Enrolment.objects.exists()


def test_a_line_about_a_programme_has_no_run_and_no_result(here) -> None:
    job = checked(here, a_csv("HULP,GENT,zoe@example.org,Zoë,,2026-01-05,completed"))
    refused = [column for _line, column, kind in said(job) if kind == "not_of_programme"]
    assert refused == ["run", "withdrawn_on", "result"]
    assert job.state == ImportState.REFUSED


def test_a_stranger_in_a_programme_and_in_one_of_its_courses_is_one_person(here) -> None:
    run = a_run(3, course=CourseFactory(organisation=here, code="BHV"), code="GENT")
    headings = "course,run,learner,name"
    lines = ("HULP,,zoe@example.org,Zoë", "BHV,GENT,zoe@example.org,")
    job = applied(here, a_csv(*lines, headings=headings))
    assert job.state == ImportState.DONE
    zoe = User.objects.get(email="zoe@example.org")
    assert Enrolment.objects.filter(learner=zoe).count() == 3
    assert Enrolment.objects.participants_of(run).get().learner == zoe


def test_where_a_course_and_a_programme_have_one_code_a_line_is_about_the_course(here) -> None:
    a_programme(organisation=here, code="EHBO")
    applied(here, a_csv("EHBO,zoe@example.org,Zoë,,", headings=HEADINGS))
    assert Enrolment.objects.get().course is not None


def test_the_example_has_a_programme_and_a_coach_and_passes_its_own_check(here, karel) -> None:
    Programme.objects.update(published_at="2026-01-01T00:00Z")
    content = "".join(exporting.example_csv(ImportKind.ENROLMENTS, here)).encode()
    assert b"HULP" in content
    assert b"karel@example.org" in content
    job = checked(here, content)
    assert (job.state, job.count("coachings")) == (ImportState.READY, 1)


def test_planning_asks_as_much_for_ten_coaches_as_for_one(
    here, django_assert_max_num_queries
) -> None:
    coaches = [a_member(Role.COACH, here) for _ in range(10)]
    rows = [["HULP", f"p{n}@example.org", "Zoë", "", c.email] for n, c in enumerate(coaches)]
    with django_assert_max_num_queries(30):
        job = checked(here, an_xlsx(*rows, headings=HEADINGS), name="in.xlsx")
    assert job.count("coachings") == 10


def test_a_line_that_names_its_learner_as_their_coach_is_refused(here, karel) -> None:
    job = checked(here, a_csv(f"HULP,{karel.email},Karel,,{karel.email}", headings=HEADINGS))
    (finding,) = job.findings.filter(kind="coach_themselves")
    assert (finding.line, finding.value, finding.severity) == (2, karel.email, "error")
    assert job.count("coachings") == 0
