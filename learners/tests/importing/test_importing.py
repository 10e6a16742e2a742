"""What lines of a file do: new people, enrolments and results, and every way to be wrong."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from learners.importing import jobs
from learners.jobs import long_work, progress
from learners.models import (
    Course,
    CourseKind,
    Enrolment,
    ImportColumn,
    ImportFinding,
    ImportJob,
    ImportState,
    Membership,
    Place,
    Role,
    Run,
    StudyPointAccount,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_meeting,
    a_member,
    a_run,
    an_enrolment,
    with_status,
)
from learners.tests.importing.lists import a_csv, a_job, an_xlsx, applied, checked, said

pytestmark = pytest.mark.django_db
S = StudyStatus


@pytest.fixture(autouse=True)
def nobody_at_work() -> Iterator[None]:
    """The progress of one test is not that of the next, whose first job has the same number."""
    yield
    cache.clear()


@pytest.fixture
def run() -> Run:
    """A run of EHBO that began a month ago."""
    course = CourseFactory(code="EHBO", study_points=5)
    return a_run(-30, -2, course=course, code="GENT")


@pytest.fixture
def coming() -> Run:
    """A run of BHV that begins in 40 days."""
    return a_run(40, course=CourseFactory(code="BHV"), code="UTR")


def days_before(run: Run, days: int) -> date:
    first = run.first_day(run.course.organisation)
    assert first is not None
    return first - timedelta(days=days)


def status_of(email: str) -> str:
    return Enrolment.objects.get(learner__email=email).status


def test_people_who_are_not_known_are_made_and_enrolled(run: Run) -> None:
    job = applied(
        run.course.organisation,
        a_csv("EHBO,GENT,Zoe@Example.org,Zoë Çelik,2026-01-05,,", "EHBO,GENT,0042,Ada Öz,,,"),
    )
    assert job.state == ImportState.DONE
    zoe, ada = User.objects.exclude(pk=job.by_id).order_by("pk")
    assert (zoe.email, zoe.search_name, zoe.has_usable_password()) == (
        "zoe@example.org",
        "zoe celik",
        False,
    )
    assert ada.email is None
    assert Membership.objects.get(user=ada).number == "0042"
    assert Membership.objects.filter(role=Role.LEARNER).count() == 2
    first, second = Enrolment.objects.order_by("pk")
    assert (first.status, first.registered_on) == (S.ENROLLED, date(2026, 1, 5))
    assert second.registered_on is None
    assert Place.objects.booked().filter(run=run).count() == 2


def test_people_who_are_known_are_found_by_address_and_by_number(run: Run) -> None:
    by_email = UserFactory(name="Noor Janssens", email="noor@example.org")
    by_number = a_member(Role.LEARNER, run.course.organisation, name="Jan Peeters")
    Membership.objects.filter(user=by_number).update(number="77")
    job = applied(
        run.course.organisation,
        a_csv("EHBO,GENT,noor@example.org,,,,", "EHBO,GENT,77,Johannes Peeters,,,"),
    )
    assert job.counts.get("new_people", 0) == 0
    assert set(Enrolment.objects.values_list("learner", flat=True)) == {by_email.pk, by_number.pk}
    assert said(job) == [(3, "name", "name_kept")]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("completed", S.COMPLETED),
        ("Voltooid", S.COMPLETED),
        ("not_passed", S.NOT_PASSED),
        ("niet geslaagd", S.NOT_PASSED),
        ("Geslaagd", S.COMPLETED),
        ("ABSENT", S.ABSENT),
        ("afwezig", S.ABSENT),
        ("uitgeschreven met geldige reden", S.WITHDRAWN_VALID),
        ("withdrawn without a valid reason", S.WITHDRAWN_INVALID),
        ("ingeschreven", S.ENROLLED),
        ("", S.ENROLLED),
    ],
)
def test_a_result_is_understood_in_both_languages(run: Run, word: str, status: str) -> None:
    applied(run.course.organisation, a_csv(f"EHBO,GENT,a@example.org,Ada,,,{word}"))
    assert status_of("a@example.org") == status


@pytest.mark.parametrize(
    ("days", "status"),
    [
        (16, S.WITHDRAWN_VALID),
        (15, S.WITHDRAWN_VALID),
        (14, S.WITHDRAWN_INVALID),
        (-3, S.WITHDRAWN_INVALID),
    ],
)
@pytest.mark.parametrize("word", ["withdrawn", "uitgeschreven", ""])
def test_fifteen_days_before_the_start_is_in_time(
    run: Run, days: int, status: str, word: str
) -> None:
    day = days_before(run, days)
    applied(run.course.organisation, a_csv(f"EHBO,GENT,a@example.org,Ada,,{day},{word}"))
    assert status_of("a@example.org") == status
    change = StudyStatusChange.objects.latest("pk")
    assert change.notified_on == day
    assert not Place.objects.booked().exists()


def test_a_withdrawal_of_which_nobody_knows_the_day_is_not_in_time_and_is_told(run: Run) -> None:
    job = applied(run.course.organisation, a_csv("EHBO,GENT,a@example.org,Ada,,,withdrawn"))
    assert status_of("a@example.org") == S.WITHDRAWN_INVALID
    assert said(job) == [(2, "withdrawn_on", "withdrawn_without_day")]


def test_a_result_wins_over_a_withdrawal_day_and_that_is_told(run: Run) -> None:
    day = days_before(run, 20)
    job = applied(run.course.organisation, a_csv(f"EHBO,GENT,a@example.org,Ada,,{day},not passed"))
    assert status_of("a@example.org") == S.NOT_PASSED
    assert said(job) == [(2, "withdrawn_on", "result_wins")]


def test_a_completion_earns_points_and_a_certificate_unless_they_have_it(run: Run) -> None:
    organisation = run.course.organisation
    applied(organisation, a_csv("EHBO,GENT,a@example.org,Ada,,,completed"))
    applied(
        organisation,
        a_csv("EHBO,GENT,b@example.org,Bo,,,completed"),
        with_certificates=False,
    )
    assert list(StudyPointAccount.objects.values_list("total", flat=True)) == [5, 5]
    completions = StudyStatusChange.objects.filter(to_status=S.COMPLETED).order_by("pk")
    assert [change.handled_at is None for change in completions] == [True, False]


def test_who_has_a_result_for_an_e_learning_had_begun(run: Run) -> None:
    course = CourseFactory(
        code="WEB", kind=CourseKind.ELEARNING, organisation=run.course.organisation
    )
    applied(course.organisation, a_csv("WEB,,a@example.org,Ada,,,completed", "WEB,,b@x.org,Bo,,,"))
    (enrolment,) = Enrolment.objects.filter(learner__email="a@example.org")
    steps = enrolment.status_changes.order_by("pk").values_list("to_status", flat=True)
    assert list(steps) == [S.NOT_STARTED, S.STARTED, S.COMPLETED]
    assert status_of("b@x.org") == S.NOT_STARTED


def test_somebody_may_follow_a_course_again_after_it_ended(run: Run) -> None:
    again = a_run(-20, course=run.course, code="GENT2")
    job = applied(
        run.course.organisation,
        a_csv(
            "EHBO,GENT,a@example.org,Ada,,,not passed",
            "EHBO,GENT2,a@example.org,,,,completed",
            "EHBO,GENT,b@example.org,Bo,,,",
        ),
    )
    assert job.state == ImportState.DONE
    places = Place.objects.filter(enrolment__learner__email="a@example.org").order_by("pk")
    assert [(p.run, p.enrolment.status) for p in places] == [
        (run, S.NOT_PASSED),
        (again, S.COMPLETED),
    ]


FILE = (
    "EHBO,GENT,a@example.org,Ada,2026-01-05,,completed",
    "EHBO,GENT,b@example.org,Bo,2026-01-06,,",
    "EHBO,GENT,c@example.org,Cy,,2026-01-07,withdrawn",
    "EHBO,,0042,Di,,,absent",
)


def test_the_same_file_twice_changes_nothing(run: Run) -> None:
    applied(run.course.organisation, a_csv(*FILE))
    before = snapshot()
    job = applied(run.course.organisation, a_csv(*FILE))
    assert snapshot() == before
    assert (job.count("unchanged"), job.count("changed"), job.count("new_enrolments")) == (4, 0, 0)


def snapshot() -> list[object]:
    people = User.objects.filter(is_staff=False)
    return [
        list(model.order_by("pk").values())
        for model in (
            people,
            Enrolment.objects.all(),
            Place.objects.all(),
            StudyStatusChange.objects.all(),
            StudyPointAccount.objects.all(),
        )
    ]


def test_one_error_and_nothing_is_done(run: Run) -> None:
    job = checked(run.course.organisation, a_csv(*FILE, "EHBO,GENT,x@example.org,,,,"))
    assert job.state == ImportState.REFUSED
    assert not jobs.consent(job=job, by=job.by)
    assert Enrolment.objects.count() == 0
    assert User.objects.filter(is_staff=False).count() == 0


def test_what_changed_since_the_preview_stops_all_of_it(run: Run) -> None:
    job = checked(run.course.organisation, a_csv(*FILE))
    Course.objects.filter(pk=run.course_id).update(code="OTHER")
    jobs.consent(job=job, by=job.by)
    assert jobs.run(job_id=job.pk) == ImportState.REFUSED
    assert Enrolment.objects.count() == 0
    assert {kind for _line, _column, kind in said(job)} >= {"course_unknown"}


@pytest.mark.parametrize(
    ("line", "column", "kind"),
    [
        (",GENT,a@example.org,Ada,,,", "course", "course_missing"),
        ("EHBB,GENT,a@example.org,Ada,,,", "course", "course_unknown"),
        ("EHBO,GHENT,a@example.org,Ada,,,", "run", "run_unknown"),
        ("EHBO,GENT,,Ada,,,", "learner", "learner_missing"),
        ("EHBO,GENT,ada@@example,Ada,,,", "learner", "email_wrong"),
        (f"EHBO,GENT,{'9' * 31},Ada,,,", "learner", "number_too_long"),
        ("EHBO,GENT,a@example.org,,,,", "name", "name_missing"),
        (f"EHBO,GENT,a@example.org,{'A' * 151},,,", "name", "name_too_long"),
        ("EHBO,GENT,a@example.org,Ada,31-2-2026,,", "registered_on", "date_wrong"),
        ("EHBO,GENT,a@example.org,Ada,,soon,", "withdrawn_on", "date_wrong"),
        ("EHBO,GENT,a@example.org,Ada,2999-01-01,,", "registered_on", "date_in_future"),
        ("EHBO,GENT,a@example.org,Ada,,,geslagt", "result", "result_unknown"),
    ],
)
def test_an_error_names_its_line_and_column(run: Run, line: str, column: str, kind: str) -> None:
    job = checked(run.course.organisation, a_csv("EHBO,GENT,z@example.org,Zo,,,", line))
    assert job.state == ImportState.REFUSED
    assert said(job) == [(3, column, kind)]
    finding = ImportFinding.objects.get(job=job)
    assert "%(" not in finding.message
    assert finding.get_column_display() == ImportColumn(column).label


def test_a_code_that_is_nearly_right_is_offered(run: Run) -> None:
    job = checked(run.course.organisation, a_csv("EHB0,GENT,a@example.org,Ada,,,"))
    assert ImportFinding.objects.get(job=job).suggestion == "EHBO"


def test_the_code_of_the_course_that_has_this_title_is_offered(run: Run) -> None:
    Course.objects.filter(pk=run.course_id).update(title_nl="Reanimeren", title_en="Resuscitation")
    CourseFactory(organisation=run.course.organisation, code="TWICE", title_nl="Twee", title_en="X")
    CourseFactory(
        organisation=run.course.organisation, code="THRICE", title_nl="Drie", title_en="X"
    )
    lines = (
        f"{title},,{title}@example.org,Ada,,," for title in ("reanimeren", "Resuscitation", "X")
    )
    job = checked(run.course.organisation, a_csv(*lines))
    found = ImportFinding.objects.filter(job=job).order_by("line")
    assert [one.suggestion for one in found] == ["EHBO", "EHBO", ""]


def test_case_does_not_matter_where_the_code_is_clear(run: Run) -> None:
    job = checked(run.course.organisation, a_csv("ehbo,gent,a@example.org,Ada,,,"))
    assert job.state == ImportState.READY


def test_a_code_of_another_institution_is_unknown(run: Run) -> None:
    elsewhere = CourseFactory().organisation
    job = checked(elsewhere, a_csv("EHBO,GENT,a@example.org,Ada,,,"))
    assert said(job) == [(2, "course", "course_unknown")]


def test_two_lines_about_the_same_learner_and_run(run: Run) -> None:
    job = checked(
        run.course.organisation,
        a_csv(
            "EHBO,GENT,a@example.org,Ada,,,",
            "EHBO,GENT,A@example.org,,,,",
            "EHBO,GENT,a@example.org,,,,completed",
        ),
    )
    assert said(job) == [(3, "learner", "twice_same"), (4, "learner", "twice_different")]


def test_nobody_follows_two_runs_of_a_course_at_once(run: Run) -> None:
    a_run(5, course=run.course, code="OTHER")
    organisation = run.course.organisation
    job = checked(
        organisation,
        a_csv("EHBO,GENT,a@example.org,Ada,,,", "EHBO,OTHER,a@example.org,,,,"),
    )
    assert said(job) == [(3, "run", "open_earlier")]
    applied(organisation, a_csv("EHBO,GENT,a@example.org,Ada,,,"))
    job = checked(organisation, a_csv("EHBO,OTHER,a@example.org,,,,"))
    assert said(job) == [(2, "run", "open_elsewhere")]


def test_a_run_that_is_full_takes_nobody_but_who_withdrew(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(capacity=1)
    job = checked(
        run.course.organisation,
        a_csv(
            "EHBO,GENT,a@example.org,Ada,,2026-01-01,withdrawn",
            "EHBO,GENT,b@example.org,Bo,,,",
            "EHBO,GENT,c@example.org,Cy,,,",
        ),
    )
    assert said(job) == [(4, "run", "run_full")]


def test_a_run_that_was_cancelled_takes_nobody(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(cancelled_at=timezone.now())
    job = checked(run.course.organisation, a_csv("EHBO,GENT,a@example.org,Ada,,,"))
    assert said(job) == [(2, "run", "run_cancelled")]


def test_what_changes_of_an_enrolment_is_told_before_it_happens(run: Run) -> None:
    organisation = run.course.organisation
    applied(organisation, a_csv("EHBO,GENT,a@example.org,Ada,,,"))
    job = checked(organisation, a_csv("EHBO,GENT,a@example.org,Ada,2026-01-05,,completed"))
    assert said(job) == [
        (2, "registered_on", "day_filled_in"),
        (2, "result", "status_changes"),
    ]
    jobs.consent(job=job, by=job.by)
    jobs.run(job_id=job.pk)
    enrolment = Enrolment.objects.get()
    assert (enrolment.status, enrolment.registered_on) == (S.COMPLETED, date(2026, 1, 5))
    assert "line 2" in StudyStatusChange.objects.latest("pk").reason


def test_a_day_of_registration_that_is_known_stays(run: Run) -> None:
    organisation = run.course.organisation
    applied(organisation, a_csv("EHBO,GENT,a@example.org,Ada,2026-01-05,,"))
    job = applied(organisation, a_csv("EHBO,GENT,a@example.org,Ada,2026-01-06,,"))
    assert said(job) == [(2, "registered_on", "day_kept")]
    assert Enrolment.objects.get().registered_on == date(2026, 1, 5)


def test_force_majeure_that_was_accepted_stays_accepted(run: Run) -> None:
    organisation = run.course.organisation
    line = f"EHBO,GENT,a@example.org,Ada,,{days_before(run, 1)},withdrawn"
    applied(organisation, a_csv(line.replace("withdrawn", "withdrawn valid")))
    job = applied(organisation, a_csv(line))
    assert job.count("unchanged") == 1
    assert status_of("a@example.org") == S.WITHDRAWN_VALID


def test_what_the_rules_forbid_is_an_error(run: Run) -> None:
    organisation = run.course.organisation
    enrolment = an_enrolment(run.course, UserFactory(email="a@example.org"))
    with_status(enrolment, S.EXEMPT)
    job = checked(organisation, a_csv("EHBO,,a@example.org,,,,completed"))
    assert said(job) == [(2, "result", "status_refused")]


def test_who_had_no_run_yet_gets_it(coming: Run) -> None:
    learner = UserFactory(email="a@example.org")
    enrolment = with_status(an_enrolment(coming.course, learner), S.RUN_CHOICE_REQUIRED)
    job = applied(coming.course.organisation, a_csv("BHV,UTR,a@example.org,,,,"))
    assert said(job) == [(2, "run", "run_booked")]
    enrolment.refresh_from_db()
    assert enrolment.status == S.ENROLLED
    assert Place.objects.get(enrolment=enrolment).run == coming


def test_a_workbook_does_the_same(run: Run) -> None:
    rows = [line.split(",") for line in FILE]
    job = a_job(run.course.organisation, an_xlsx(*rows), "in.xlsx")
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.count("new_enrolments")) == (ImportState.READY, 4)


def test_a_file_that_is_no_table_is_refused_in_words(run: Run) -> None:
    job = checked(run.course.organisation, b"name,city\nAda,Gent")
    assert job.state == ImportState.REFUSED
    assert "course" in ImportFinding.objects.get(job=job).message


def test_queries_grow_with_batches_and_not_with_lines(
    run: Run, django_assert_num_queries: Callable
) -> None:
    a_meeting(run, timezone.now() + timedelta(days=1))
    for size, first in ((5, 0), (60, 100)):
        lines = [
            f"EHBO,GENT,p{n}@example.org,Person {n},,,{('completed', '', 'absent')[n % 3]}"
            for n in range(first, first + size)
        ]
        job = a_job(run.course.organisation, a_csv(*lines))
        with django_assert_num_queries(CHECK):
            jobs.run(job_id=job.pk)
        jobs.consent(job=job, by=job.by)
        with django_assert_num_queries(APPLY):
            jobs.run(job_id=job.pk)


CHECK, APPLY = 11, 38


def test_a_worker_that_was_thought_lost_writes_nothing(run: Run) -> None:
    job = checked(run.course.organisation, a_csv(*FILE))
    jobs.consent(job=job, by=job.by)
    ImportJob.objects.filter(pk=job.pk).update(attempt=2)
    job.attempt, job.state = 1, ImportState.APPLYING
    with pytest.raises(jobs.Superseded):
        jobs._apply(job, None)
    assert Enrolment.objects.count() == 0


def test_a_job_at_work_is_not_taken_up_twice_and_a_silent_one_is(run: Run) -> None:
    job = a_job(run.course.organisation, a_csv(*FILE))
    assert jobs.neglected() == []
    ImportJob.objects.update(queued_at=timezone.now() - timedelta(minutes=5))
    assert jobs.neglected() == [job.pk]
    progress.report(key=jobs.key_of(job.pk), done=1, total=4, began=0)
    assert jobs.neglected() == []
    assert jobs.run(job_id=job.pk) is None
    progress.forget(jobs.key_of(job.pk))
    assert jobs.run(job_id=job.pk) == ImportState.READY
    assert jobs.run(job_id=job.pk) is None


def test_a_job_that_was_taken_up_just_now_is_not_taken_up_by_a_second_worker(run: Run) -> None:
    job = a_job(run.course.organisation, a_csv(*FILE))
    ImportJob.objects.update(attempt=1)
    assert jobs.run(job_id=job.pk) is None
    ImportJob.objects.update(queued_at=timezone.now() - long_work.PATIENCE * 2)
    assert jobs.run(job_id=job.pk) == ImportState.READY


def test_a_job_that_breaks_its_worker_three_times_is_given_up(run: Run) -> None:
    job = a_job(run.course.organisation, a_csv(*FILE))
    ImportJob.objects.update(attempt=3, queued_at=timezone.now() - timedelta(minutes=5))
    assert jobs.run(job_id=job.pk) == ImportState.FAILED
    assert jobs.check_again(job=job, by=job.by)
    assert jobs.run(job_id=job.pk) == ImportState.READY
