"""Who need not make an assignment: decided by the board, with a ground, and taken back by it.

An exempt assignment leaves the total of XP, what was earned and, in proportion, the threshold; what
was handed in stays. Source: the exam design.
"""

from copy import copy
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.assignments import states, works
from exams.assignments.standing import Asked, Standing
from exams.assignments.states import WorkRefused
from exams.models import Assignment, AssignmentExemption, Work, WorkAct, WorkState
from learners import audit
from learners.models import Enrolment, User
from learners.telling import notify


@transaction.atomic
def exempt(
    *,
    enrolment: Enrolment,
    assignment: Assignment,
    by: User,
    ground: str,
    at: datetime | None = None,
) -> AssignmentExemption:
    """Exempt somebody from an assignment, and tell them; exempt already, it stays as it is.

    Raises `WorkRefused` without a ground, and for a programme that is not followed any more.
    """
    if not ground.strip():
        raise WorkRefused(_("Say why; the learner reads it."))
    at = at or timezone.now()
    work = works.locked(works.begin(enrolment=enrolment, assignment=assignment, by=by, at=at))
    standing = work.exemptions.filter(ended_at=None).first()
    if standing is not None:
        return standing
    works.refuse_unfollowed(work)
    states.change(work, WorkAct.EXEMPT)
    made = AssignmentExemption.objects.create(work=work, ground=ground.strip()[:500], by=by, at=at)
    audit.record(action="exams.assignment_exempted", on=work, by=by, reason=made.ground)
    _tell(made)
    return made


@transaction.atomic
def end(*, exemption: AssignmentExemption, by: User) -> Work:
    """Take an exemption back: the work stands again as what was handed in and said of it. Raises
    `WorkRefused` for a programme that is not followed any more."""
    work = works.locked(exemption.work)
    row = work.exemptions.filter(pk=exemption.pk, ended_at=None).first()
    if row is None:
        return work
    works.refuse_unfollowed(work)
    row.ended_at, row.ended_by = timezone.now(), by
    row.save(update_fields=["ended_at", "ended_by"])
    states.change(work, WorkAct.RESTORE, wait=works.waiting_from(work, row.ended_at))
    audit.record(action="exams.assignment_exemption_ended", on=work, by=by)
    _tell(row)
    return work


def standing_exemption(work: Work | None) -> AssignmentExemption | None:
    """Return the exemption that holds of a work, with who decided it; None where none does."""
    rows = AssignmentExemption.objects.filter(work=work, ended_at=None).select_related("by")
    return rows.first() if work else None


def foreseen(stands: Standing, asked: Asked) -> Standing:
    """Return where somebody would stand if they were exempt of this assignment, or, exempt of it
    now, if they were no longer; nothing is written."""
    to = WorkState.EXEMPT
    if asked.is_exempt:
        assert asked.work is not None, "only work is exempt"
        to = states.facts_of(asked.work)
    would = replace(asked, work=_in_state(asked.work, to))
    themes = [
        replace(theme, assignments=[would if one is asked else one for one in theme.assignments])
        for theme in stands.themes
    ]
    return replace(stands, themes=themes)


def _in_state(work: Work | None, state: WorkState) -> Work:
    """Return a work in a state, which is not stored."""
    other = copy(work) if work else Work()
    other.state, other.waits_since, other.expected_on = state, None, None
    return other


def _tell(exemption: AssignmentExemption) -> None:
    """Tell a learner that they need not make it, or must make it after all."""
    work, is_over = exemption.work, exemption.ended_at is not None
    version = works.asked_of(work.enrolment, work.assignment, work)
    message = notify.Message(
        user_id=work.enrolment.learner_id,
        organisation_id=work.enrolment.subject.organisation_id,
        key=f"assignment-exemption:{exemption.pk}{':over' if is_over else ''}",
        params={
            "title_nl": version.title_nl if version else work.assignment.code,
            "title_en": version.title_in("en") if version else work.assignment.code,
            "programme_nl": work.enrolment.subject.title_nl,
            "programme_en": work.enrolment.subject.title_in("en"),
            "ground": exemption.ground,
            "is_over": is_over,
        },
        url=work.enrolment.get_absolute_url(),
    )
    notify.tell(kind="exams/assignment_exempted", messages=[message])
