"""How a cycle of a certification stands today: worked out from its dates, and never stored.

What is said of one row by `state_on` is said of many, in SQL, by `cycle_states.where`. 'Today' is
the day where the institution is.
"""

from datetime import date

from certifications.models import AssigningMode, CertificateState, Cycle, CycleState
from certifications.models.assignment import EndedAs

S = CycleState
_ENDED = {EndedAs.DECLINED: S.DECLINED, EndedAs.WITHDRAWN: S.WITHDRAWN}


def state_of(cycle: Cycle) -> CycleState:
    """Return its state today."""
    return state_on(cycle, cycle.today)


def state_on(cycle: Cycle, today: date) -> CycleState:
    """Return its state on this day, by what is known now."""
    if cycle.revoked_at:
        return S.REVOKED
    if cycle.exempted_at:
        return S.EXEMPT
    if cycle.completed_on:
        return _of_completed(cycle, today)
    if cycle.assignment.ended_at:
        return _ENDED[EndedAs(cycle.assignment.ended_as)]
    if cycle.waits:
        return S.AWAITING_APPROVAL
    if cycle.is_renewal:
        return _of_renewal(cycle, today)
    return S.IN_PROGRESS if cycle.started_on else S.ASSIGNED


def _of_completed(cycle: Cycle, today: date) -> CycleState:
    """Return the state of a cycle by its own days; it is renewed as long as it is asked for."""
    if cycle.valid_until is None:
        return S.CERTIFIED
    assert cycle.window_opens_on is not None, "kept by cycle_window_validity_grace_in_order"
    assert cycle.grace_until is not None, "kept by cycle_window_validity_grace_in_order"
    if today > cycle.valid_until:
        return S.IN_GRACE if cycle.goes_on and today <= cycle.grace_until else S.EXPIRED
    is_open = cycle.has_window and today >= cycle.window_opens_on
    return S.RENEWABLE if cycle.goes_on and is_open else S.CERTIFIED


def _of_renewal(cycle: Cycle, today: date) -> CycleState:
    """Return the state of who is renewing, by the days of the cycle before: the same as that cycle
    had while this one was not there yet."""
    assert cycle.previous_until is not None, "asked by the caller"
    assert cycle.renewal_until is not None, "kept by cycle_renewal_follows_another"
    if today <= cycle.previous_until:
        return S.RENEWABLE
    return S.IN_GRACE if today <= cycle.renewal_until else S.EXPIRED


def is_overdue(cycle: Cycle, today: date) -> bool:
    """Whether it should have been completed by now; what waits for a result since before is not
    late."""
    day = min(today, cycle.awaited_on or today)
    return cycle.is_open and cycle.due_on is not None and cycle.due_on < day


def public_state(cycle: Cycle) -> CertificateState:
    """Return what a stranger is told of a completed cycle: valid, expired, withdrawn, or superseded
    by a later one."""
    if cycle.revoked_at:
        return CertificateState.REVOKED
    if newer_than(cycle):
        return CertificateState.SUPERSEDED
    is_over = cycle.valid_until is not None and cycle.valid_until < cycle.today
    return CertificateState.EXPIRED if is_over else CertificateState.VALID


def newer_than(cycle: Cycle) -> Cycle | None:
    """Return the last cycle after this one that was completed and not withdrawn."""
    later = Cycle.objects.filter(assignment=cycle.assignment_id, number__gt=cycle.number)
    return later.exclude(completed_on=None).filter(revoked_at=None).order_by("-number").first()


def waits_for_answer(cycle: Cycle) -> bool:
    """Whether its learner was nominated, and has neither accepted nor declined."""
    assignment = cycle.assignment
    is_asked = assignment.mode == AssigningMode.NOMINATED and assignment.accepted_at is None
    return is_asked and assignment.ended_at is None
