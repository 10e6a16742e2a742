"""Study terms: recorded when over, where the institution is; extended."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learners.enrolling import entering
from learners.models import Actor, AuditEntry, CourseKind, Enrolment, StudyStatus
from learners.studying import terms
from learners.studying.study_status import change_status, undo_changes
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
    an_enrolment,
    with_status,
)

S = StudyStatus
pytestmark = pytest.mark.django_db
LONG_AGO = date(2020, 1, 1)


def with_term(enrolment, ends_on):
    enrolment.term_ends_on = ends_on
    enrolment.save()
    return enrolment


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("Europe/Amsterdam", datetime(2026, 3, 28, 23, tzinfo=UTC)),  # the night the clock changes
        ("Pacific/Kiritimati", datetime(2026, 3, 28, 10, tzinfo=UTC)),
        ("Pacific/Pago_Pago", datetime(2026, 3, 29, 11, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 3, 28, 18, 15, tzinfo=UTC)),
    ],
)
def test_a_term_lapses_at_midnight_where_the_institution_is(zone, midnight):
    course = CourseFactory(organisation__time_zone=zone, kind=CourseKind.ELEARNING)
    enrolment = with_term(an_enrolment(course), date(2026, 3, 28))
    assert terms.lapse_terms(now=midnight - timedelta(seconds=1)) == 0
    assert terms.lapse_terms(now=midnight) == 1
    enrolment.refresh_from_db()
    assert enrolment.status == S.TERM_LAPSED


def test_every_zone_lapses_at_its_own_midnight():
    ends = date(2026, 3, 28)
    zones = ("Pacific/Kiritimati", "Europe/Amsterdam", "Pacific/Pago_Pago")
    for zone in zones:
        with_term(an_enrolment(CourseFactory(organisation__time_zone=zone)), ends)
    moments = [datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)]
    assert [terms.lapse_terms(now=moment) for moment in moments] == [1, 1]
    assert terms.lapse_terms(now=datetime(2026, 3, 30, tzinfo=UTC)) == 1


def test_a_second_time_nothing_is_left():
    with_term(an_enrolment(CourseFactory()), LONG_AGO)
    assert [terms.lapse_terms(), terms.lapse_terms()] == [1, 0]


@pytest.mark.parametrize("status", [s for s in S if s not in terms.RUNNING])
def test_what_is_final_does_not_lapse(status):
    with_status(with_term(an_enrolment(CourseFactory()), LONG_AGO), status)
    assert terms.lapse_terms() == 0


def test_it_goes_in_batches():
    for _row in range(5):
        with_term(an_enrolment(CourseFactory()), LONG_AGO)
    assert terms.lapse_terms(batch=2) == 5


def test_ten_thousand_due_take_at_most_fifty_queries():
    course = CourseFactory(kind=CourseKind.ELEARNING)
    from learners.models import User

    people = User.objects.bulk_create(
        User(email=f"p{n}@example.org", name="P", search_name="p") for n in range(2_000)
    )
    courses = [course, *(CourseFactory(organisation=course.organisation) for _c in range(4))]
    Enrolment.objects.bulk_create(
        Enrolment(learner=who, course=each, status=S.NOT_STARTED, term_ends_on=LONG_AGO)
        for who in people
        for each in courses
    )
    with CaptureQueriesContext(connection) as asked:
        assert terms.lapse_terms() == 10_000
    assert len(asked) <= 50


def test_an_extension_brings_back_what_was_before():
    enrolment = with_term(a_participant(a_run(30)), LONG_AGO)
    terms.lapse_terms()
    until = timezone.localdate() + timedelta(days=10)
    change = terms.extend_term(enrolment=enrolment, until=until, by=an_administrator())
    enrolment.refresh_from_db()
    assert (change.to_status, enrolment.status, enrolment.term_ends_on) == (
        S.ENROLLED,
        S.ENROLLED,
        until,
    )
    assert enrolment.places.booked().exists()


def test_an_extension_to_a_day_that_is_over_brings_nothing_back():
    enrolment = with_term(an_enrolment(CourseFactory()), LONG_AGO)
    terms.lapse_terms()
    until = timezone.localdate() - timedelta(days=1)
    assert terms.extend_term(enrolment=enrolment, until=until, by=UserFactory()) is None
    enrolment.refresh_from_db()
    assert enrolment.status == S.TERM_LAPSED


def test_an_extension_after_a_change_that_was_undone_brings_back_the_right_status():
    """Lapsed, completed for what was attended in time, undone: not 'completed' comes back."""
    enrolment = with_term(a_participant(a_run(-3)), timezone.localdate() - timedelta(days=2))
    enrolment.last_attended_on = timezone.localdate() - timedelta(days=3)
    enrolment.save()
    terms.lapse_terms()
    by = an_administrator()
    change = change_status(enrolment=enrolment, to=S.COMPLETED, by=by, actor=Actor.TEACHER)
    undo_changes(changes=[change], by=by, actor=Actor.TEACHER)
    terms.extend_term(enrolment=enrolment, until=timezone.localdate() + timedelta(days=5), by=by)
    enrolment.refresh_from_db()
    assert enrolment.status == S.ENROLLED


def test_an_extension_says_who_when_from_and_to():
    enrolment = with_term(an_enrolment(CourseFactory()), LONG_AGO)
    by = an_administrator()
    terms.extend_term(enrolment=enrolment, until=date(2030, 1, 1), by=by)
    terms.extend_term(enrolment=enrolment, until=date(2030, 1, 1), by=by)
    (entry,) = AuditEntry.objects.filter(action="learners.term_extended")
    assert (entry.by, entry.changes) == (by, {"term_ends_on": ["2020-01-01", "2030-01-01"]})


def a_lapsed_programme():
    course, learner = CourseFactory(), UserFactory()
    programme = a_programme(course, term_days=30, organisation=course.organisation)
    with time_machine.travel(timezone.now() - timedelta(days=60), tick=False):
        whole = entering.enrol_in_programme(
            learner=learner, programme=programme, by=learner, actor=Actor.LEARNER
        )
    part = whole.parts.get()
    assert terms.lapse_terms() == 2
    for enrolment in (whole, part):
        enrolment.refresh_from_db()
        assert enrolment.status == S.TERM_LAPSED
    return whole, part


def test_a_programmes_lapse_closes_its_courses_and_its_extension_opens_them():
    whole, part = a_lapsed_programme()
    until = timezone.localdate() + timedelta(days=10)
    terms.extend_term(enrolment=whole, until=until, by=an_administrator())
    for enrolment, status in ((whole, S.ENROLLED), (part, S.RUN_CHOICE_REQUIRED)):
        enrolment.refresh_from_db()
        assert (enrolment.status, enrolment.term_ends_on) == (status, until)


def test_a_course_with_an_earlier_term_of_its_own_keeps_it():
    whole, part = a_lapsed_programme()
    with_term(part, LONG_AGO)
    terms.extend_term(
        enrolment=whole, until=timezone.localdate() + timedelta(days=10), by=an_administrator()
    )
    part.refresh_from_db()
    assert (part.status, part.term_ends_on) == (S.TERM_LAPSED, LONG_AGO)


def test_a_programme_whose_courses_were_done_while_it_had_lapsed_is_completed_by_an_extension():
    whole, part = a_lapsed_programme()
    by = an_administrator()
    change_status(enrolment=part, to=S.EXEMPT, by=by, actor=Actor.ADMINISTRATOR)
    whole.refresh_from_db()
    assert whole.status == S.TERM_LAPSED
    terms.extend_term(enrolment=whole, until=timezone.localdate() + timedelta(days=10), by=by)
    whole.refresh_from_db()
    assert whole.status == S.COMPLETED


def test_a_programme_is_completed_after_its_term_by_what_was_attended_within_it():
    whole, part = a_lapsed_programme()
    Enrolment.objects.filter(pk=part.pk).update(last_attended_on=whole.term_ends_on)
    change_status(enrolment=part, to=S.COMPLETED, by=an_administrator(), actor=Actor.TEACHER)
    whole.refresh_from_db()
    assert whole.status == S.COMPLETED
