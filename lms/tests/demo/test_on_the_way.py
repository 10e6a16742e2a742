"""The way to the exam in the demo: somebody at every step of it, and an exam worth reading."""

import io
from collections import Counter
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from exams.assignments import standing
from exams.defining import completeness
from exams.models import Attempt, AttemptState, Exam, ExamKind, PartKind, Sample, SampleItem
from exams.releasing import releases, waiting, way
from exams.releasing.way import Step
from exams.sampling import again
from learners.models import Enrolment, User
from learners.people import subscriptions
from lms.demo import people

CODES = ("COACH", "WONDPRAKTIJK")


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The demo, loaded once for all tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", force=True, stdout=io.StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def sanne(demo, db) -> User:
    return User.objects.get(email=people.SANNE)


@pytest.fixture
def joris(demo, db) -> User:
    return User.objects.get(email=people.COACH)


def ways() -> list[way.Way]:
    followed = Enrolment.objects.filter(programme__code__in=CODES).select_related("programme")
    return list(way.of_many(standing.of_many(list(followed)).values()).values())


def test_somebody_stands_at_every_step_of_the_way(demo, db):
    steps = Counter(one.step for one in ways())

    assert set(steps) == set(Step)
    assert steps[Step.SAMPLE] == 2
    assert {item.verdict for item in SampleItem.objects.filter(sample__state="being_assessed")} == {
        "",
        "approved",
    }


def test_an_exam_was_released_early_with_a_reason(demo, db):
    early = [one for one in Attempt.objects.all() if one.is_early]

    assert len(early) == 1
    assert early[0].sample is None
    assert early[0].earned_xp < early[0].needed_xp


def test_the_learner_can_apply_and_has_an_exam_that_waits_for_a_subscription(sanne):
    here = {
        one.standing.enrolment.programme.code: one
        for one in ways()
        if one.standing.enrolment.learner_id == sanne.pk
    }
    released = here["WONDPRAKTIJK"]

    assert here["COACH"].may_be_applied_for
    assert released.step is Step.RELEASED
    assert released.attempt.exam.kind == ExamKind.OWN
    assert releases.why_closed(released.standing.enrolment, released.attempt)
    access = subscriptions.access(sanne, released.standing.enrolment.organisation)
    assert access.has_trial_left


def test_the_coach_has_something_of_everything_on_the_way(joris):
    found = waiting.of(joris)

    assert all(rows.exists() for rows in found.values())


def test_the_exam_reads_in_both_languages_and_a_version_is_being_made(demo, db):
    exam = Exam.objects.published().get(programme__code="COACH")
    upload, talk = exam.parts.all()

    assert (upload.kind, talk.kind) == (PartKind.UPLOAD, PartKind.APPOINTMENT)
    assert upload.pages.count() == 4
    assert upload.criteria.count() == 5
    assert upload.criteria.filter(is_knock_out=True).count() == 1
    for part in (upload, talk):
        assert not part.pages.filter(text_en="").exists()
    being_made = Exam.objects.get(programme__code="COACH", published_at=None)
    assert being_made.parts.count() == 2
    assert completeness.whats_missing(being_made) == []


def test_an_exam_stays_what_it_was_for_whom_it_was_released(demo, db):
    kinds = set(
        Attempt.objects.filter(exam__programme__code="WONDPRAKTIJK").values_list(
            "exam__kind", "exam__number"
        )
    )

    assert kinds == {(ExamKind.OUTSIDE, 1), (ExamKind.OWN, 2)}


def test_all_happened_in_its_order_before_the_loading(demo, db):
    now = timezone.now()

    for sample in Sample.objects.all():
        handed_in = [item.hand_in.handed_in_at for item in sample.items.all()]
        assert max(handed_in) < sample.drawn_at < now
        assert sample.decided_at is None or sample.drawn_at < sample.decided_at < now
    for attempt in Attempt.objects.select_related("sample", "exam"):
        assert attempt.exam.published_at < attempt.released_at < now
        assert attempt.sample is None or attempt.sample.decided_at < attempt.released_at
        assert (attempt.state == AttemptState.STARTED) == (attempt.started_at is not None)


def test_every_sample_can_be_drawn_again(demo, db):
    compared = again.compare(Sample.objects.all())

    assert compared.all > 0
    assert compared.different == []
