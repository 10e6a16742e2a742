"""The exam box of whom the exam was released to, or whose programme ended on the way."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from exams.models import ExamKind
from exams.releasing.way import Step
from exams.tests.factories import (
    a_coach,
    a_follower,
    an_exam,
    an_exam_programme,
)
from exams.tests.walking import release_early, walk_to
from learners.models import Enrolment, Role, StudyStatus
from learners.tests.factories import a_member

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2026, 12, 1, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_a_tuesday():
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def programme():
    programme = an_exam_programme(3, needed_xp=20)
    an_exam(programme)
    return programme


@pytest.fixture
def coach(programme):
    return a_coach(programme)


@pytest.fixture
def mine(programme, coach):
    return a_follower(programme, coach, learner=an_english(programme))


def an_english(programme):
    return a_member(Role.LEARNER, programme.organisation, language="en")


def page_of(client, enrolment):
    client.force_login(enrolment.learner)
    return client.get(enrolment.get_absolute_url())


def box(client, enrolment):
    return page_of(client, enrolment).context["page"].head[0].context["box"]


def test_an_early_release_shows_as_such_and_waives_what_is_left(client, mine, coach):
    release_early(mine, coach)
    shown = box(client, mine)
    assert shown.text == (
        "Your exam was released early. Open since 1 December; the sample and what was left to"
        " make are waived."
    )
    assert (shown.action, shown.more) == ("Open the exam", "")
    page = client.get(f"{mine.get_absolute_url()}?tab=exam").text
    assert page.count('<span class="fine">waived</span>') == 3
    assert "3 of 3 parts are done." in page


@pytest.mark.parametrize(
    "ended",
    [
        {"status": StudyStatus.TERM_LAPSED},
        {"status": StudyStatus.WITHDRAWN_VALID},
        {"archived_at": TUESDAY},
    ],
    ids=["lapsed", "withdrawn", "archived"],
)
def test_a_released_exam_is_led_to_whatever_became_of_the_programme(client, mine, coach, ended):
    walk_to(Step.RELEASED, mine, coach)
    Enrolment.objects.filter(pk=mine.pk).update(**ended)
    shown = box(client, mine)
    assert (shown.action, shown.url) == (
        "Open the exam",
        reverse("exams:exam_detail", args=[mine.pk]),
    )


def test_where_a_term_lapsed_the_sample_is_still_looked_at(client, mine, coach):
    walk_to(Step.SAMPLE, mine, coach)
    Enrolment.objects.filter(pk=mine.pk).update(status=StudyStatus.TERM_LAPSED)
    shown = box(client, mine)
    assert shown.label == "Closed"
    assert "Your study term has lapsed." in shown.text
    assert "Your coach checks whether you are ready for the exam" in shown.text


def test_without_a_subscription_the_exam_stays_released_and_leads_to_one(client, mine, coach):
    walk_to(Step.RELEASED, mine, coach)
    here = mine.organisation
    here.programmes_need_subscription = True
    here.save()
    shown = box(client, mine)
    assert "The exam stays released to you." in shown.text
    assert (shown.kind, shown.action, shown.more) == (
        "waits",
        "Open the exam",
        "To the subscription",
    )


def test_an_exam_that_is_taken_elsewhere_says_so(client, programme, mine, coach):
    an_exam(programme, kind=ExamKind.OUTSIDE)
    walk_to(Step.RELEASED, mine, coach)
    shown = box(client, mine)
    assert shown.text == (
        "Your exam was released; it is taken elsewhere. The examination board enters its result"
        " here."
    )
