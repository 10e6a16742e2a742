"""What waits for who reviews is told to a monitor."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exams.conversing import conversations
from exams.models import Work
from exams.offered.health import QUEUES
from exams.tests.factories import a_follower, a_hand_in, an_exam_programme, work_on

pytestmark = pytest.mark.django_db


def test_what_waits_and_what_is_late_is_counted():
    now = timezone.now()
    programme = an_exam_programme(1)
    works = [a_hand_in(work_on(a_follower(programme))).work for _learner in range(3)]
    yesterday = timezone.localdate() - timedelta(days=1)
    Work.objects.filter(pk=works[0].pk).update(expected_on=yesterday)
    conversations.say(work=works[1], by=works[1].enrolment.learner, text="Is dit genoeg?")
    waiting = {queue.name: queue.rows(now).count() for queue in QUEUES}
    assert waiting == {"reviews": 3, "late_reviews": 1, "questions": 1}
