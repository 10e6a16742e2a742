"""The day of a result travels with the change that says it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from learners.models import Actor, Enrolment, StudyStatus
from learners.offered import personal
from learners.studying import days_achieved
from learners.studying.study_status import StatusRefused, change_status, undo_changes
from learners.tests.factories import (
    CourseFactory,
    a_programme,
    an_administrator,
    an_enrolment,
    an_online_course,
)

S = StudyStatus
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment():
    made = an_enrolment(an_online_course())
    Enrolment.objects.filter(pk=made.pk).update(registered_on=today_of(made) - 10 * DAY)
    made.refresh_from_db()
    return made


def today_of(enrolment):
    return enrolment.organisation.today()


def completed_from(enrolment, day):
    return change_status(
        enrolment=enrolment, to=S.COMPLETED, by=None, actor=Actor.SYSTEM, counts_from=day
    )


@pytest.mark.parametrize("ago", [0, 3, 10])
def test_a_result_counts_from_the_day_that_is_said_with_it(enrolment, ago):
    day = today_of(enrolment) - ago * DAY
    assert completed_from(enrolment, day).counts_from == day
    assert days_achieved.days_of([enrolment]) == {enrolment.pk: day}


def test_without_one_it_is_the_day_of_the_change(enrolment):
    completed_from(enrolment, None)
    assert days_achieved.days_of([enrolment]) == {enrolment.pk: today_of(enrolment)}


@pytest.mark.parametrize(("ago", "said"), [(-1, "lies ahead"), (11, "they began on")])
def test_a_day_ahead_or_before_the_enrolment_is_refused(enrolment, ago, said):
    with pytest.raises(StatusRefused, match=said):
        completed_from(enrolment, today_of(enrolment) - ago * DAY)
    enrolment.refresh_from_db()
    assert enrolment.status == S.NOT_STARTED


def test_who_follows_a_programme_anew_has_no_result_of_before(enrolment):
    whole = an_enrolment(CourseFactory())
    whole.course, whole.programme = None, a_programme()
    whole.registered_on, whole.results_from = today_of(enrolment) - 9 * DAY, today_of(enrolment)
    whole.save()
    with pytest.raises(StatusRefused, match="they began on"):
        completed_from(whole, today_of(enrolment) - DAY)


def test_what_is_taken_back_by_undoing_counts_from_its_day_again(enrolment):
    day, by = today_of(enrolment) - 4 * DAY, an_administrator()
    completed_from(enrolment, day)
    mistake = change_status(enrolment=enrolment, to=S.NOT_PASSED, by=by, actor=Actor.TEACHER)
    (restored,) = undo_changes(changes=[mistake], by=by, actor=Actor.TEACHER)
    assert (restored.to_status, restored.counts_from) == (S.COMPLETED, day)


def test_the_day_stands_in_the_history_and_in_ones_own_data(client, enrolment):
    day = today_of(enrolment) - 4 * DAY
    completed_from(enrolment, day)
    assert personal.export(enrolment.learner)["status_changes"][-1]["counts_from"] == day
    enrolment.learner.language = "en"
    enrolment.learner.save()
    client.force_login(enrolment.learner)
    assert "counts from" in client.get(enrolment.get_absolute_url()).text
    client.force_login(an_administrator(language="en"))
    page = reverse("admin:learners_enrolment_history", args=[enrolment.pk])
    assert "counts from" in client.get(page).text
