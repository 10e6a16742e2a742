"""What people hear when a certification is taken from them, or when they are exempted of it."""

from datetime import UTC, datetime

import pytest
import time_machine

from certifications.assigning import giving, taking_back
from certifications.tests.factories import a_certification, an_elearning, assigned, done_by
from learners.models import Notification
from learners.telling import notify
from learners.tests.factories import OrganisationFactory, UserFactory, an_administrator

pytestmark = pytest.mark.django_db
YEARLY = {"validity": "recurring", "period_months": 12, "window_days": 60, "grace_days": 30}
TAKEN, EXEMPTED = "certifications/certification_taken", "certifications/certification_exempted"


def on(*day):
    return time_machine.travel(datetime(*day, 12, tzinfo=UTC), tick=False)


@pytest.fixture
def course():
    return an_elearning(organisation=OrganisationFactory())


def words_of(kind, learner):
    """Return what one notification of this kind says to somebody in their own language."""
    told = Notification.objects.get(kind=kind, user=learner)
    assert told.mailed_at is None
    assert told in Notification.objects.to_mail()
    return notify.words(told, learner.language)


@pytest.mark.parametrize(
    ("language", "subject", "sentence"),
    [
        ("en", "“First aider” is no longer asked of you", "The reason: Works elsewhere"),
        ("nl", "‘Hulpverlener’ wordt niet meer van je gevraagd", "De reden: Works elsewhere"),
    ],
)
def test_who_no_longer_has_it_assigned_hears_once_in_their_language_why(
    course, language, subject, sentence
):
    assignment = assigned(a_certification(course), UserFactory(language=language)).assignment
    for _twice in range(2):
        taking_back.withdraw(
            assignments=[assignment], by=an_administrator(), reason="Works elsewhere"
        )
    said = words_of(TAKEN, assignment.learner)
    assert said.subject == subject
    assert sentence in said.body
    assert assignment.certification.get_absolute_url() in said.body
    assert "2027" not in said.body


def test_who_earned_it_hears_until_when_that_stays_valid(course):
    with on(2026, 3, 1):
        assignment = assigned(a_certification(course, **YEARLY), UserFactory(language="en"))
        assignment = assignment.assignment
        done_by(assignment.learner, course)
    with on(2026, 6, 1):
        taking_back.withdraw(assignments=[assignment], by=an_administrator(), reason="Left")
    body = words_of(TAKEN, assignment.learner).body
    assert "What you earned stays valid until 28 February 2027." in body


def test_taken_from_somebody_a_second_time_they_hear_again(course):
    certification, learner, by = a_certification(course), UserFactory(), an_administrator()
    for month in (3, 4):
        with on(2026, month, 1):
            assignment = assigned(certification, learner).assignment
            taking_back.withdraw(assignments=[assignment], by=by, reason="Left")
    assert learner.notifications.filter(kind=TAKEN).count() == 2


@pytest.mark.parametrize(
    ("language", "subject", "sentence"),
    [
        ("en", "You are exempt of “First aider”", "Nothing is expected of you"),
        ("nl", "Je bent vrijgesteld van ‘Hulpverlener’", "niets van je verwacht"),
    ],
)
def test_who_is_exempted_hears_once_in_their_language_why(course, language, subject, sentence):
    assignment = assigned(a_certification(course), UserFactory(language=language)).assignment
    for reason in ("A nurse", "Still a nurse"):
        taking_back.exempt(assignments=[assignment], by=an_administrator(), reason=reason)
    said = words_of(EXEMPTED, assignment.learner)
    assert said.subject == subject
    assert sentence in said.body
    assert "A nurse" in said.body


def test_nobody_hears_where_it_is_refused(course):
    assignment = assigned(a_certification(course)).assignment
    done_by(assignment.learner, course)
    for act in (taking_back.withdraw, taking_back.exempt):
        with pytest.raises(giving.AssigningRefused):
            act(assignments=[assignment], by=an_administrator(), reason="Left")
    assert not Notification.objects.filter(kind__in=(TAKEN, EXEMPTED)).exists()


@pytest.mark.parametrize("act", [taking_back.withdraw, taking_back.exempt])
def test_telling_three_takes_as_many_queries_as_telling_one(
    course, act, django_assert_max_num_queries
):
    certification, by, numbers = a_certification(course), an_administrator(), []
    for people in (1, 3):
        rows = [assigned(certification).assignment for _person in range(people)]
        with django_assert_max_num_queries(30) as asked:
            act(assignments=rows, by=by, reason="Left")
        numbers.append(len(asked))
    assert numbers[0] == numbers[1]
