"""'Start': accept, enrol where needed, and lead to the course that comes first.

Source: the learners' guide ('de nieuwste openstaande cursus, gevolgd door andere openstaande
cursussen'). The pages of courses know nothing of certifications.
"""

from collections.abc import MutableMapping
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from certifications.assigning import answering
from certifications.cycles import fulfilling, settling, steps
from certifications.cycles.steps import Step
from certifications.models import Cycle, Requirement
from learners.content import trails
from learners.enrolling import entering
from learners.models import Actor, Enrolment, StudyStatus, User
from learners.studying import programmes


class StartRefused(Exception):
    """There is nothing to start; the message says why, in the user's language."""


@transaction.atomic
def start(*, cycle: Cycle, by: User, requirement_id: int | None = None) -> Enrolment:
    """Begin a cycle, or go on: return the enrolment in what is newest of what is pending, or in
    what was asked for. Done twice, it is done once."""
    if not cycle.is_open:
        raise StartRefused(_("Nothing is expected of you in this certification now."))
    own = steps.steps_of(cycle)
    pending = steps.newest_first(own)
    chosen = [s for s in pending if requirement_id in (None, s.requirement.pk)]
    waiting = [s for s in own if s.waits_for_run]
    if not chosen and any(requirement_id in (None, s.requirement.pk) for s in waiting):
        raise StartRefused(_("No run is planned yet; your institution does that."))
    if not chosen:
        raise StartRefused(_("You have done this; nothing is left to start."))
    if cycle.assignment.accepted_at is None:
        answering.accept(assignment=cycle.assignment, by=by)
    settling.note_start(cycle=cycle)
    return chosen[0].enrolment or _enrol(chosen[0], cycle, by)


def _enrol(step: Step, cycle: Cycle, learner: User) -> Enrolment:
    """Enrol in a course or a programme that the learner is not in yet; in a programme anew where
    what was done of it before is not enough."""
    requirement = step.requirement
    if requirement.programme is not None:
        return entering.enrol_in_programme(
            learner=learner,
            programme=requirement.programme,
            by=learner,
            actor=Actor.LEARNER,
            results_from=_results_from(cycle, requirement, learner),
        )
    assert requirement.course is not None, "kept by requirement_is_a_course_or_a_programme"
    course = steps.offered(requirement.course)
    if course is None:
        raise StartRefused(
            _("“%(course)s” is not on offer now; ask your institution.")
            % {"course": requirement.course.title}
        )
    return entering.enter_course(learner=learner, course=course)


def _results_from(cycle: Cycle, requirement: Requirement, learner: User) -> date | None:
    """Return since when results of a programme's courses count: all of them in a first cycle, as
    anywhere, unless the whole was done so long ago that it counts no more."""
    earlier = Cycle.objects.filter(assignment=cycle.assignment_id, number=cycle.number - 1)
    after = earlier.values_list("completed_on", flat=True).first()
    if after is None:
        assert requirement.programme is not None, "asked by the caller"
        asked = set(requirement.programme.courses.values_list("pk", flat=True))
        if not asked <= programmes.done_courses([learner.pk])[learner.pk]:
            return None
    return fulfilling.first_day(cycle, requirement, after)


def address_of(enrolment: Enrolment) -> str:
    """Return where its learner goes on: choosing a run first, where that has to be done; else in
    the lessons, or on the page with its knowledge centre and meetings."""
    if enrolment.status == StudyStatus.RUN_CHOICE_REQUIRED:
        return reverse("learners:run_choose", args=[enrolment.pk])
    return trails.address_of(enrolment)


def lay_trail(session: MutableMapping[str, Any], *, cycle: Cycle, begun: Enrolment) -> None:
    """Let the lessons show what follows, in the order of the certification's page: what was begun
    first, then what is newest of what is pending, then what is done."""
    own = steps.steps_of(cycle)
    pending = steps.newest_first(own)
    here = [step for step in pending if step.enrolment == begun]
    ordered = [*here, *(step for step in pending if step not in here)]
    ordered += [step for step in own if step not in ordered]
    trails.lay(
        session,
        what=cycle.certification,
        url=cycle.certification.get_absolute_url(),
        stops=[(step.requirement.subject, step.shown_enrolment) for step in ordered],
    )
