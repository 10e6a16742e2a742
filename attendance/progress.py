"""What becomes of the completions of a saving: when certificates come, and which are ready."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance.models import RegisterSaving
from certifications.models import Certificate
from learners.models import Run, StudyStatus, StudyStatusChange

SOON = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Completions by where they are on their way to a certificate."""

    run: Run
    changes: Sequence[StudyStatusChange]
    certificates: Sequence[Certificate]
    now: datetime

    @property
    def count(self) -> int:
        return len(self.changes)

    @cached_property
    def asked(self) -> list[StudyStatusChange]:
        """Kept back because of an absence since, until a teacher answers."""
        return [c for c in self.changes if c.handled_at is None and c.due_at is None]

    @cached_property
    def held(self) -> list[StudyStatusChange]:
        """Wait for the end of the last meeting."""
        return [c for c in self._waiting if self._waits_for_meeting(c)]

    @cached_property
    def coming(self) -> list[StudyStatusChange]:
        """Wait for the undo time to pass, or for the worker."""
        return [c for c in self._waiting if not self._waits_for_meeting(c)]

    @property
    def _waiting(self) -> list[StudyStatusChange]:
        return [c for c in self.changes if c.handled_at is None and c.due_at is not None]

    def _waits_for_meeting(self, change: StudyStatusChange) -> bool:
        ends_at = self.run.ends_at
        due_at = change.due_at
        return bool(ends_at and due_at and due_at >= ends_at > self.now)

    @cached_property
    def ready(self) -> list[Certificate]:
        return [one for one in self.certificates if one.rendered_at]

    @cached_property
    def making(self) -> int:
        """How many are being made at this moment."""
        handled = sum(change.handled_at is not None for change in self.changes)
        return max(0, handled - len(self.ready)) if self.run.course.gives_certificate else 0

    @property
    def comes_at(self) -> datetime | None:
        return min((change.due_at for change in self.coming if change.due_at), default=None)

    @property
    def comes_in(self) -> str:
        """Say how long it takes until the first certificates are made."""
        left = (self.comes_at - self.now).total_seconds() if self.comes_at else 0
        if left <= 0:
            return _("any moment now")
        minutes = -int(-left // 60)
        return ngettext("in %(n)d minute", "in %(n)d minutes", minutes) % {"n": minutes}

    @property
    def seconds_to_next_look(self) -> int:
        """After how many seconds this page has something new to say; 0 for never."""
        if self.making or (self.comes_at and self.comes_at < self.now + SOON):
            return 3
        return 30 if self.coming else 0

    @property
    def is_done(self) -> bool:
        return bool(self.ready) and not (self.making or self._waiting or self.asked)


def of_saving(saving: RegisterSaving) -> Progress:
    """Return how far the completions of a saving are that still stand, in two queries."""
    changes = saving.status_changes.filter(
        to_status=StudyStatus.COMPLETED, enrolment__status=StudyStatus.COMPLETED, undone_by=None
    ).select_related("enrolment__learner")
    found = list(changes.order_by("enrolment__learner__sort_name", "pk"))
    certificates = Certificate.objects.active().filter(
        enrolment__in=[change.enrolment_id for change in found], released_at__isnull=False
    )
    return Progress(
        run=saving.run,
        changes=found,
        certificates=list(certificates) if found else [],
        now=timezone.now(),
    )
