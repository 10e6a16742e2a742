"""Reminding people of the moments of their certifications: each moment once.

First it is written down who is to hear of what; then everybody with something new gets one digest,
at most one a day. Both are set-based, in batches, at any time, any number of times, in two places
at once.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from certifications.models import Anchor, Moment, Reminder
from certifications.reminding import moments
from learners.models import Coaching, Notification, User
from learners.models.enrolment import followed
from learners.telling import notify

BATCH = 5_000  # cycles in one transaction
PEOPLE = 2_500  # digests in one transaction
KIND = "certifications/reminders"


def remind(*, batch: int = BATCH, people: int = PEOPLE) -> int:
    """Write down what people are to hear, and tell them; return how many were told."""
    for one in moments.moments():
        last: int | None = 0
        while last is not None:
            last = _write_down(one, last, batch)
    told, after = 0, 0
    while ids := _to_tell(after, people):
        told, after = told + _tell(ids), ids[-1]
    return told


@transaction.atomic
def _write_down(due: moments.Due, after: int, batch: int) -> int | None:
    """Write down a moment for the learners whom it concerns, and for their coaches where asked: for
    the next cycles in the order of their keys. Return the last key, or nothing after the last."""
    fields = ("pk", "assignment__learner", due.on, "assignment__certification__reminds_coach")
    concerned = due.rows.filter(due.when, pk__gt=after).order_by("pk")
    rows = list(concerned.values_list(*fields)[:batch])
    known = _known(due, [cycle for cycle, *_ in rows])
    fresh = [row for row in rows if row[:3] not in known]
    coaches = _coaches({learner for _cycle, learner, _on, asks in fresh if asks})
    made = []
    for cycle, learner, on, asks in fresh:
        for user in (learner, *(coaches[learner] if asks else ())):
            one = Reminder(cycle_id=cycle, user_id=user, on=on)
            one.moment, one.days = due.moment, due.days
            made.append(one)
    Reminder.objects.bulk_create(made, ignore_conflicts=True, batch_size=BATCH)
    return rows[-1][0] if len(rows) == batch else None


def _known(due: moments.Due, cycles: Collection[int]) -> set[tuple[int, int, date]]:
    """Return what was written down of a moment of these cycles: of which, for whom, which day.

    Looked up apart: a join with what was written down a moment ago is planned by statistics of
    before, in which there is next to nothing of it.
    """
    said = Reminder.objects.filter(cycle__in=cycles, moment=due.moment, days=due.days)
    return set(said.values_list("cycle", "user", "on"))


def _coaches(learners: Collection[int]) -> dict[int, list[int]]:
    """Return who coaches each of these people in a programme that is under way: one query."""
    found: dict[int, list[int]] = defaultdict(list)
    if not learners:
        return found
    under_way = Coaching.objects.at_work().filter(followed("enrolment__"))
    rows = under_way.filter(enrolment__learner__in=learners)
    for learner, coach in rows.values_list("enrolment__learner", "coach").distinct():
        found[learner].append(coach)
    return found


def _untold() -> Q:
    """What was written down, was not told, and is still so."""
    young = timezone.now() - moments.FORGOTTEN
    is_awaited = Q(
        Exists(moments.awaited().filter(pk=OuterRef("cycle"))), moment__in=moments.OF_FIRST
    )
    is_concerned = ~Q(moment__in=moments.OF_FIRST) & Exists(
        moments.concerned().filter(pk=OuterRef("cycle"))
    )
    return Q(is_awaited | is_concerned, told_at=None, created_at__gte=young)


def _to_tell(after: int, people: int) -> list[int]:
    """Return the next people, in the order of their keys, who have something to hear."""
    waiting = Reminder.objects.filter(_untold(), user__gt=after).order_by("user")
    return list(waiting.values_list("user", flat=True).distinct()[:people])


@transaction.atomic
def _tell(people: Collection[int]) -> int:
    """Give a digest to those of these people who had none today; return how many there were."""
    today = timezone.localdate()
    key = f"reminders:{today.isoformat()}"
    had_one = Notification.objects.filter(user=OuterRef("pk"), key=key)
    users = User.objects.filter(~Exists(had_one), pk__in=people).order_by("pk")
    locked = users.select_for_update(of=("self",), skip_locked=True, no_key=True)
    ids = list(locked.values_list("pk", flat=True))
    if not ids:
        return 0
    told = Reminder.objects.filter(_untold(), user__in=ids)
    lines: dict[int, list[Reminder]] = defaultdict(list)
    assignment = "cycle__assignment"
    related = (f"{assignment}__certification__organisation", f"{assignment}__learner")
    for one in told.select_related(*related, "cycle__version").order_by("on", "pk"):
        lines[one.user_id].append(one)
    messages = [_digest(user, mine, key) for user, mine in lines.items()]
    notify.tell(kind=KIND, messages=messages)
    done = [one.pk for mine in lines.values() for one in mine]
    Reminder.objects.filter(pk__in=done).update(told_at=timezone.now())
    return len(messages)


def _digest(user: int, mine: Sequence[Reminder], key: str) -> notify.Message:
    """One message with everything: the last moment of each cycle, one's own first."""
    last = {one.cycle_id: one for one in sorted(mine, key=lambda one: _ORDER[one.moment])}
    said = [_line(one) for one in last.values()]
    own = [line for line, one in zip(said, last.values(), strict=True) if _is_own(one)]
    of_others = [line for line, one in zip(said, last.values(), strict=True) if not _is_own(one)]
    return notify.Message(
        user_id=user,
        organisation_id=_institution(mine),
        key=key,
        params={"own": own, "of_others": of_others, "about": _about(own or of_others)},
        url=_address(own),
    )


def _institution(mine: Sequence[Reminder]) -> int | None:
    """Return as which institution all of it is told, if it is one."""
    found = {one.cycle.certification.organisation_id for one in mine}
    return found.pop() if len(found) == 1 else None


def _about(lines: Sequence[dict[str, object]]) -> str:
    """Say whether these are about first cycles, about renewing, or about both."""
    found = {line["moment"] in moments.OF_FIRST for line in lines}
    if len(found) == 2:
        return "both"
    return "first" if True in found else "renewals"


def _address(own: Sequence[dict[str, object]]) -> str:
    """Lead to the certification itself where it is one, to the list where there are more, and who
    coaches to their people."""
    if len(own) == 1:
        return str(own[0]["url"])
    return reverse("certifications:my_certification_list" if own else "learners:coached_list")


_ORDER = {moment.value: place for place, moment in enumerate(Moment)}


def _is_own(one: Reminder) -> bool:
    return one.user_id == one.cycle.assignment.learner_id


def _line(one: Reminder) -> dict[str, object]:
    """What a digest says of one cycle, in plain values."""
    cycle = one.cycle
    days = ("due_on", "valid_until", "window_opens_on", "grace_until")
    said = {name: day.isoformat() for name in days if (day := getattr(cycle, name))}
    return {
        **said,
        "moment": one.moment,
        "title_nl": cycle.certification.title_nl,
        "title_en": cycle.certification.title_in("en"),
        "who": cycle.assignment.learner.name,
        "is_external": cycle.certification.is_external,
        "counts_from_completion": cycle.version.anchor == Anchor.COMPLETION,
        "can_renew_now": cycle.window_opens_on is not None and cycle.window_opens_on <= cycle.today,
        "url": cycle.certification.get_absolute_url(),
    }
