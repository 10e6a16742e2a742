"""What contradicts itself in a plan of a register: 'completed' and absent at the last meeting,
'withdrawn' or 'absent' and there, or there after having withdrawn."""

from collections.abc import Collection
from datetime import date

from attendance.marking.registers import MeetingState
from attendance.marking.steps import MarkStep
from attendance.models import Presence
from attendance.register.plans import Plan
from learners.models import WITHDRAWN, Enrolment, Organisation, StudyStatus, StudyStatusChange

AWAY = {*WITHDRAWN, StudyStatus.ABSENT}  # statuses of who was not there


def completed_though_absent(plan: Plan) -> list[Enrolment]:
    """Return who becomes completed and is absent at the last meeting of the run once this plan is
    written; who is merely not recorded is not among them."""
    at_last = _at_last_meeting(plan)
    becoming = [step.enrolment for step in plan.statuses if step.to is StudyStatus.COMPLETED]
    return [one for one in becoming if at_last.get(one.pk) == Presence.ABSENT]


def away_though_present(plan: Plan) -> list[Enrolment]:
    """Return who becomes withdrawn or absent and is marked present by the same form, or was there
    at the last meeting; who came at first and stayed away later is not among them."""
    at_last = _at_last_meeting(plan)
    ticked = {step.enrolment_id for step in plan.marks if step.to.is_present}
    becoming = [step.enrolment for step in plan.statuses if step.to in AWAY]
    return [one for one in becoming if one.pk in ticked or at_last.get(one.pk) == Presence.PRESENT]


def present_though_withdrawn(plan: Plan) -> list[MarkStep]:
    """Return the marks that make somebody present on the day on which they let know that they would
    not come, or after it; the marks of meetings before it are no wonder. In one query, where
    anybody who withdrew becomes present."""
    decided = {step.enrolment.pk for step in plan.statuses}
    away = {pk for pk, e in plan.people.items() if e.status in WITHDRAWN and pk not in decided}
    came = [s for s in plan.marks if s.enrolment_id in away and s.to.is_present]
    came = [step for step in came if not step.before.is_present]
    if not came:
        return []
    organisation = plan.run.course.organisation
    withdrew = _withdrew_on({step.enrolment_id for step in came}, organisation)
    days = {c.pk: organisation.day_of(c.meeting.begins_at) for c in plan.columns}
    return [s for s in came if days[s.meeting_id] >= withdrew.get(s.enrolment_id, date.max)]


def _withdrew_on(ids: Collection[int], organisation: Organisation) -> dict[int, date]:
    """Return on which day each of these people let know that they would not come; a verdict that
    came later does not move it."""
    days: dict[int, date] = {}
    changes = StudyStatusChange.objects.filter(enrolment__in=ids).order_by("pk")
    for pk, to, told, at in changes.values_list("enrolment_id", "to_status", "notified_on", "at"):
        if to not in WITHDRAWN:
            days.pop(pk, None)
        elif told or pk not in days:
            days[pk] = told or organisation.day_of(at)
    return days


def _at_last_meeting(plan: Plan) -> dict[int, str]:
    """Return what everybody is at the last meeting of the run once this plan is written."""
    last = _last_meeting(plan)
    if last is None:
        return {}
    recorded = {pk: marks[last][0].presence for pk, marks in plan.recorded.items() if last in marks}
    written = {
        step.enrolment_id: step.to.presence for step in plan.marks if step.meeting_id == last
    }
    return {**recorded, **written}


def _last_meeting(plan: Plan) -> int | None:
    left = [column for column in plan.columns if column.state is not MeetingState.CANCELLED]
    return max(left, key=lambda column: column.meeting.begins_at).pk if left else None
