"""What really happened to a person or an enrolment: study statuses, acts and answers together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from learners.admin.parts.words import spoken
from learners.models import (
    Actor,
    AuditEntry,
    Enrolment,
    ForceMajeure,
    Membership,
    StudyStatusChange,
    Subscription,
    User,
)
from learners.telling.days import day

SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened: when, who did it, what, to which row, and why."""

    at: datetime
    who: str
    what: str
    on: Model
    why: str = ""


def of_enrolments(enrolments: QuerySet[Enrolment]) -> list[Event]:
    """Return the changes of study status of these enrolments, and what else was done with them,
    the newest first: four queries."""
    rows = {row.pk: row for row in enrolments.select_related("learner", "course", "programme")}
    evidence = dict(ForceMajeure.objects.filter(enrolment__in=rows).values_list("pk", "enrolment"))
    log = _log({"learners.enrolment": list(rows), "learners.forcemajeure": list(evidence)})
    acts = [
        _act(entry, rows[evidence.get(entry.object_id, entry.object_id)])
        if entry.object_type == "learners.forcemajeure"
        else _act(entry, rows[entry.object_id])
        for entry in log
    ]
    return newest([*_changes(rows), *acts])


def of_person(person: User) -> list[Event]:
    """Return what happened to somebody and to all their enrolments, the newest first."""
    memberships = Membership.objects.filter(user=person).values_list("pk", flat=True)
    subscriptions = Subscription.objects.filter(user=person).values_list("pk", flat=True)
    log = _log(
        {
            "learners.user": [person.pk],
            "learners.membership": list(memberships),
            "learners.subscription": list(subscriptions),
        }
    )
    mine = of_enrolments(Enrolment.objects.filter(learner=person))
    return newest([*(_act(entry, person) for entry in log), *mine])


def newest(events: Iterable[Event]) -> list[Event]:
    """Return the newest events, the newest first."""
    return sorted(events, key=lambda event: event.at, reverse=True)[:SHOWN]


def _log(asked: dict[str, Sequence[int]]) -> list[AuditEntry]:
    which = Q(pk__in=[])
    for object_type, ids in asked.items():
        which |= Q(object_type=object_type, object_id__in=ids)
    return list(AuditEntry.objects.filter(which).select_related("by").order_by("-pk")[:SHOWN])


def _act(entry: AuditEntry, on: Model) -> Event:
    changes = "; ".join(
        f"{name}: {change[0]} → {change[1]}"
        for name, change in entry.changes.items()
        if isinstance(change, list) and len(change) == 2
    )
    what = capfirst(spoken(entry.action))
    return Event(
        at=entry.at,
        who=str(entry.by or _("automatically")),
        what=f"{what} ({changes})" if changes else what,
        on=on,
        why=entry.reason,
    )


def _changes(rows: dict[int, Enrolment]) -> list[Event]:
    changes = StudyStatusChange.objects.filter(enrolment__in=rows).select_related("by")
    return [
        Event(
            at=change.at,
            who=_who(change),
            what=_what(change, rows[change.enrolment_id]),
            on=rows[change.enrolment_id],
            why=change.reason,
        )
        for change in changes.order_by("-pk")[:SHOWN]
    ]


def _who(change: StudyStatusChange) -> str:
    if change.by is None:
        return _("automatically")
    return f"{change.by}, {Actor(change.actor).label}"


def _what(change: StudyStatusChange, enrolment: Enrolment) -> str:
    """Say the step; of the first one also the day of registration, where that is another."""
    said = str(change.get_to_status_display())
    if change.from_status:
        said = f"{change.get_from_status_display()} → {said}"
    elif enrolment.registered_on and enrolment.registered_on != change.at.date():
        words = _("%(status)s, registered on %(day)s and recorded here later")
        said = words % {"status": said, "day": day(enrolment.registered_on)}
    if change.notified_on:
        said = _("%(said)s, let know on %(day)s") % {"said": said, "day": day(change.notified_on)}
    if not change.tells_learner:
        said = _("%(said)s, without a message of its own") % {"said": said}
    if change.counts_from:
        said = _("%(said)s, counts from %(day)s") % {"said": said, "day": day(change.counts_from)}
    return _("Study status: %(said)s") % {"said": said}
