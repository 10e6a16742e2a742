"""People on the way to their exam while a state is kept: at every step of it, by every way."""

from exams.models import ExamKind, ExamPart, FileSort, PartKind, Verdict
from exams.releasing import releases
from exams.sampling import samples
from exams.tests.factories import (
    a_decision,
    a_follower,
    a_hand_in,
    a_judgement,
    an_exam,
    an_exam_programme,
    work_on,
)
from learners.models import Enrolment, GradeScale, Organisation, Programme, User


def leave(here: Organisation, learner: User, coach: User) -> None:
    """Let a learner be at a step in each of some programmes: a sample drawn, one judged after one
    that was rejected, one approved, an exam started, and one released early."""
    Organisation.objects.filter(pk=here.pk).update(early_release=True)
    for number, step in enumerate((_apply, _judge, _approve, _start, _release_early)):
        programme = an_exam_programme(2, organisation=here, needed_xp=10)
        _define(programme, number)
        enrolment = a_follower(programme, coach, learner=learner)
        a_hand_in(work_on(enrolment))
        step(enrolment, coach)


def _define(programme: Programme, number: int) -> None:
    """Publish an exam of each kind in turn, graded by each scale, and begin a next version."""
    kinds, scales = [*ExamKind], ["", *GradeScale]
    exam = an_exam(
        programme, kind=kinds[number % len(kinds)], scale=scales[number % len(scales)],
        announcement_nl="Er is een **examen**.",
    )  # fmt: skip
    sorts = [*FileSort]
    exam.parts.get().expected_files.update(sort=sorts[number % len(sorts)])
    ExamPart.objects.create(
        exam=exam, position=2, kind=PartKind.APPOINTMENT, title_nl="Een gesprek", cut_score=1,
        good_score=2,
    )  # fmt: skip
    an_exam(programme, published_at=None)


def _apply(enrolment: Enrolment, coach: User) -> None:
    """Leave a sample that was drawn by the system, which passes over a theme."""
    samples.apply(enrolment=enrolment, by=enrolment.learner)


def _judge(enrolment: Enrolment, coach: User) -> None:
    """Leave a second sample being assessed, after one that was rejected."""
    _reject(enrolment, coach)
    samples.apply(enrolment=enrolment, by=enrolment.learner)
    second = samples.draw(enrolment=enrolment, by=coach)
    a_judgement(second.items.latest("position"), coach, Verdict.APPROVED, "Al beter.")


def _reject(enrolment: Enrolment, coach: User) -> None:
    a_decision(samples.draw(enrolment=enrolment, by=coach), coach, 1, feedback="Kijk nog eens.")
    a_hand_in(work_on(enrolment), "Beter.")


def _approve(enrolment: Enrolment, coach: User) -> None:
    a_decision(samples.draw(enrolment=enrolment, by=coach), coach, feedback="Mooi.")


def _start(enrolment: Enrolment, coach: User) -> None:
    _approve(enrolment, coach)
    attempt = releases.release(enrolment=enrolment, by=coach)
    releases.start(attempt=attempt, by=enrolment.learner)


def _release_early(enrolment: Enrolment, coach: User) -> None:
    """Leave an exam that was released while a new sample was asked for."""
    _reject(enrolment, coach)
    samples.apply(enrolment=enrolment, by=enrolment.learner)
    releases.release(enrolment=enrolment, by=coach, reason="Zij kan het al.")
