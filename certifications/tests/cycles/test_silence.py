"""A cycle is told of as what completed it, and what is taken back as what took it back."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from certifications import awarding
from certifications.cycles import catching_up
from certifications.models import Certificate, Cycle
from certifications.tests.factories import (
    a_certification,
    an_elearning,
    assigned,
    completed,
    undo_time_is_over,
)
from learners.models import Actor, Course, Enrolment, Notification, StudyStatus, User
from learners.studying.study_status import change_status
from learners.tests.factories import an_administrator, an_enrolment

pytestmark = pytest.mark.django_db
S = StudyStatus
ISSUED, REVOKED = "certificate_issued", "certificate_revoked"


@pytest.fixture
def courses() -> list[Course]:
    """Two courses that give no certificate of their own."""
    first = an_elearning(gives_certificate=False)
    return [first, an_elearning(gives_certificate=False, organisation=first.organisation)]


@pytest.fixture
def cycle(courses) -> Cycle:
    """Somebody to whom a certification of both is assigned, and who has nothing to hear."""
    cycle = assigned(a_certification(*courses))
    Notification.objects.all().delete()
    return cycle


def done(learner: User, course: Course, *, tells: bool, at: datetime | None = None) -> Enrolment:
    enrolment = an_enrolment(course, learner)
    change_status(
        enrolment=enrolment,
        to=S.COMPLETED,
        by=None,
        actor=Actor.SYSTEM,
        tells_learner=tells,
        at=at,
    )
    return enrolment


def corrected(enrolment: Enrolment, *, tells: bool) -> None:
    change_status(
        enrolment=enrolment,
        to=S.NOT_PASSED,
        by=an_administrator(),
        actor=Actor.ADMINISTRATOR,
        tells_learner=tells,
    )
    undo_time_is_over()


def heard() -> list[str]:
    """Return what was told of certificates since this was asked before."""
    kinds = Notification.objects.filter(kind__startswith="certifications/").order_by("pk")
    found = [kind.rpartition("/")[2] for kind in kinds.values_list("kind", flat=True)]
    Notification.objects.all().delete()
    return found


@pytest.mark.parametrize("look", [awarding.drain, catching_up.settle_unseen])
@pytest.mark.parametrize(("first", "last", "told"), [(True, False, []), (False, True, [ISSUED])])
def test_the_change_that_completed_a_cycle_decides_whoever_looks_first(
    cycle, courses, first, last, told, look
):
    done(cycle.assignment.learner, courses[0], tells=first)
    look()
    done(cycle.assignment.learner, courses[1], tells=last)
    look()
    assert Certificate.objects.filter(cycle=cycle).exists()
    assert heard() == told


@pytest.mark.parametrize(("first", "last", "told"), [(True, False, []), (False, True, [ISSUED])])
def test_it_makes_no_difference_that_nobody_looked_in_between(cycle, courses, first, last, told):
    done(cycle.assignment.learner, courses[0], tells=first)
    done(cycle.assignment.learner, courses[1], tells=last)
    awarding.drain()
    assert heard() == told


@pytest.mark.parametrize(("first", "last", "told"), [(True, False, []), (False, True, [ISSUED])])
def test_what_is_dated_back_completes_a_cycle_when_it_is_recorded(
    courses, first, last, told, time_machine
):
    learner = assigned(a_certification(*courses, accepts_days_old=30)).assignment.learner
    done(learner, courses[0], tells=first)
    awarding.drain()
    heard()
    time_machine.move_to(timezone.now() + timedelta(days=1))
    done(learner, courses[1], tells=last, at=timezone.now() - timedelta(days=3))
    awarding.drain()
    assert Certificate.objects.count() == 1
    assert heard() == told


@pytest.mark.parametrize(("tells", "told"), [(False, []), (True, [REVOKED])])
@pytest.mark.parametrize("was_told", [False, True])
def test_what_is_taken_back_is_told_as_what_took_it_back(cycle, courses, was_told, tells, told):
    enrolments = [done(cycle.assignment.learner, one, tells=was_told) for one in courses]
    awarding.drain()
    heard()
    corrected(enrolments[0], tells=tells)
    catching_up.settle_unseen()
    awarding.drain()
    assert not Certificate.objects.active().exists()
    assert heard() == told


@pytest.mark.parametrize(("tells", "told"), [(False, []), (True, [ISSUED, REVOKED])])
def test_a_certificate_that_takes_the_place_of_another_is_told_as_what_made_that_so(
    cycle, courses, tells, told, time_machine
):
    learner = cycle.assignment.learner
    newer = an_elearning(
        gives_certificate=False, organisation=courses[0].organisation, new_version_of=courses[0]
    )
    enrolment = done(learner, courses[0], tells=True)
    done(learner, courses[1], tells=True)
    awarding.drain()
    time_machine.move_to(timezone.now() + timedelta(days=2))
    done(learner, newer, tells=True)
    awarding.drain()
    heard()
    corrected(enrolment, tells=tells)
    awarding.drain()
    assert Certificate.objects.filter(cycle=cycle).count() == 2
    assert Certificate.objects.active().filter(cycle=cycle).count() == 1
    assert sorted(heard()) == told


def test_silence_about_one_person_says_nothing_of_another(courses):
    certification = a_certification(*courses)
    quiet, other = (assigned(certification).assignment.learner for _ in range(2))
    Notification.objects.all().delete()
    for learner, tells in ((quiet, False), (other, True)):
        for course in courses:
            done(learner, course, tells=tells)
    awarding.drain()
    assert list(Notification.objects.values_list("user", flat=True)) == [other.pk]


def test_what_the_system_completes_is_told(cycle, courses):
    for course in courses:
        completed(an_enrolment(course, cycle.assignment.learner))
    awarding.drain()
    assert heard() == [ISSUED]
