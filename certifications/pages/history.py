"""What happened in a certification, as its learner reads it: the last first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from certifications.cycles.validity import ONE_DAY
from certifications.models import Certificate, Cycle, Evidence, EvidenceState
from certifications.models.assignment import EndedAs
from certifications.pages.shown_cycles import Facts

Place = tuple[date, time]


@dataclass(frozen=True)
class Event:
    """Something that happened in a certification, for its history."""

    at: datetime | date
    icon: str
    text: str
    reason: str = ""


@dataclass
class _Line:
    """Events in the order in which they follow from each other, each with its place in time."""

    events: list[tuple[Place, Event]] = field(default_factory=list)

    def add(
        self,
        at: datetime | date,
        icon: str,
        text: str,
        reason: str = "",
        before: datetime | None = None,
    ) -> None:
        """Place an event; what has a day and no hour comes after what led to it on that day, and
        `before` what it led to."""
        if isinstance(at, datetime):
            place = _place(at)
        else:
            place = max(
                [here for here, _event in self.events if here[0] == at], default=_morning(at)
            )
            if before and _place(before)[0] == at:
                place = min(place, _place(before))
        self.events.append((place, Event(at, icon, text, reason)))

    def add_first(self, on: date, icon: str, text: str) -> None:
        """Place an event that came with the day itself."""
        self.events.append((_morning(on), Event(on, icon, text)))

    def newest_first(self) -> list[Event]:
        """Of what happened in the same moment, what followed from the other comes first."""
        numbered = sorted(enumerate(self.events), key=lambda one: (one[1][0], one[0]))
        return [event for _number, (_here, event) in reversed(numbered)]


def _place(at: datetime) -> Place:
    """Where it stands among days: by the clock by which its moment is shown."""
    local = timezone.localtime(at)
    return local.date(), local.time()


def _morning(day: date) -> Place:
    return day, time.min


def history_of(rows: Sequence[Cycle], facts: Facts) -> list[Event]:
    """Return what happened in the cycles of an assignment, which come the last one first, with what
    belongs to them: no query."""
    line = _Line()
    assignment = rows[0].assignment
    is_own = assignment.by_id == assignment.learner_id
    words = _("You chose it") if is_own else _("It was assigned to you")
    line.add(assignment.assigned_at, "bookmark-plus", words)
    if assignment.accepted_at and not is_own:
        line.add(assignment.accepted_at, "hand-thumbs-up", _("You accepted it"))
    renewed_on: Mapping[int, date | None] = {row.number - 1: row.completed_on for row in rows}
    for row in reversed(rows):
        _add_cycle(line, row, facts, is_one_of_more=len(rows) > 1)
        if row.valid_until and _has_expired(row, renewed_on.get(row.number)):
            line.add_first(row.valid_until + ONE_DAY, "hourglass-bottom", _("It expired"))
    if assignment.ended_at:
        has_declined = assignment.ended_as == EndedAs.DECLINED
        text = _("You declined it") if has_declined else _("It was taken back")
        line.add(assignment.ended_at, "slash-circle", text, assignment.ended_because)
    return line.newest_first()


def _has_expired(row: Cycle, renewed_on: date | None) -> bool:
    """Whether the validity of a cycle ended before another took its place."""
    assert row.valid_until is not None, "asked by the caller"
    is_over = row.valid_until < row.today and row.revoked_at is None
    return is_over and (renewed_on is None or renewed_on > row.valid_until)


def _add_cycle(line: _Line, row: Cycle, facts: Facts, *, is_one_of_more: bool) -> None:
    certificates = sorted(facts.certificates.get(row.pk, ()), key=lambda one: one.pk)
    issued_at = certificates[0].created_at if certificates else None
    number = {"n": row.number}
    if row.number > 1:
        line.add(row.begins_on, "arrow-repeat", _("Round %(n)d began") % number)
    if row.started_on and not (row.completed_on and row.completed_on < row.started_on):
        words = _("You started round %(n)d") % number if is_one_of_more else _("You started")
        line.add(row.started_on, "play-circle", words, before=issued_at)
    for evidence in sorted(facts.evidence.get(row.pk, ()), key=lambda one: one.pk):
        _add_evidence(line, evidence)
    if row.completed_on:
        words = _("You completed round %(n)d") % number if is_one_of_more else _("You completed it")
        line.add(row.completed_on, "check-circle-fill", words, before=issued_at)
    for certificate in certificates:
        _add_certificate(line, certificate)
    if row.exempted_at:
        line.add(row.exempted_at, "slash-circle", _("You were exempted"), row.exempted_because)
    if row.revoked_at and row.certification.is_external:
        line.add(row.revoked_at, "x-octagon", _("Your proof was withdrawn"))


def _add_evidence(line: _Line, evidence: Evidence) -> None:
    line.add(evidence.submitted_at, "upload", _("You handed in a proof"))
    if evidence.decided_at and evidence.state == EvidenceState.ACCEPTED:
        line.add(evidence.decided_at, "patch-check-fill", _("Your proof was accepted"))
    elif evidence.decided_at:
        line.add(evidence.decided_at, "x-circle", _("Your proof was refused"), evidence.reason)


def _add_certificate(line: _Line, certificate: Certificate) -> None:
    number = {"number": certificate.number}
    line.add(certificate.created_at, "award", _("Certificate %(number)s was issued") % number)
    if certificate.revoked_at:
        text = _("Certificate %(number)s was withdrawn") % number
        line.add(certificate.revoked_at, "x-octagon", text, certificate.revoked_because)
