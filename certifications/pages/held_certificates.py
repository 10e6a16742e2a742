"""Certificates that are held, as pages show them: completions whose consequences still wait.

Until when is decided where the changes wait, in `learners.studying.outbox`, see decision 0002.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from learners.models import Enrolment, Run, StudyStatus, StudyStatusChange, User
from learners.models.status_change import StudyStatusChangeQuerySet
from learners.studying import places


@dataclass(frozen=True)
class Held:
    """A certificate that will be made when its change is due, or when a person says so."""

    enrolment: Enrolment
    run: Run | None
    due_at: datetime | None

    @property
    def waits_for_person(self) -> bool:
        """Whether a teacher is asked: the learner was absent at a later meeting."""
        return self.due_at is None

    @property
    def is_due(self) -> bool:
        """Whether the worker makes it as soon as it comes to it."""
        return self.due_at is not None and self.due_at <= timezone.now()

    @property
    def waits_for_meeting(self) -> bool:
        """Whether it waits for the end of the last meeting, rather than for the undo time."""
        ends_at = self.run.ends_at if self.run else None
        return bool(self.due_at and ends_at and ends_at >= self.due_at > timezone.now())


def held_for(enrolments: Sequence[Enrolment]) -> list[Held]:
    """Return what these enrolments will give, in two queries for all of them."""
    return _held(_waiting().filter(enrolment__in=[enrolment.pk for enrolment in enrolments]))


def held_for_user(user: User) -> list[Held]:
    """Return what this person will get, in two queries."""
    return _held(_waiting().filter(enrolment__learner=user))


def _held(changes: StudyStatusChangeQuerySet) -> list[Held]:
    found = list(
        changes.select_related(
            "enrolment__course__organisation", "enrolment__programme__organisation"
        ).order_by("due_at", "pk")
    )
    run_of = places.runs_of([change.enrolment for change in found]) if found else {}
    return [
        Held(change.enrolment, run_of.get(change.enrolment_id), change.due_at) for change in found
    ]


def _waiting() -> StudyStatusChangeQuerySet:
    gives = Q(enrolment__course=None) | Q(enrolment__course__gives_certificate=True)
    return StudyStatusChange.objects.waiting().filter(gives, to_status=StudyStatus.COMPLETED)
