"""What the way to an exam holds of somebody: what they take along, and what is cleared."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from exams.models import Attempt, Sample, SampleItem, Verdict
from exams.offered import personal
from exams.releasing import releases
from exams.sampling import drawing, samples
from exams.tests.factories import (
    a_coach,
    a_decision,
    a_follower,
    a_hand_in,
    a_judgement,
    an_exam,
    an_exam_programme,
    work_on,
)
from learners.models import AuditEntry, User
from learners.pseudonyms import NAMELESS

pytestmark = pytest.mark.django_db
SECRET = "Yasmina twijfelde lang"


@pytest.fixture
def programme():
    programme = an_exam_programme(2, needed_xp=0)
    programme.organisation.early_release = True
    programme.organisation.save()
    an_exam(programme)
    return programme


@pytest.fixture
def coach(programme):
    return a_coach(programme, name="Coen Coach")


@pytest.fixture
def sample(programme, coach):
    return a_refused_sample(programme, coach)


def a_refused_sample(programme, coach):
    """Let somebody have applied, and been refused with words."""
    enrolment = a_follower(programme, coach)
    a_hand_in(work_on(enrolment))
    sample = samples.apply(enrolment=enrolment, by=enrolment.learner).sample
    a_judgement(sample.items.get(), coach, Verdict.SENT_BACK, SECRET)
    return a_decision(sample, coach, 1, feedback=SECRET)


@pytest.fixture
def attempt(sample, coach):
    """Their exam, released early with words."""
    return releases.release(enrolment=sample.enrolment, by=coach, reason=SECRET)


def clear(*people):
    personal.pseudonymise([person.pk for person in people], at=timezone.now())


def test_somebody_takes_along_how_they_went_and_what_was_said(attempt, sample, coach):
    held = personal.export(sample.enrolment.learner)
    (applied,) = held["exam_applications"]
    assert applied["enrolment_id"] == sample.enrolment_id
    (drawn,) = held["samples"]
    assert (drawn["state"], drawn["feedback"], drawn["name"]) == ("refused", SECRET, coach.name)
    (item,) = drawn["assignments"]
    assert (item["code"], item["of_version"], item["verdict"]) == ("OPD-1", 1, "sent_back")
    (exam,) = held["exams"]
    assert (exam["reason"], exam["released"], exam["title"]) == (SECRET, coach.name, "Examen")
    assert held["judged_in_samples"] == held["samples_decided"] == held["exams_released"] == []


def test_what_a_coach_wrote_in_a_sample_is_not_told_before_it_is_decided(programme, coach):
    enrolment = a_follower(programme, coach)
    a_hand_in(work_on(enrolment))
    sample = samples.draw(enrolment=enrolment, by=coach)
    a_judgement(sample.items.get(), coach, Verdict.APPROVED, SECRET)
    held = personal.export(enrolment.learner)
    assert [row["assignments"] for row in held["samples"]] == [[]]
    assert SECRET not in str(held)
    assert [row["feedback"] for row in personal.export(coach)["judged_in_samples"]] == [SECRET]


def test_a_coach_takes_along_what_they_wrote(attempt, coach):
    held = personal.export(coach)
    assert [row["feedback"] for row in held["judged_in_samples"]] == ["Helder."]
    assert [row["feedback"] for row in held["samples_decided"]] == [SECRET]
    assert [row["reason"] for row in held["exams_released"]] == [SECRET]
    assert held["samples"] == held["exams"] == held["exam_applications"] == []


def test_words_are_cleared_and_what_was_drawn_and_decided_stays(attempt, sample):
    learner = sample.enrolment.learner
    SampleItem.objects.update(feedback=SECRET)
    for _time in range(2):
        clear(learner)
    sample.refresh_from_db()
    attempt.refresh_from_db()
    assert (sample.feedback, sample.state) == (NAMELESS, "refused")
    assert SampleItem.objects.get().feedback == NAMELESS
    assert (attempt.reason, attempt.is_early) == (NAMELESS, True)
    candidates = drawing.from_list(sample.drawn_from)
    assert len(drawing.draw(candidates, size=sample.size, seed=sample.seed)) == 1
    log = AuditEntry.objects.filter(
        object_type__in=["exams.sample", "exams.attempt", "exams.application"]
    )
    assert {(one.label, one.reason) for one in log} == {(NAMELESS, "")}
    assert log.count() == 4  # applied, drawn, refused, released
    assert SECRET not in str(personal.export(learner))


def test_nothing_of_others_is_cleared_nor_what_a_coach_said_of_them(attempt, sample, coach):
    clear(a_follower(sample.enrolment.programme).learner, coach)
    assert Sample.objects.get().feedback == Attempt.objects.get().reason == SECRET


def test_as_many_queries_for_more(sample, programme, coach, django_assert_num_queries):
    with django_assert_num_queries(22):
        personal.export(sample.enrolment.learner)
    a_hand_in(work_on(sample.enrolment), "Beter.")
    a_decision(samples.draw(enrolment=sample.enrolment, by=coach), coach)
    releases.release(enrolment=sample.enrolment, by=coach)
    for person in (sample.enrolment.learner, coach):
        with django_assert_num_queries(22):
            personal.export(person)


def test_whoever_did_or_heard_something_on_the_way_lately_is_active(programme, coach):
    now = timezone.now()
    with time_machine.travel(now - timedelta(days=90), tick=False):
        enrolment = a_follower(programme, coach)
        a_hand_in(work_on(enrolment))
    learner, other = enrolment.learner, a_coach(programme)

    def active(days):
        since = personal.active_since(now - timedelta(days=days))
        return set(User.objects.filter(since, pk__in=[learner.pk, coach.pk, other.pk]))

    assert active(80) == set()
    with time_machine.travel(now - timedelta(days=70), tick=False):
        sample = samples.draw(enrolment=enrolment, by=coach)
    assert active(75) == {coach}
    with time_machine.travel(now - timedelta(days=60), tick=False):
        samples.apply(enrolment=enrolment, by=learner)
    assert active(65) == {learner}
    with time_machine.travel(now - timedelta(days=50), tick=False):
        a_judgement(sample.items.get(), other)
    assert active(55) == {other}
    with time_machine.travel(now - timedelta(days=40), tick=False):
        a_decision(sample, coach)
    assert active(45) == {learner, coach, other}  # what they judged is said with the decision
    with time_machine.travel(now - timedelta(days=30), tick=False):
        attempt = releases.release(enrolment=enrolment, by=other)
    assert active(35) == {learner, other}
    with time_machine.travel(now - timedelta(days=20), tick=False):
        releases.start(attempt=attempt, by=learner)
    assert active(25) == {learner}
