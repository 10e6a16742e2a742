"""A programme that a certification asks is followed anew for each cycle that asks it: by a new
enrolment, with new results, and nothing old is reset."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from certifications import awarding
from certifications.assigning import starting
from certifications.cycles import renewing, steps
from certifications.models import Certificate, Cycle, Path
from certifications.tests.factories import (
    a_certification,
    an_elearning,
    assigned,
    completed,
    done_by,
    reloaded,
)
from learners.enrolling import entering
from learners.models import Actor, Enrolment, StudyStatus
from learners.pages import programme_page
from learners.studying import programmes, study_status
from learners.tests.factories import (
    OrganisationFactory,
    UserFactory,
    a_programme,
    an_administrator,
    an_enrolment,
)

pytestmark = pytest.mark.django_db
YEARLY = {"validity": "recurring", "period_months": 12, "window_days": 60, "grace_days": 30}
BEGIN = date(2027, 1, 31)
OPENS, UNTIL, GRACE = date(2027, 12, 1), date(2028, 1, 30), date(2028, 2, 29)
DAY = timedelta(days=1)


def on(day):
    return time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), tick=False)


@pytest.fixture
def courses():
    organisation = OrganisationFactory()
    return [an_elearning(organisation=organisation) for _ in range(2)]


@pytest.fixture
def programme(courses):
    return a_programme(*courses, organisation=courses[0].organisation)


@pytest.fixture
def learner():
    return UserFactory(language="en")


def certified(programme, learner, **fields):
    """Certify somebody by the programme, and return the cycle."""
    with on(BEGIN):
        first = assigned(a_certification(programme, **{**YEARLY, **fields}), learner)
        begin(first)
        for course in programme.courses.all():
            follow(learner, course)
        awarding.drain()
    assert reloaded(first).completed_on == BEGIN
    return reloaded(first)


def begin(cycle):
    return starting.start(cycle=cycle, by=cycle.assignment.learner)


def follow(learner, course):
    completed(Enrolment.objects.open().get(learner=learner, course=course))


def last_cycle(cycle):
    return reloaded(Cycle.objects.newest().get(assignment=cycle.assignment))


def renewal(cycle, day):
    with on(day):
        renewing.begin_due()
    return last_cycle(cycle)


def test_renewing_asks_the_programme_anew_and_resets_nothing(programme, courses, learner):
    first = certified(programme, learner)
    old = list(Enrolment.objects.order_by("pk").values())
    second = renewal(first, OPENS)
    with on(OPENS + 5 * DAY):
        whole = begin(second)
        assert whole.results_from == OPENS
        assert programmes.progress_of([whole])[whole.pk].done == 0
        follow(learner, courses[0])
        awarding.drain()
        assert reloaded(second).completed_on is None
        assert begin(second) == whole
    with on(OPENS + 9 * DAY):
        follow(learner, courses[1])
        awarding.drain()
    renewed = reloaded(second)
    assert (renewed.completed_on, renewed.valid_from) == (OPENS + 9 * DAY, UNTIL + DAY)
    assert (
        list(Enrolment.objects.filter(pk__in=[row["id"] for row in old]).order_by("pk").values())
        == old
    )
    assert Certificate.objects.active().filter(enrolment__programme=programme).count() == 2


def test_a_course_that_was_done_within_the_days_that_are_accepted_counts(
    programme, courses, learner
):
    first = certified(programme, learner)
    first.version.requirements.update(accepts_days_old=30)
    with on(OPENS - 10 * DAY):
        done_by(learner, courses[0])
    second = renewal(first, OPENS)
    with on(OPENS):
        whole = begin(second)
        assert whole.results_from == OPENS - 30 * DAY
        follow(learner, courses[1])
        awarding.drain()
    assert reloaded(second).completed_on == OPENS


def test_what_was_done_for_the_cycle_before_never_counts_again(programme, learner):
    first = certified(programme, learner)
    first.version.requirements.update(accepts_days_old=2_000)
    second = renewal(first, OPENS)
    with on(OPENS):
        assert begin(second).results_from == BEGIN + DAY
    assert reloaded(second).completed_on is None


def test_who_lapses_past_the_grace_gets_through_a_programme_of_the_first_time(
    programme, courses, learner
):
    refresher = an_elearning(organisation=programme.organisation)
    first = certified(programme, learner)
    first.version.requirements.update(path=Path.FULL)
    first.version.requirements.create(course=refresher, path=Path.RENEWAL, position=2)
    second = renewal(first, GRACE + DAY)
    with on(GRACE + 10 * DAY):
        asked = [step.requirement.programme for step in steps.steps_of(second)]
        assert asked == [programme]
        begin(second)
        for course in courses:
            follow(learner, course)
        awarding.drain()
    assert reloaded(second).completed_on == GRACE + 10 * DAY
    assert reloaded(second).path == Path.FULL


def test_who_did_all_of_it_too_long_ago_begins_it_anew_in_a_first_cycle(
    programme, courses, learner
):
    with on(BEGIN - 400 * DAY):
        enrol(programme, learner)
        for course in courses:
            follow(learner, course)
        awarding.drain()
    with on(BEGIN):
        first = assigned(a_certification(programme, **YEARLY), learner)
        assert begin(first).results_from == BEGIN
        for course in courses:
            follow(learner, course)
        awarding.drain()
    assert reloaded(first).completed_on == BEGIN


def test_in_a_first_cycle_a_course_of_long_ago_counts_for_a_programme_as_everywhere(
    programme, courses, learner
):
    with on(BEGIN - 400 * DAY):
        done_by(learner, courses[0])
    with on(BEGIN):
        first = assigned(a_certification(programme, **YEARLY), learner)
        assert begin(first).results_from is None
        follow(learner, courses[1])
        awarding.drain()
    assert reloaded(first).completed_on == BEGIN


def test_who_is_in_the_programme_already_keeps_that_enrolment(programme, courses, learner):
    first = certified(programme, learner)
    with on(OPENS - 100 * DAY):
        course = an_elearning(organisation=programme.organisation)
        programme.programme_courses.create(course=course, position=3)
        mine = enrol(programme, learner)
    second = renewal(first, OPENS)
    with on(OPENS):
        assert begin(second) == mine
        follow(learner, course)
        awarding.drain()
    assert reloaded(second).completed_on == OPENS


def test_a_result_that_is_taken_back_takes_back_the_programme_of_its_cycle_alone(
    programme, courses, learner
):
    first = certified(programme, learner)
    second = renewal(first, OPENS)
    with on(OPENS + DAY):
        begin(second)
        for course in courses:
            follow(learner, course)
        awarding.drain()
        again = Enrolment.objects.filter(learner=learner, course=courses[1]).latest("pk")
        study_status.change_status(
            enrolment=again,
            to=StudyStatus.NOT_PASSED,
            by=an_administrator(),
            actor=Actor.ADMINISTRATOR,
        )
    with on(OPENS + 3 * DAY):
        awarding.drain()
    assert reloaded(second).completed_on is None
    assert reloaded(first).completed_on == BEGIN
    assert statuses(programme) == [StudyStatus.COMPLETED, StudyStatus.STARTED]


def test_the_page_of_the_programme_shows_what_counts_this_time(client, programme, courses, learner):
    second = renewal(certified(programme, learner), OPENS)
    with on(OPENS):
        whole = begin(second)
        follow(learner, courses[0])
        lines = programme_page.lines_of(whole, datetime(2027, 12, 1, 12, tzinfo=UTC))
        assert [line.is_done for line in lines] == [True, False]
        client.force_login(learner)
        page = client.get(whole.get_absolute_url()).text
    assert "You follow it anew" in page
    assert "1 of 2" in page


@pytest.mark.parametrize("number", [1, 3])
def test_progress_asks_as_much_for_one_as_for_three(programme, number, django_assert_num_queries):
    news = [UserFactory() for _ in range(number)]
    wholes = []
    for one in news:
        an_enrolment(programme.courses.first(), one)
        wholes.append(
            entering.enrol_in_programme(
                learner=one,
                programme=programme,
                by=one,
                actor=Actor.LEARNER,
                results_from=timezone.localdate(),
            )
        )
        completed(Enrolment.objects.filter(learner=one, course__isnull=False).first())
    with django_assert_num_queries(PROGRESS):
        found = programmes.progress_of(wholes)
    assert [one.done for one in found.values()] == [1] * number


PROGRESS = 6


def enrol(programme, learner):
    return entering.enrol_in_programme(
        learner=learner, programme=programme, by=learner, actor=Actor.LEARNER
    )


def statuses(programme):
    rows = Enrolment.objects.filter(programme=programme).order_by("pk")
    return list(rows.values_list("status", flat=True))
