"""Whatever happens in whatever order: once drained, there is what the status of today says."""

from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from certifications import awarding
from certifications.models import Certificate
from learners.models import Actor, Notification, StudyStatus, StudyStatusChange
from learners.studying import outbox, study_status
from learners.studying.study_status import StatusRefused
from learners.tests.factories import a_participant, a_run, an_administrator
from learners.tests.searching import NIGHTS, TWICE, running, searching, three_lives

pytestmark = pytest.mark.django_db

STATUSES = (StudyStatus.COMPLETED, StudyStatus.NOT_PASSED, StudyStatus.ABSENT)
STEPS = st.one_of(
    st.tuples(st.just("change"), st.integers(0, 1), st.sampled_from(STATUSES)),
    st.tuples(st.just("undo"), st.integers(0, 1), st.none()),
    st.tuples(st.just("issue now"), st.integers(0, 1), st.none()),
    st.tuples(st.just("wait"), st.integers(1, 20), st.none()),
    st.tuples(st.just("drain"), st.none(), st.none()),
)


def newest(enrolment):
    return outbox.newest_changes([enrolment.pk]).get(enrolment.pk)


def take(step, participants, by, clock):
    kind, which, status = step
    if kind == "wait":
        clock.shift(timedelta(minutes=which))
    elif kind == "drain":
        awarding.drain()
    elif kind == "change":
        enrolment = participants[which]
        study_status.change_status(enrolment=enrolment, to=status, by=by, actor=Actor.ADMINISTRATOR)
    elif (change := newest(participants[which])) is not None and kind == "undo":
        study_status.undo_changes(changes=[change], by=by, actor=Actor.ADMINISTRATOR)
    elif change is not None:
        outbox.issue_now(changes=[change], by=by)


def what_there_is(participants):
    """Return the active certificates as they would be printed, but for their numbers."""
    active = Certificate.objects.active().filter(enrolment__in=participants).order_by("enrolment")
    return list(active.values_list("enrolment", "title", "achieved_on", "valid_until"))


def never_two(participants):
    counted = Certificate.objects.active().filter(enrolment__in=participants)
    enrolments = list(counted.values_list("enrolment", flat=True))
    assert len(enrolments) == len(set(enrolments))


@given(steps=st.lists(STEPS, max_size=14))
@searching(40)
def test_once_drained_there_is_what_the_status_says(steps):
    run, by = a_run(-9, -2), an_administrator()
    participants = [a_participant(run), a_participant(run)]
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for step in steps:
            with suppress(StatusRefused):
                take(step, participants, by, clock)
            never_two(participants)
        clock.shift(timedelta(hours=1))
        awarding.drain()
        assert awarding.drain() == 0
        for participant in participants:
            participant.refresh_from_db()
        completed = [p.pk for p in participants if p.status == StudyStatus.COMPLETED]
        assert [row[0] for row in what_there_is(participants)] == completed
        assert not StudyStatusChange.objects.waiting().exists()
    made = Certificate.objects.filter(enrolment__in=participants)
    told = Notification.objects.filter(user__in=[p.learner_id for p in participants])
    issued = told.filter(kind="certifications/certificate_issued")
    revoked = told.filter(kind="certifications/certificate_revoked")
    assert issued.count() == made.count()
    assert revoked.count() == made.exclude(revoked_at=None).count()


@given(steps=st.lists(STEPS.filter(lambda step: step[0] != "drain"), max_size=10), nights=NIGHTS)
@searching(20)
def test_drained_at_once_often_or_a_day_later_it_is_the_same(steps, nights):
    begun = timezone.now()

    def live(jobs):
        with time_machine.travel(begun, tick=False) as clock:
            run, by = a_run(-9, -2), an_administrator()
            participants = [a_participant(run), a_participant(run)]
            for step, times in zip(steps, jobs, strict=False):
                with suppress(StatusRefused):
                    take(step, participants, by, clock)
                running(times, awarding.drain)
            clock.shift(timedelta(days=1))
            running(TWICE, awarding.drain)
            keys = [participant.pk for participant in participants]
            return [(keys.index(pk), *printed) for pk, *printed in what_there_is(participants)]

    first, *others = three_lives(live, nights)
    assert others == [first, first]
