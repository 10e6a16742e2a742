"""Assigning to many: everybody is listed first, and then has it once, whatever breaks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from certifications.assigning import answering, jobs, previewing, taking_back
from certifications.defining import publication
from certifications.models import (
    AssigningJob,
    AssigningLine,
    CertificationAssignment,
    Cycle,
    Outcome,
)
from certifications.tests.bulk import a_job, done, looked_at, said_of
from certifications.tests.factories import a_certification, an_elearning, assigned, done_by
from learners.jobs import long_work
from learners.models import ImportState, Membership, Notification, Role
from learners.tests.factories import (
    OrganisationFactory,
    UserFactory,
    a_member,
    a_programme,
    an_administrator,
    an_enrolment,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return OrganisationFactory()


@pytest.fixture
def course(here):
    return an_elearning(organisation=here)


@pytest.fixture
def certification(course):
    made = a_certification(course, due_days=30)
    assert made.organisation  # fetched, so that queries are counted without it
    return made


def teachers(here, *names):
    return [a_member(Role.TEACHER, here, name=name) for name in names]


def who_has(certification):
    going_on = CertificationAssignment.objects.going_on().filter(certification=certification)
    return sorted(going_on.values_list("learner__name", flat=True))


def of_teachers(here):
    return {"group": "role", "role": "teacher", "organisation": here}


def test_everybody_of_a_group_is_listed_by_name_and_nothing_is_written(certification, here, course):
    _new, moved, finished, gone = teachers(here, "An Aa", "Bo Bb", "Cy Cc", "Di Dd")
    assigned(certification, moved, due_on=timezone.localdate() + timedelta(days=5))
    assigned(certification, finished)
    done_by(finished, course)
    gone.is_active = False
    gone.save()
    before = CertificationAssignment.objects.count(), Notification.objects.count()
    job = looked_at(certification, leaves=False, **of_teachers(here))
    assert said_of(job) == [
        ("An Aa", "begins", ""),
        ("Bo Bb", "moves", ""),
        ("Cy Cc", "nothing", "completed"),
        ("Di Dd", "nothing", "inactive"),
    ]
    in_thirty = certification.organisation.today() + timedelta(days=30)
    line = job.lines.get(learner=moved)
    assert (line.due_before, line.due_on) == (in_thirty - timedelta(days=25), in_thirty)
    assert job.counts == {"begins": 1, "moves": 1, "nothing": 2, "people": 4}
    assert (CertificationAssignment.objects.count(), Notification.objects.count()) == before
    assert job.state == ImportState.READY


def test_who_has_it_already_keeps_their_date_unless_one_says_otherwise(certification, here):
    (one,) = teachers(here, "An Aa")
    cycle = assigned(certification, one, due_on=timezone.localdate() + timedelta(days=5))
    job = done(certification, **of_teachers(here))
    assert said_of(job) == [("An Aa", "nothing", "kept")]
    cycle.refresh_from_db()
    assert cycle.due_on == timezone.localdate() + timedelta(days=5)


def test_after_consent_everybody_has_it_with_the_date_that_was_shown_and_is_told_once(
    certification, here
):
    people = teachers(here, "An Aa", "Bo Bb")
    day = certification.organisation.today() + timedelta(days=12)
    job = done(certification, due_on=day, **of_teachers(here))
    assert (job.state, who_has(certification)) == (ImportState.DONE, ["An Aa", "Bo Bb"])
    assert set(Cycle.objects.values_list("due_on", flat=True)) == {day}
    told = Notification.objects.filter(kind="certifications/certification_assigned")
    assert sorted(told.values_list("user", flat=True)) == [person.pk for person in people]
    assert not jobs.consent(job=job, by=job.by)
    assert jobs.run(job_id=job.pk) is None
    assert told.count() == 2


def test_days_are_counted_from_today(certification, here):
    teachers(here, "An Aa")
    done(certification, due_days=7, **of_teachers(here))
    assert Cycle.objects.get().due_on == certification.organisation.today() + timedelta(days=7)


def test_groups_are_of_a_role_of_an_enrolment_of_a_completion_and_of_a_certification(
    certification, here, course
):
    programme = a_programme(course, organisation=here)
    other = an_elearning(organisation=here)
    held = a_certification(other)
    (teacher,) = teachers(here, "Tea Teacher")
    Membership.objects.create(user=teacher, organisation=here, role=Role.LEARNER)
    teachers(OrganisationFactory(), "Else Where")
    enrolled, completed, holder = (UserFactory(name=n) for n in ("En Rolled", "Com Pleted", "Hol"))
    an_enrolment(course, enrolled)
    done_by(completed, course)
    assigned(held, holder)
    done_by(holder, other)
    asked = {
        "Tea Teacher": of_teachers(here),
        "En Rolled": {"group": "enrolled", "course": course},
        "Com Pleted": {"group": "completed", "course": course},
        "Hol": {"group": "holds", "held": held},
    }
    found = {name: said_of(looked_at(certification, **said)) for name, said in asked.items()}
    assert found == {name: [(name, "begins", "")] for name in asked}
    assert said_of(looked_at(certification, group="enrolled", programme=programme)) == []


def test_what_has_expired_is_held_no_longer(here, course):
    held = a_certification(course, validity="recurring", period_months=1)
    cycle = assigned(held)
    done_by(cycle.assignment.learner, course)
    long_ago = timezone.localdate() - timedelta(days=90)
    last = long_ago + timedelta(days=29)
    Cycle.objects.filter(pk=cycle.pk).update(
        **dict.fromkeys(("completed_on", "valid_from", "anchor_on"), long_ago),
        **dict.fromkeys(("valid_until", "window_opens_on", "grace_until"), last),
    )
    assert said_of(looked_at(a_certification(course), group="holds", held=held)) == []


def test_a_file_says_who_by_when_and_how(certification, here):
    by_mail = UserFactory(name="An Aa", email="an@example.org")
    by_number = a_member(Role.LEARNER, here, name="Bo Bb")
    by_number.memberships.update(number="0042")
    day = certification.organisation.today() + timedelta(days=400)
    lines = (
        f"e-mail;uiterlijk;hoe;afdeling\nAN@example.org;{day:%d-%m-%Y};voorgedragen;IT\n0042;;;\n"
    )
    job = done(certification, file=lines.encode())
    assert job.counts["unused"] == ["afdeling"]
    theirs = {c.assignment.learner: c for c in Cycle.objects.select_related("assignment__learner")}
    assert (theirs[by_mail].due_on, theirs[by_mail].assignment.mode) == (day, "nominated")
    assert theirs[by_number].assignment.mode == "mandatory"
    assert theirs[by_number].due_on == certification.organisation.today() + timedelta(days=30)


def test_every_error_of_a_file_is_said_by_line_and_column_and_nothing_can_be_agreed_to(
    certification,
):
    UserFactory(name="An Aa", email="an@example.org")
    lines = (
        "learner,to be completed by,how",
        "an@example.org,,",
        ",,",
        "who@example.org,,",
        "77,,",
        "an@example.org,31-02-2027,",
        "an@example.org,2020-01-01,",
        "an@example.org,,sometimes",
        "an@example.org,,",
        "an@example.org,2099-01-01,",
    )
    job = looked_at(certification, file="\n".join(lines).encode())
    found = [(one.line, one.column, one.why) for one in job.lines.filter(outcome=Outcome.ERROR)]
    assert found == [
        (4, "learner", "no_email"),
        (5, "learner", "no_number"),
        (6, "due_on", "date"),
        (7, "due_on", "past"),
        (8, "mode", "mode"),
        (10, "", "differs"),
    ]
    assert job.lines.get(line=9).why == "twice"
    assert job.state == ImportState.REFUSED
    assert not jobs.consent(job=job, by=job.by)


@pytest.mark.parametrize("content", [b"name\nAn Aa\n", b"learner\n", b"learner;e-mail\na;b\n"])
def test_a_file_that_cannot_be_read_says_why(certification, content):
    job = looked_at(certification, file=content)
    (line,) = job.lines.all()
    assert (job.state, line.outcome) == (ImportState.REFUSED, Outcome.ERROR)
    assert len(line.because) > 10


def test_what_changed_since_it_was_looked_at_is_said_and_done_to_nobody(certification, here):
    _kept, gone = teachers(here, "An Aa", "Bo Bb")
    job = looked_at(certification, **of_teachers(here))
    gone.is_active = False
    gone.save()
    teachers(here, "Too Late")
    jobs.consent(job=job, by=job.by)
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert who_has(certification) == ["An Aa"]
    assert said_of(job) == [("An Aa", "begins", ""), ("Bo Bb", "nothing", "inactive")]
    assert job.counts == {"begins": 1, "nothing": 1, "people": 2}


def test_a_worker_that_is_lost_half_way_leaves_the_rest_to_the_next_one(
    certification, here, monkeypatch
):
    monkeypatch.setattr(jobs, "BATCH", 2)
    teachers(here, "An Aa", "Bo Bb", "Cy Cc", "Di Dd", "Ed Ee")
    job = looked_at(certification, **of_teachers(here))
    jobs.consent(job=job, by=job.by)
    assert long_work.take(AssigningJob.objects.all(), job.pk)
    lost = AssigningJob.objects.select_related("certification__organisation", "by").get(pk=job.pk)
    assert jobs._assign_batch(lost, jobs._to_do(lost)[:2]) == 2
    assert who_has(certification) == ["An Aa", "Bo Bb"]
    assert jobs.neglected() == []
    AssigningJob.objects.update(queued_at=timezone.now() - long_work.PATIENCE * 2)
    (found,) = jobs.neglected()
    assert jobs.run(job_id=found) == ImportState.DONE
    with pytest.raises(long_work.Superseded):
        jobs._assign_batch(lost, jobs._to_do(lost)[:2])
    assert len(who_has(certification)) == 5
    told = Notification.objects.filter(kind="certifications/certification_assigned")
    assert told.count() == 5


def test_what_came_to_a_halt_goes_on_when_asked(certification, here):
    teachers(here, "An Aa")
    job = looked_at(certification, **of_teachers(here))
    jobs.consent(job=job, by=job.by)
    AssigningJob.objects.update(attempt=long_work.ATTEMPTS, queued_at=job.created_at)
    AssigningJob.objects.update(queued_at=timezone.now() - long_work.PATIENCE * 2)
    assert jobs.run(job_id=job.pk) == ImportState.FAILED
    assert jobs.look_again(job=job, by=job.by)
    assert jobs.run(job_id=job.pk) == ImportState.DONE
    assert who_has(certification) == ["An Aa"]


def test_a_certification_that_is_retired_meanwhile_is_assigned_to_nobody(certification, here):
    teachers(here, "An Aa")
    job = looked_at(certification, **of_teachers(here))
    publication.retire(certifications=[certification], by=an_administrator())
    jobs.consent(job=job, by=job.by)
    assert jobs.run(job_id=job.pk) == ImportState.REFUSED
    assert who_has(certification) == []
    assert "retired" in job.lines.get(outcome=Outcome.ERROR).because


def test_a_batch_takes_as_many_queries_for_two_as_for_forty(certification, here):
    asked = {}
    for number in (2, 40):
        job = a_job(certification, **of_teachers(here))
        teachers(here, *(f"Person {number} {n}" for n in range(number)))
        people = list(previewing.User.objects.filter(memberships__organisation=here))
        with CaptureQueriesContext(connection) as looking:
            previewing.plan(job, previewing.ask_for(people, job))
        AssigningJob.objects.filter(pk=job.pk).update(state=ImportState.APPLYING)
        job.refresh_from_db()
        keys = jobs._to_do(job)
        with CaptureQueriesContext(connection) as assigning:
            assert jobs._assign_batch(job, keys) >= number
        asked[number] = len(looking), len(assigning)
    assert asked[40] == asked[2]
    assert asked[40][0] <= 5
    assert asked[40][1] <= 30


def test_a_batch_of_a_file_takes_as_many_queries_for_two_as_for_forty(certification):
    from learners.spreadsheets.reading import Row

    asked = []
    for number in (2, 40):
        job = a_job(certification, file=b"learner\nx@example.org\n")
        people = [UserFactory() for _ in range(number)]
        rows = [Row(n, {jobs.from_file.C.LEARNER: one.email}) for n, one in enumerate(people)]
        with CaptureQueriesContext(connection) as queries:
            for batch in jobs.from_file.batches(rows, job):
                previewing.plan(job, batch)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 8


def test_who_declined_may_be_asked_again_by_hand(certification, here):
    (one,) = teachers(here, "An Aa")
    cycle = assigned(certification, one, mode="nominated")
    answering.decline(assignment=cycle.assignment, by=one)
    assert said_of(looked_at(certification, **of_teachers(here))) == [("An Aa", "begins", "")]


def test_from_whom_it_was_withdrawn_is_passed_over_unless_one_says_otherwise(certification, here):
    (person,) = teachers(here, "An Aa")
    cycle = assigned(certification, person)
    cycle.revoke(timezone.now())
    job = looked_at(certification, **of_teachers(here))
    assert said_of(job) == [("An Aa", "nothing", "revoked")]
    job = looked_at(certification, leaves=False, **of_teachers(here))
    assert said_of(job) == [("An Aa", "begins", "")]


def test_who_is_exempt_is_said_to_be(certification, here):
    (one,) = teachers(here, "An Aa")
    cycle = assigned(certification, one)
    taking_back.exempt(assignments=[cycle.assignment], by=an_administrator(), reason="A nurse")
    job = looked_at(certification, leaves=False, **of_teachers(here))
    assert said_of(job) == [("An Aa", "nothing", "exempt")]


@pytest.mark.parametrize(
    "nonsense",
    [
        {"group": "role", "role": ""},
        {"group": ""},
        {"due_on": "2099-01-01", "due_days": 3},
        {"withdraws": True},
        {"keeps": True, "leaves": False},
        {"state": "done"},
    ],
)
def test_the_database_refuses_a_job_that_makes_no_sense(certification, here, nonsense):
    job = a_job(certification, **of_teachers(here))
    with pytest.raises(IntegrityError), transaction.atomic():
        AssigningJob.objects.filter(pk=job.pk).update(**nonsense)


def test_the_database_refuses_to_do_something_to_somebody_twice(certification, here):
    teachers(here, "An Aa")
    line = looked_at(certification, **of_teachers(here)).lines.get()
    line.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save(force_insert=True)


def test_the_database_refuses_a_line_without_a_person_or_an_error(certification, here):
    job = a_job(certification, **of_teachers(here))
    with pytest.raises(IntegrityError), transaction.atomic():
        AssigningLine.objects.create(job=job, outcome=Outcome.BEGINS)
