"""Whoever locks a course and its programme locks them in that order: so nobody waits in a ring."""

from datetime import timedelta

import pytest
from django.db import transaction

from learners.enrolling import entering, withdrawing
from learners.models import Actor, Enrolment, StudyStatus
from learners.studying import study_status, terms
from learners.tests.at_once import at_once
from learners.tests.factories import CourseFactory, UserFactory, a_programme, an_administrator

TIMES = 5


def followed(*courses):
    """Somebody in a programme, whose own key is lower than those of its courses."""
    whole = entering.enrol_in_programme(
        learner=UserFactory(), programme=a_programme(*courses), by=None, actor=Actor.SYSTEM
    )
    assert whole.pk < whole.parts.order_by("pk").first().pk
    return whole


@pytest.mark.django_db
def test_courses_are_locked_before_programmes():
    whole = followed(CourseFactory(), CourseFactory())
    with transaction.atomic():
        locked = Enrolment.objects.filter(learner=whole.learner).locked()
        assert [e.pk for e in locked] == [*sorted(p.pk for p in whole.parts.all()), whole.pk]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["withdraw", "extend", "lapse"])
def test_a_course_is_completed_while_somebody_changes_its_programme(other):
    by = an_administrator()
    for _time in range(TIMES):
        whole = followed(CourseFactory(kind="elearning"), CourseFactory(kind="elearning"))
        part = whole.parts.order_by("-pk").first()
        if other == "lapse":
            over = whole.organisation.today() - timedelta(days=3)
            Enrolment.objects.filter(learner=whole.learner).update(term_ends_on=over)
        at_once(lambda part=part: complete(part), lambda whole=whole: change(other, whole, by))
        part.refresh_from_db()
        whole.refresh_from_db()
        assert part.status != StudyStatus.ENROLLED
        assert whole.status != StudyStatus.ENROLLED


def complete(part):
    try:
        study_status.change_status(
            enrolment=part, to=StudyStatus.COMPLETED, by=None, actor=Actor.SYSTEM
        )
    except study_status.StatusRefused:
        return  # the other was first


def change(other, whole, by):
    today = whole.organisation.today()
    if other == "withdraw":
        withdrawing.withdraw(enrolment=whole, by=by, actor=Actor.ADMINISTRATOR, notified_on=today)
    elif other == "extend":
        terms.extend_term(enrolment=whole, until=today + timedelta(days=90), by=by)
    else:
        terms.lapse_terms()
