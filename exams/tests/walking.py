"""Somebody brought to a step on the way to their exam, as they and their coach get there."""

from exams.models import Attempt, Sample
from exams.releasing import releases
from exams.releasing.way import Step
from exams.sampling import samples
from exams.tests.factories import a_decision, a_hand_in, work_on
from learners.models import Enrolment, User

IN_REACH = (1, 2)  # the assignments that are handed in before anybody applies


def walk_to(step: Step, enrolment: Enrolment, coach: User) -> Enrolment:
    """Bring somebody to a step, in a programme of which two assignments bring the exam in reach."""
    if step is Step.LOCKED:
        return enrolment
    if step is Step.APPROVED:
        a_hand_in(work_on(enrolment, 1))
        a_decision(samples.draw(enrolment=enrolment, by=coach), coach)
        return enrolment
    for number in IN_REACH:
        a_hand_in(work_on(enrolment, number), f"Tekst {number}.")
    if step is Step.IN_REACH:
        return enrolment
    samples.apply(enrolment=enrolment, by=enrolment.learner)
    if step in (Step.REFUSED, Step.IMPROVED, Step.ASKED_AGAIN):
        return _refused(step, enrolment, coach)
    if step is not Step.SAMPLE:
        a_decision(sample_of(enrolment), coach, feedback="Sterk werk.")
    if step in (Step.RELEASED, Step.STARTED):
        attempt = releases.release(enrolment=enrolment, by=coach)
        if step is Step.STARTED:
            releases.start(attempt=attempt, by=enrolment.learner)
    return enrolment


def _refused(step: Step, enrolment: Enrolment, coach: User) -> Enrolment:
    """Let the sample be refused for its first assignment, be improved, and be asked for again."""
    a_decision(sample_of(enrolment), coach, 1, feedback="Bijna.")
    if step is not Step.REFUSED:
        a_hand_in(work_on(enrolment, 1), "Beter.")
    if step is Step.ASKED_AGAIN:
        samples.apply(enrolment=enrolment, by=enrolment.learner)
    return enrolment


def refuse_samples(number: int, enrolment: Enrolment, coach: User) -> None:
    """Let so many samples be refused, one after the other, each for the first assignment."""
    walk_to(Step.REFUSED, enrolment, coach)
    for time in range(1, number):
        a_hand_in(work_on(enrolment, 1), f"Beter, keer {time}.")
        samples.apply(enrolment=enrolment, by=enrolment.learner)
        a_decision(samples.draw(enrolment=enrolment, by=coach), coach, 1, feedback="Bijna.")


def release_early(enrolment: Enrolment, coach: User) -> Attempt:
    """Release the exam before XP and sample allow it."""
    here = enrolment.organisation
    here.early_release = True
    here.save()
    return releases.release(enrolment=enrolment, by=coach, reason="Zij kan het al.")


def sample_of(enrolment: Enrolment) -> Sample:
    """Return the newest sample of somebody."""
    return Sample.objects.filter(enrolment=enrolment).latest("number")
