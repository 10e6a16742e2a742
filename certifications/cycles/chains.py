"""The cycles of one assignment in their order, brought in line with what its learner has done.

Worked out from the whole history each time, without a query: which cycles there are, when each
began, what fulfils it, and until when it is valid. So it makes no difference when or how often
somebody looks, nor whether a job ran that night. `cycles` fetches what this needs and stores it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from certifications.cycles import fulfilling
from certifications.cycles.fulfilling import Completion
from certifications.cycles.results import Result, Seen
from certifications.cycles.validity import ONE_DAY, Before, Dates, dates_of
from certifications.models import (
    CertificationAssignment,
    CertificationVersion,
    Cycle,
    Fulfilment,
    Path,
    Requirement,
    Touches,
)

NO_DATES: dict[str, object] = {
    **dict.fromkeys(("completed_on", "valid_from", "anchor_on")),
    **dict.fromkeys(("valid_until", "window_opens_on", "grace_until", "next_round_on")),
    "anchor_months": 0,
    "gap_days": 0,
}
WRITTEN = (
    *("begins_on", "previous_until", "renewal_until", "due_on", "started_on", "path"),
    *NO_DATES,
    *("awaited_at", "awaited_on"),
)


@dataclass
class Chain:
    """The cycles of an assignment, the first one first; `versions` are those that were published,
    the oldest first, `asked` says what each asks, and `awaited` what its learner would have if what
    is being decided on turned out well. `last_seen` is the last step of each of its learner's
    enrolments, `completions` how each cycle was completed, by its number."""

    assignment: CertificationAssignment
    rows: list[Cycle]
    versions: Sequence[CertificationVersion]
    asked: Mapping[int, Sequence[Requirement]]
    results: Sequence[Result]
    today: date
    awaited: Sequence[Result] = ()
    last_seen: Mapping[int, Seen] = field(default_factory=dict)
    completions: dict[int, Completion] = field(default_factory=dict)
    done: list[Fulfilment] = field(default_factory=list)
    gone: list[Cycle] = field(default_factory=list)

    def bring_in_line(self) -> None:
        """Give each cycle its days, begin the ones that are due, and let go of those that are not
        any more, because what they renew was taken back or lasts longer."""
        before: Cycle | None = None
        number = 0
        while number < len(self.rows) or self._begins_another(before):
            if number == len(self.rows):
                self.rows.append(self._begun_after(before))
            row = self.rows[number]
            if before is not None and not self._follows(row, before):
                self.gone, self.rows = self.rows[number:], self.rows[:number]
                break
            self._settle(row, before)
            before, number = row, number + 1
        for row in self.rows[:-1]:
            row.next_round_on = None

    def _begins_another(self, last: Cycle | None) -> bool:
        """Whether a cycle begins after the last one by today."""
        if last is None or not last.goes_on or last.revoked_at or last.exempted_at:
            return False
        return last.next_round_on is not None and last.next_round_on <= self.today

    def _follows(self, row: Cycle, before: Cycle) -> bool:
        """Whether a cycle that is there still follows from the one before; one that was given by
        hand, after a withdrawal, stays."""
        if before.revoked_at:
            return True
        if self.assignment.certification.is_external:
            return before.valid_until is not None
        return before.next_round_on is not None and before.next_round_on <= self.today

    def _begun_after(self, before: Cycle | None) -> Cycle:
        assert before is not None, "the first cycle is there from the beginning"
        assert before.next_round_on is not None, "asked by _begins_another"
        version = version_on(self.versions, before.next_round_on, before.version)
        return Cycle(
            assignment=self.assignment,
            version=version,
            number=before.number + 1,
            path=Path.RENEWAL,
            begins_on=before.next_round_on,
            due_on=before.valid_until,
        )

    def _settle(self, row: Cycle, before: Cycle | None) -> None:
        if before is not None:
            _link(row, before)
        row.awaited_at = row.awaited_on = None
        if row.revoked_at or row.exempted_at or self.assignment.certification.is_external:
            return
        requirements = self.asked.get(row.version_id, ())
        after = before.completed_on if before else None
        done = fulfilling.fulfilled(row, requirements, self.results, after)
        if self.assignment.ended_at and not row.completed_on:
            return  # what is taken back can still be lost; nothing more is earned
        self.done += done
        if done and row.started_on is None:
            row.started_on = max(row.begins_on, min(one.achieved_on for one in done))
        found = completion(row, requirements, done)
        if found is None:
            write_dates(row, None)
            self._wait(row, requirements, after)
            return
        path, first = found
        self.completions[row.number] = first
        if first.day != row.completed_on or path != row.path or before is not None:
            row.path = path
            _complete(row, before, first)
        else:
            row.next_round_on = next_cycle_of(row)

    def _wait(self, row: Cycle, requirements: Sequence[Requirement], after: date | None) -> None:
        """Let an open cycle wait since it would be whole with the results that are awaited."""
        if not self.awaited:
            return
        results = sorted([*self.results, *self.awaited], key=lambda one: one.seen_at)
        done = fulfilling.fulfilled(row, requirements, results, after)
        if found := completion(row, requirements, done):
            row.awaited_at = found[1].seen_at
            row.awaited_on = self.assignment.certification.organisation.day_of(row.awaited_at)


def completion(
    row: Cycle, requirements: Sequence[Requirement], done: Sequence[Fulfilment]
) -> tuple[Path, Completion] | None:
    """Return by which path a cycle is completed, and how: whichever path could be seen to be whole
    first. Renewing is enough until the grace of the cycle before is over."""
    found: list[tuple[Path, Completion]] = []
    for path in (Path.RENEWAL, Path.FULL):
        if path == Path.RENEWAL and row.renewal_until is None:
            continue
        asked = fulfilling.asked_on(path, requirements)
        one = fulfilling.completion(row.version, asked, done) if asked else None
        is_late = path == Path.RENEWAL and one and one.day > (row.renewal_until or date.min)
        if one and not is_late:
            found.append((path, one))
    return min(found, key=lambda one: one[1].seen_at, default=None)


def _complete(row: Cycle, before: Cycle | None, first: Completion) -> None:
    """Give a cycle its days, by the cycle before as that stood when this one could be seen to be
    whole. One that somebody assigned anew after a withdrawal renews nothing."""
    is_anew = before is not None and row.begins_on != next_cycle_of(before)
    renewed = before_of(before, None if is_anew else first.seen_at)
    if renewed is not None:
        row.previous_until = renewed.last_day
    write_dates(row, dates_of(row.version, first.day, renewed))


def write_dates(row: Cycle, dates: Dates | None) -> None:
    """Give a cycle the days of its completion, or take them away; the caller stores it."""
    for name, value in (asdict(dates) if dates else NO_DATES).items():
        setattr(row, name, value)


def next_cycle_of(row: Cycle) -> date | None:
    """Return the day on which the cycle after a completed one begins; None where it never ends."""
    if row.valid_until is None:
        return None
    return row.window_opens_on if row.has_window else row.valid_until + ONE_DAY


def before_of(row: Cycle | None, at: datetime | None = None) -> Before | None:
    """Return what a renewal has to know of the cycle that it renews, as that stands now, or stood
    at a moment: it was not withdrawn yet then."""
    if row is None or row.valid_until is None or row.anchor_on is None:
        return None
    was_withdrawn = row.revoked_at is not None and (at is None or row.revoked_at <= at)
    ended_on = ended_by(row) if was_withdrawn else None
    return Before(row.anchor_on, row.anchor_months, row.valid_until, ended_on)


def ended_by(row: Cycle) -> date | None:
    """Return the last day before a cycle was withdrawn, where it was."""
    return None if row.revoked_on is None else row.revoked_on - ONE_DAY


def _link(row: Cycle, before: Cycle) -> None:
    """Let a renewal follow the cycle before it, whose days may have been corrected."""
    found, stopped = before_of(before), ended_by(before)
    last_day = found.last_day if found else stopped
    assert last_day is not None, "only what ends or was withdrawn is followed by another cycle"
    moved_along = row.pk is None or row.due_on == row.previous_until
    is_kept = row.completed_on and (row.revoked_at or row.certification.is_external)
    row.previous_until = row.previous_until if is_kept else last_day
    row.renewal_until = min(before.grace_until or last_day, stopped or date.max)
    if before.revoked_at:
        return  # begun by itself before, or by hand afterwards: its days are its own
    if moved_along:
        row.due_on = row.previous_until
    begins_on = before.next_round_on or next_cycle_of(before)
    assert begins_on is not None, "only what ends is renewed"
    row.begins_on = begins_on


def version_on(
    versions: Sequence[CertificationVersion], day: date, before: CertificationVersion
) -> CertificationVersion:
    """Return the version of a cycle that begins on this day: the last one that was published before
    it, or later for everybody who had not begun; never an older one than that of the cycle before.
    """
    organisation, found = before.certification.organisation, before
    for one in versions:
        assert one.published_at is not None, "only published versions are asked"
        counts = one.touches != Touches.NEXT or organisation.day_of(one.published_at) < day
        if counts and one.number > found.number:
            found = one
    return found
