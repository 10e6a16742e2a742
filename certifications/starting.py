"""'Start': accept, enrol where needed, and lead to the course that comes first.

Source: the learners' guide ('de nieuwste openstaande cursus, gevolgd door andere openstaande
cursussen'). The pages of courses know nothing of certifications.
"""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from certifications import assigning, cycles, steps
from certifications.models import Cycle
from certifications.states import waits_for_answer
from certifications.steps import Step
from learners import enrolling
from learners.models import Actor, Enrolment, StudyStatus, User


class StartRefused(Exception):
    """There is nothing to start; the message says why, in the user's language."""


@transaction.atomic
def start(*, cycle: Cycle, by: User, requirement_id: int | None = None) -> Enrolment:
    """Begin a round, or go on: return the enrolment in what is newest of what is pending, or in
    what was asked for. Done twice, it is done once."""
    if not cycle.is_open:
        raise StartRefused(_("Nothing is expected of you in this certification now."))
    pending = steps.newest_first(steps.steps_of(cycle))
    chosen = [s for s in pending if requirement_id in (None, s.requirement.pk)]
    if not chosen:
        raise StartRefused(_("You have done this; nothing is left to start."))
    if waits_for_answer(cycle):
        assigning.accept(assignment=cycle.assignment, by=by)
    cycles.note_start(cycle=cycle)
    return chosen[0].enrolment or _enrol(chosen[0], by)


def _enrol(step: Step, learner: User) -> Enrolment:
    """Enrol in a course or a programme that the learner is not in yet."""
    requirement = step.requirement
    if requirement.programme is not None:
        return enrolling.enrol_in_programme(
            learner=learner, programme=requirement.programme, by=learner, actor=Actor.LEARNER
        )
    assert requirement.course is not None, "kept by requirement_is_a_course_or_a_programme"
    course = steps.offered(requirement.course)
    if course is None:
        raise StartRefused(
            _("“%(course)s” is not on offer now; ask your institution.")
            % {"course": requirement.course.title}
        )
    return enrolling.enter_course(learner=learner, course=course)


def address_of(enrolment: Enrolment) -> str:
    """Return where its learner goes on: choosing a run first, where that has to be done."""
    if enrolment.status == StudyStatus.RUN_CHOICE_REQUIRED:
        return reverse("learners:run_choose", args=[enrolment.pk])
    return enrolment.get_absolute_url()
