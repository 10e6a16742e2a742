"""Rounds of certifications: settled against what their learners have done.

Whoever looks compares what should be with what is, under the lock of the round; so it may be done
any number of times. Certificates follow in the same transaction.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from certifications import certifying, fulfilling
from certifications.models import (
    AssignmentMode,
    CertificationKind,
    Cycle,
    Fulfilment,
    Requirement,
)
from certifications.validity import Before, Dates, dates_of
from learners import audit, versions
from learners.models import Enrolment

NO_DATES: dict[str, object] = {
    **dict.fromkeys(("completed_on", "valid_from", "anchor_on")),
    **dict.fromkeys(("valid_until", "window_opens_on", "grace_until")),
    "anchor_months": 0,
}
WRITTEN = ("started_on", *NO_DATES)
Seen = set[tuple[int, int, date, bool]]


def concerned_by(enrolments: Iterable[Enrolment]) -> list[int]:
    """Return the rounds whose requirements these enrolments may fulfil: two queries, one where
    there is no such course in any certification."""
    found = list(enrolments)
    courses = {e.course_id for e in found if e.course_id is not None}
    programmes = {e.programme_id for e in found if e.programme_id is not None}
    stand_ins = versions.stand_ins() if courses else {}
    satisfied = set().union(*(versions.satisfied_by(stand_ins, pk) for pk in courses))
    asking = Requirement.objects.filter(
        Q(course__in=satisfied) | Q(programme__in=programmes)
    ).values("version")
    rows = Cycle.objects.filter(
        version__in=asking, assignment__learner__in={e.learner_id for e in found}
    )
    return list(rows.values_list("pk", flat=True))


@transaction.atomic
def settle(cycle_ids: Collection[int], now: datetime | None = None) -> list[Cycle]:
    """Bring rounds in line with what their learners have done, in a number of queries that does not
    grow with them: complete, reopen, and issue or withdraw certificates. Return those that
    changed."""
    if not cycle_ids:
        return []
    now = now or timezone.now()
    rows = _locked(cycle_ids)
    asked = fulfilling.requirements_of({row.version_id for row in rows})
    learners = {row.assignment.learner_id for row in rows}
    results = fulfilling.results_of(learners, fulfilling.subjects_of(asked), now)
    changed = []
    stored = _stored(rows)
    for row in rows:
        own = results.get(row.assignment.learner_id, [])
        done = fulfilling.fulfilled(row, asked[row.version_id], own)
        _keep(row, done, stored.get(row.pk, []))
        if _bring_in_line(row, asked[row.version_id], done):
            changed.append(row)
    Cycle.objects.bulk_update(changed, WRITTEN, batch_size=1_000)
    certifying.settle(rows, now)
    return changed


def _locked(cycle_ids: Collection[int]) -> list[Cycle]:
    """Lock the rounds that results can change: internal, wanted, neither exempt nor revoked."""
    is_wanted = ~Q(assignment__mode=AssignmentMode.NOMINATED) | Q(
        assignment__accepted_at__isnull=False
    )
    rows = Cycle.objects.filter(
        is_wanted,
        pk__in=cycle_ids,
        assignment__certification__kind=CertificationKind.INTERNAL,
        assignment__ended_at=None,
        exempted_at=None,
        revoked_at=None,
    )
    related = ("assignment__learner", "assignment__certification__organisation", "version")
    return list(rows.select_related(*related).select_for_update(of=("self",)).order_by("pk"))


def _stored(rows: Sequence[Cycle]) -> dict[int, list[Fulfilment]]:
    stored: dict[int, list[Fulfilment]] = {}
    for one in Fulfilment.objects.filter(cycle__in=rows):
        stored.setdefault(one.cycle_id, []).append(one)
    return stored


def _keep(row: Cycle, done: Sequence[Fulfilment], stored: Sequence[Fulfilment]) -> None:
    """Store what fulfils this round, where that is something else than before."""
    if _plain(done) == _plain(stored):
        return
    Fulfilment.objects.filter(cycle=row).delete()
    Fulfilment.objects.bulk_create(done)


def _plain(rows: Iterable[Fulfilment]) -> Seen:
    return {(r.requirement_id, r.enrolment_id, r.achieved_on, r.is_exemption) for r in rows}


def _bring_in_line(
    row: Cycle, requirements: Sequence[Requirement], done: Sequence[Fulfilment]
) -> bool:
    """Give a round the dates that follow from what was done; return whether that changed it."""
    asked = fulfilling.asked_in(row, requirements)
    day = fulfilling.completed_day(row, asked, done) if asked else date.max
    before = {name: getattr(row, name) for name in WRITTEN}
    if done and row.started_on is None:
        row.started_on = max(row.begins_on, min(one.achieved_on for one in done))
    if day == date.max:
        write_dates(row, None)
    elif day != row.completed_on:
        write_dates(row, dates_of(row.version, day, round_before(row)))
    return before != {name: getattr(row, name) for name in WRITTEN}


def write_dates(row: Cycle, dates: Dates | None) -> None:
    """Give a round the days of its completion, or take them away; the caller stores it."""
    for name, value in (asdict(dates) if dates else NO_DATES).items():
        setattr(row, name, value)


def round_before(row: Cycle) -> Before | None:
    """Return the round of which this one is the renewal."""
    if row.number == 1:
        return None
    earlier = Cycle.objects.filter(assignment=row.assignment_id, number=row.number - 1).first()
    if not earlier or not earlier.valid_until or not earlier.anchor_on:
        return None
    return Before(earlier.anchor_on, earlier.anchor_months, earlier.valid_until)


@transaction.atomic
def note_start(*, cycle: Cycle) -> None:
    """Remember the day on which its learner began a round; done twice, the first day stays."""
    begun = Cycle.objects.filter(pk=cycle.pk, started_on=None)
    if begun.update(started_on=cycle.today):
        audit.record(action="certifications.cycle_started", on=cycle, by=cycle.assignment.learner)
    cycle.refresh_from_db(fields=["started_on"])
