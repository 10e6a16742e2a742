"""Whatever happens in whatever order: never two certificates, never one without what it asks, and
the same whether the outbox is drained at once, ten times, or a day later."""

from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from certifications import awarding
from certifications.assigning import answering
from certifications.cycles import catching_up
from certifications.models import Certificate, Cycle
from certifications.tests.factories import a_certification, an_elearning, assigned
from learners.models import Actor, Enrolment, StudyStatus, StudyStatusChange
from learners.studying import study_status
from learners.studying.study_status import StatusRefused
from learners.tests.factories import (
    OrganisationFactory,
    UserFactory,
    an_administrator,
    an_enrolment,
)
from learners.tests.searching import (
    NIGHTS,
    TWICE,
    running,
    searching,
    taken_back,
    three_lives,
)

pytestmark = pytest.mark.django_db
COURSES = 3
AS_TEACHER = (StudyStatus.COMPLETED, StudyStatus.NOT_PASSED, StudyStatus.WITHDRAWN_VALID)
STEPS = st.one_of(
    st.tuples(st.just("system completes"), st.integers(0, COURSES - 1), st.none()),
    st.tuples(st.just("somebody sets"), st.integers(0, COURSES - 1), st.sampled_from(AS_TEACHER)),
    st.tuples(st.just("exempt"), st.integers(0, COURSES - 1), st.none()),
    st.tuples(st.just("enter late"), st.integers(0, COURSES - 1), st.integers(1, 9)),
    st.tuples(st.just("undo"), st.integers(0, COURSES - 1), st.none()),
    st.tuples(st.just("accept"), st.none(), st.none()),
    st.tuples(st.just("wait"), st.integers(1, 2_000), st.none()),
)


class Person:
    """Somebody who was nominated, with an enrolment in each course."""

    def __init__(self, certification, courses) -> None:
        self.learner = UserFactory()
        self.cycle = assigned(certification, self.learner, mode="nominated")
        self.enrolments = [an_enrolment(course, self.learner) for course in courses]

    def take(self, step, by, clock) -> None:
        kind, which, more = step
        if kind == "wait":
            clock.shift(timedelta(minutes=which))
        elif kind == "accept":
            answering.accept(assignment=self.cycle.assignment, by=self.learner)
        elif kind == "undo":
            change = self.enrolments[which].status_changes.order_by("-pk").first()
            study_status.undo_changes(changes=[change], by=by, actor=Actor.ADMINISTRATOR)
        else:
            self.change(self.enrolments[which], kind, more, by)

    def change(self, enrolment, kind, more, by) -> None:
        enrolment.refresh_from_db()
        to = {"exempt": StudyStatus.EXEMPT, "somebody sets": more}.get(kind, StudyStatus.COMPLETED)
        at = timezone.now() - timedelta(days=more) if kind == "enter late" else None
        by_system = kind in ("system completes", "enter late")
        study_status.change_status(
            enrolment=enrolment,
            to=to,
            by=None if by_system else by,
            actor=Actor.SYSTEM if by_system else Actor.ADMINISTRATOR,
            at=at,
        )


def check(person) -> None:
    """What must hold whenever everything that is due was looked at."""
    cycle = Cycle.objects.get(pk=person.cycle.pk)
    active = list(Certificate.objects.active().filter(cycle=cycle))
    assert len(active) == (cycle.completed_on is not None)
    fulfilled = set(cycle.fulfilments.values_list("requirement__course", flat=True))
    if active:
        assert active[0].achieved_on == cycle.completed_on
        assert len(fulfilled) >= 2
        assert cycle.version.requirements.get(is_mandatory=True).course_id in fulfilled


@given(steps=st.lists(STEPS, max_size=12), nights=NIGHTS)
@searching(12)
def test_one_certificate_with_its_requirements_drained_at_once_often_or_a_day_later(steps, nights):
    begun = timezone.now()

    def live(jobs):
        certification, courses = a_choice_of_courses()
        by = an_administrator()
        with time_machine.travel(begun, tick=False) as clock:
            person = Person(certification, courses)
            for step, times in zip(steps, jobs, strict=False):
                with suppress(StatusRefused), transaction.atomic():
                    person.take(step, by, clock)
                running(times, awarding.drain)
                if times:
                    check(person)
            clock.shift(timedelta(days=1))
            running(TWICE, awarding.drain)
            check(person)
            return outcome(person)

    first, *others = three_lives(live, nights)
    assert others == [first, first]


def a_choice_of_courses():
    """A certification that asks the first of three courses, and any other."""
    organisation = OrganisationFactory()
    courses = [an_elearning(organisation=organisation) for _ in range(COURSES)]
    asked = {"mandatory": courses[:1], "minimum": 2, "accepts_days_old": 30}
    return a_certification(*courses, **asked), courses


@given(steps=st.lists(STEPS, max_size=12))
@example(
    steps=[
        ("system completes", 0, None),
        ("system completes", 1, None),
        ("accept", None, None),
        ("somebody sets", 0, StudyStatus.WITHDRAWN_VALID),
    ]
)
@searching(20)
@taken_back()
def test_what_came_in_by_another_door_settles_as_if_the_outbox_had_seen_it(steps):
    """Each due change is handled without anybody being told, as an import 'without certificates'
    does; the nightly sweep then comes to the same cycles."""
    certification, courses = a_choice_of_courses()
    by = an_administrator()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        begun = timezone.now()
        drained, swept = people = [Person(certification, courses) for _ in range(2)]
        for person in people:
            clock.move_to(begun)
            for step in steps:
                with suppress(StatusRefused), transaction.atomic():
                    person.take(step, by, clock)
            clock.shift(timedelta(days=1))
            if person is drained:
                awarding.drain()
        due = StudyStatusChange.objects.due(timezone.now())
        due.filter(enrolment__learner=swept.learner).update(handled_at=timezone.now())
        assert awarding.drain() == 0
        catching_up.settle_unseen()
        assert catching_up.settle_unseen() == 0
        for person in people:
            check(person)
        results = [outcome(person, may_have_more=True) for person in people]
    assert results[0] == results[1]


def outcome(person, *, may_have_more: bool = False) -> tuple:
    """What became of somebody; what was done beyond a completed cycle may be left out."""
    cycle = Cycle.objects.get(pk=person.cycle.pk)
    fulfilled = cycle.fulfilments.order_by("requirement__position").values_list(
        "requirement__position", "achieved_on", "is_exemption"
    )
    certificates = Certificate.objects.active().filter(cycle=cycle).count()
    statuses = [Enrolment.objects.get(pk=e.pk).status for e in person.enrolments]
    by = [] if may_have_more and cycle.completed_on else list(fulfilled)
    return cycle.completed_on, by, certificates, statuses
