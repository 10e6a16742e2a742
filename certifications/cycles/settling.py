"""Cycles of certifications: settled against what their learners have done, and begun when due.

Whoever looks compares what should be with what is, under the lock of the assignment; so it may be
done any number of times. What should be is worked out in `chains`; certificates follow in the same
transaction.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from certifications.cycles import certifying, fulfilling, silence
from certifications.cycles.chains import WRITTEN, Chain, before_of, write_dates
from certifications.cycles.results import Results, awaited_by, results_of
from certifications.cycles.validity import Before
from certifications.models import (
    AssigningMode,
    Certificate,
    CertificationAssignment,
    CertificationVersion,
    Cycle,
    Fulfilment,
    Requirement,
)
from learners import audit
from learners.catalogue import versions
from learners.jobs import many_rows
from learners.models import Enrolment

__all__ = [
    *("WRITTEN", "concerned_by", "note_start", "cycle_before", "settle", "why_not_renewed"),
    "write_dates",
]

BATCH = 1_000
Seen = set[tuple[int, int, date, bool]]


def concerned_by(enrolments: Iterable[Enrolment]) -> list[int]:
    """Return a cycle of each assignment whose requirements these enrolments may fulfil: two
    queries, one where there is no such course in any certification."""
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
    first = rows.order_by().values("assignment").annotate(first=Min("pk"))
    return list(first.values_list("first", flat=True))


@transaction.atomic
def settle(cycle_ids: Collection[int], now: datetime | None = None) -> list[Cycle]:
    """Bring cycles in line with what their learners have done, with all the cycles of the same
    assignments, in a number of queries that does not grow with them: complete, reopen, begin the
    next, and issue or withdraw certificates. Return those that changed."""
    if not cycle_ids:
        return []
    now = now or timezone.now()
    chains = _chains(cycle_ids, now)
    before = {row.pk: _written(row) for chain in chains for row in chain.rows}
    for chain in chains:
        chain.bring_in_line()
    rows = [row for chain in chains for row in chain.rows]
    gone = [row for chain in chains for row in chain.gone]
    for row in gone:
        write_dates(row, None)
    begun = Cycle.objects.bulk_create([row for row in rows if row.pk is None], batch_size=BATCH)
    changed = [row for row in (*rows, *gone) if _written(row) != before.get(row.pk)]
    _store([row for row in changed if row.pk in before], before)
    stored = _stored(chains)
    _keep(rows, [one for chain in chains for one in chain.done], stored)
    audit.record_all(action="certifications.cycle_begun", on=begun, by=None)
    certifying.settle([*rows, *gone], now, silence.asked_for(chains, _counted(chains, stored)))
    _let_go(chains)
    return changed


def _store(rows: Sequence[Cycle], before: Mapping[int, list[object]]) -> None:
    """Store what changed of cycles that are there; of most, only that the next one has begun."""
    followed, others, names = [], [], set()
    for row in rows:
        pairs = zip(WRITTEN, before[row.pk], _written(row), strict=True)
        changed = {name for name, old, new in pairs if old != new}
        if changed == {"next_round_on"} and row.next_round_on is None:
            followed.append(row.pk)
        else:
            others.append(row)
            names |= changed
    if followed:
        Cycle.objects.filter(pk__in=followed).update(next_round_on=None)
    if others:
        many_rows.store(others, sorted(names))


def _written(row: Cycle) -> list[object]:
    return [getattr(row, name) for name in WRITTEN]


def _chains(cycle_ids: Collection[int], now: datetime) -> list[Chain]:
    """Lock the assignments of these cycles, and fetch what their cycles are worked out from."""
    assignments = _locked(cycle_ids)
    certifications = {one.certification_id for one in assignments}
    published = _versions(certifications)
    asked = fulfilling.requirements_of([one.pk for rows in published.values() for one in rows])
    learners = {a.learner_id for a in assignments if not a.certification.is_external}
    subjects = fulfilling.subjects_of(asked)
    has_results = learners and subjects
    results = results_of(learners, subjects, now) if has_results else Results()
    awaited = awaited_by(learners, subjects, now) if has_results else {}
    rows = _rows(assignments, {one.pk: one for rows in published.values() for one in rows})
    return [
        Chain(
            assignment=one,
            rows=rows[one.pk],
            versions=published[one.certification_id],
            asked=asked,
            results=results.done.get(one.learner_id, []),
            awaited=awaited.get(one.learner_id, []),
            last_seen=results.last,
            today=one.certification.organisation.day_of(now),
        )
        for one in assignments
    ]


def _locked(cycle_ids: Collection[int]) -> list[CertificationAssignment]:
    """Lock the assignments of cycles: those that were accepted, where that is needed."""
    is_wanted = ~Q(mode=AssigningMode.NOMINATED) | Q(accepted_at__isnull=False)
    theirs = Cycle.objects.filter(pk__in=cycle_ids).values_list("assignment", flat=True)
    rows = CertificationAssignment.objects.filter(is_wanted, pk__in=set(theirs))
    related = ("learner", "certification__organisation")
    return list(rows.select_related(*related).select_for_update(of=("self",)).order_by("pk"))


def _versions(certifications: Collection[int]) -> dict[int, list[CertificationVersion]]:
    """Return the versions that were published of each, the oldest first: one query."""
    found: dict[int, list[CertificationVersion]] = defaultdict(list)
    rows = CertificationVersion.objects.published().filter(certification__in=certifications)
    for row in rows.select_related("certification__organisation").order_by("number"):
        found[row.certification_id].append(row)
    return found


def _rows(
    assignments: Sequence[CertificationAssignment], known: dict[int, CertificationVersion]
) -> dict[int, list[Cycle]]:
    """Lock and return the cycles of each assignment, the first one first: one query."""
    by_pk = {one.pk: one for one in assignments}
    found: dict[int, list[Cycle]] = defaultdict(list)
    rows = Cycle.objects.filter(assignment__in=list(by_pk)).select_for_update(of=("self",))
    for row in rows.order_by("assignment", "number"):
        row.assignment = by_pk[row.assignment_id]
        row.version = known[row.version_id]
        found[row.assignment_id].append(row)
    return found


def _stored(chains: Sequence[Chain]) -> dict[int, list[Fulfilment]]:
    """Return what fulfilled each cycle of these until now: one query."""
    stored: dict[int, list[Fulfilment]] = defaultdict(list)
    theirs = Fulfilment.objects.filter(cycle__assignment__in=[c.assignment.pk for c in chains])
    for one in theirs:
        stored[one.cycle_id].append(one)
    return stored


def _counted(
    chains: Sequence[Chain], stored: Mapping[int, Sequence[Fulfilment]]
) -> dict[int, set[int]]:
    """Return which enrolments counted until now, by assignment."""
    return {
        chain.assignment.pk: {
            one.enrolment_id for row in (*chain.rows, *chain.gone) for one in stored.get(row.pk, ())
        }
        for chain in chains
    }


def _keep(
    rows: Sequence[Cycle], done: Sequence[Fulfilment], stored: Mapping[int, Sequence[Fulfilment]]
) -> None:
    """Store what fulfils these cycles, where that is something else than before."""
    wanted: dict[int, list[Fulfilment]] = defaultdict(list)
    for one in done:
        wanted[one.cycle.pk].append(one)
    other = [
        row.pk
        for row in rows
        if _plain(wanted[row.pk]) != _plain(stored.get(row.pk, ())) and _is_worked_out(row)
    ]
    if not other:
        return
    Fulfilment.objects.filter(cycle__in=[pk for pk in other if pk in stored]).delete()
    made = [one for pk in other for one in wanted[pk]]
    for one in made:
        one.cycle_id = one.cycle.pk
    Fulfilment.objects.bulk_create(made, batch_size=BATCH)


def _is_worked_out(row: Cycle) -> bool:
    """Whether what fulfils a cycle may still change."""
    is_over = row.revoked_at or row.exempted_at
    return not is_over and not (row.assignment.ended_at and not row.completed_on)


def _plain(rows: Iterable[Fulfilment]) -> Seen:
    return {(r.requirement_id, r.enrolment_id, r.achieved_on, r.is_exemption) for r in rows}


def _let_go(chains: Sequence[Chain]) -> None:
    """Delete cycles that nothing calls for any more; the certificates that were withdrawn with them
    stay, with the cycle that is open again."""
    stays = {row.pk: chain.rows[-1] for chain in chains for row in chain.gone}
    if not stays:
        return
    certificates = list(Certificate.objects.filter(cycle__in=stays))
    for certificate in certificates:
        certificate.cycle = stays[certificate.cycle_id or 0]
    many_rows.store(certificates, ["cycle"])
    gone = [row for chain in chains for row in chain.gone]
    audit.record_all(action="certifications.cycle_undone", on=gone, by=None)
    Cycle.objects.filter(pk__in=stays).delete()


def cycle_before(row: Cycle) -> Before | None:
    """Return the cycle of which this one is the renewal."""
    if row.number == 1:
        return None
    earlier = Cycle.objects.filter(assignment=row.assignment_id, number=row.number - 1)
    return before_of(earlier.first())


def why_not_renewed(row: Cycle, obtained_on: date, ends_on: date | None) -> str:
    """Say why evidence renews nothing: it counted before, or ends before what it renews; or ''."""
    earlier = Cycle.objects.filter(assignment=row.assignment_id, number=row.number - 1)
    if earlier.filter(completed_on__gte=obtained_on).exists():
        return _("This proof is no newer than the one that it renews: ask for a newer one.")
    until = row.previous_until
    if until and ends_on and obtained_on <= until and ends_on <= until:
        return _("This proof ends before the one that it renews: ask for a newer one.")
    return ""


@transaction.atomic
def note_start(*, cycle: Cycle) -> None:
    """Remember the day on which its learner began a cycle; done twice, the first day stays."""
    begun = Cycle.objects.filter(pk=cycle.pk, started_on=None)
    if begun.update(started_on=cycle.today):
        audit.record(action="certifications.cycle_started", on=cycle, by=cycle.assignment.learner)
    cycle.refresh_from_db(fields=["started_on"])
