"""What a new version would change, person by person, worked out by doing it and taking it back.

Nothing of it stays: it runs in a savepoint that is rolled back, through the same functions that
publish. So what is shown is what would happen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from certifications.cycles import chains, states
from certifications.cycles.validity import dates_of
from certifications.defining import publication
from certifications.models import Certification, CertificationVersion, Cycle, CycleState
from certifications.models.cycle import CycleQuerySet
from learners.models import User


@dataclass(frozen=True)
class Days:
    """By when somebody has to be done, and until when it is valid then: if it is completed today,
    or renewed on the last day."""

    due_on: date | None
    valid_until: date | None
    is_completed: bool = False


@dataclass(frozen=True)
class Change:
    """What a version means for one person: from when on, with the old and the new days."""

    learner: User
    state: CycleState
    before: Days
    after: Days
    from_on: date | None  # None where that is not known yet, or never
    is_moved: bool
    is_asked_again: bool

    @property
    def is_completed_by_it(self) -> bool:
        """Whether what somebody did is enough for the new version, and a certificate follows."""
        return self.after.is_completed and not self.before.is_completed


def people(certification: Certification) -> CycleQuerySet:
    """Return the cycle of everybody who is in a certification, in a lasting order."""
    related = ("assignment__learner", "assignment__certification__organisation", "version")
    rows = Cycle.objects.newest().going_on().filter(assignment__certification=certification)
    return rows.select_related(*related).order_by("assignment")


def changes(
    *, version: CertificationVersion, touches: str, rows: Sequence[Cycle], by: User
) -> list[Change]:
    """Return what publishing this version so would mean for these people; nothing is written."""
    before = {row.pk: row for row in rows}
    with transaction.atomic():
        publication.publish(version=version, by=by, touches=touches, only=list(before))
        related = ("assignment__learner", "assignment__certification__organisation", "version")
        after = Cycle.objects.select_related(*related).in_bulk(list(before))
        transaction.set_rollback(True)
    today = version.certification.organisation.today()
    return [_change(row, after[row.pk], version, today) for row in before.values()]


def _change(before: Cycle, after: Cycle, version: CertificationVersion, today: date) -> Change:
    is_moved = before.completed_on is None and after.version_id == version.pk
    begins_on = chains.next_cycle_of(before) if before.completed_on else None
    if before.completed_on is None:
        old = _if_completed_today(before, before.version, today)
        new = _if_completed_today(after, after.version, today)
    else:
        old, new = _if_renewed(before, before.version), _if_renewed(before, version)
    return Change(
        learner=before.assignment.learner,
        state=states.state_on(before, today),
        before=old,
        after=new,
        from_on=today if is_moved else begins_on,
        is_moved=is_moved,
        is_asked_again=before.version.is_recurring or before.valid_until is not None,
    )


def _if_completed_today(row: Cycle, version: CertificationVersion, today: date) -> Days:
    if row.completed_on:
        return Days(row.due_on, row.valid_until, is_completed=True)
    before = chains.before_of(_cycle_before(row))
    return Days(row.due_on, dates_of(version, today, before).valid_until)


def _cycle_before(row: Cycle) -> Cycle | None:
    """The cycle that this one renews, as far as its own days say."""
    if row.previous_until is None:
        return None
    rows = Cycle.objects.filter(assignment=row.assignment_id, number=row.number - 1)
    return rows.select_related("assignment__certification__organisation").first()


def _if_renewed(row: Cycle, version: CertificationVersion) -> Days:
    """What a completed cycle gives when it is renewed on its last day."""
    known = chains.before_of(row)
    if known is None:
        return Days(None, row.valid_until, is_completed=True)
    until = dates_of(version, known.valid_until, known).valid_until
    return Days(row.valid_until, until, is_completed=True)
