"""Telling people that a certification is asked of them, or no longer, each once."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Max

from certifications.certificates.news import titles
from certifications.models import CertificationAssignment, Cycle
from learners.telling import notify

NEAR = timedelta(days=1)


def tell_assigned(cycles: Collection[Cycle]) -> None:
    """Tell people that a certification is asked of them, how, and by when."""
    messages = []
    for cycle in cycles:
        one = cycle.assignment
        key = f"certification_assigned:{one.pk}{_times(cycle)}"
        due_on = cycle.due_on.isoformat() if cycle.due_on else ""
        messages.append(_message(one, key, mode=one.mode, due_on=due_on))
    notify.tell(kind="certifications/certification_assigned", messages=messages)


def _times(cycle: Cycle) -> str:
    """Tell one assigning from the next for who had it before, so that they are told anew."""
    assignment = cycle.assignment
    is_first = cycle.number == 1 and cycle.begins_on >= assignment.assigned_at.date() - NEAR
    return "" if is_first else f":{assignment.assigned_at:%Y%m%d%H%M%S}"


def tell_taken(ended: Collection[CertificationAssignment]) -> None:
    """Tell people that a certification is no longer asked of them, why, and until when what they
    earned stays valid: two queries."""
    earned = Cycle.objects.filter(assignment__in=ended, revoked_at=None).order_by()
    until = dict(earned.values_list("assignment").annotate(last=Max("valid_until")))
    messages = []
    for one in ended:
        assert one.ended_at is not None, "told of what has ended"
        today, last = one.certification.organisation.today(), until.get(one.pk)
        said = last.isoformat() if last and last >= today else ""
        key = f"certification_taken:{one.pk}:{one.ended_at:%Y%m%d%H%M%S}"
        messages.append(_message(one, key, reason=one.ended_because, valid_until=said))
    notify.tell(kind="certifications/certification_taken", messages=messages)


def tell_exempted(assignments: Collection[CertificationAssignment], *, reason: str) -> None:
    """Tell people that they are exempt of a certification, and why."""
    notify.tell(
        kind="certifications/certification_exempted",
        messages=[
            _message(one, f"certification_exempted:{one.pk}", reason=reason) for one in assignments
        ],
    )


def _message(one: CertificationAssignment, key: str, **said: str) -> notify.Message:
    certification = one.certification
    return notify.Message(
        user_id=one.learner_id,
        organisation_id=certification.organisation_id,
        key=key,
        params={**titles(certification), **said},
        url=certification.get_absolute_url(),
    )
