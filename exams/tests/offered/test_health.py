"""What waits for who reviews is told to a monitor."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from exams.conversing import conversations
from exams.models import Work
from exams.offered.health import QUEUES
from exams.tests.factories import a_follower, a_hand_in, an_exam_programme, work_on
from learners.models import Enrolment, StudyStatus
from learners.tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def test_what_waits_and_what_is_late_is_counted():
    now = timezone.now()
    programme = an_exam_programme(1)
    works = [a_hand_in(work_on(a_follower(programme))).work for _learner in range(3)]
    yesterday = timezone.localdate() - timedelta(days=1)
    Work.objects.filter(pk=works[0].pk).update(expected_on=yesterday)
    long_ago = now - timedelta(days=60)
    for work, at in ((works[1], now), (works[2], long_ago)):
        conversations.say(work=work, by=work.enrolment.learner, text="Is dit genoeg?", at=at)
    assert waiting(now) == {"reviews": 3, "late_reviews": 1, "questions": 2, "late_answers": 1}
    ended = [work.enrolment_id for work in works]
    Enrolment.objects.filter(pk__in=ended).update(status=StudyStatus.NOT_PASSED)
    assert set(waiting(now).values()) == {0}


def test_what_is_late_is_so_by_the_day_of_the_institution():
    there = OrganisationFactory(time_zone="Pacific/Auckland")
    work = a_hand_in(work_on(a_follower(an_exam_programme(1, organisation=there)))).work
    Work.objects.filter(pk=work.pk).update(expected_on=date(2026, 12, 8))
    for hour, late in ((10, 0), (12, 1)):  # midnight there is eleven here
        now = datetime(2026, 12, 8, hour, tzinfo=UTC)
        assert waiting(now)["late_reviews"] == late


def waiting(now: datetime) -> dict[str, int]:
    return {queue.name: queue.rows(now).count() for queue in QUEUES}
