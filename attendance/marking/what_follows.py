"""What becomes of a saving: when certificates come or are withdrawn, and which are ready."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance.models import RegisterSaving
from certifications.models import Certificate
from learners.models import Run, StudyStatus, StudyStatusChange

SOON = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Completions by where they are on their way to a certificate; and what those lose whose
    completion was corrected."""

    run: Run
    changes: Sequence[StudyStatusChange]
    certificates: Sequence[Certificate]
    corrections: Sequence[StudyStatusChange]
    lost: Sequence[Certificate]
    now: datetime

    @property
    def count(self) -> int:
        return len(self.changes)

    @property
    def has_news(self) -> bool:
        """Whether there is anything to say about certificates."""
        return bool(self.changes or self.lost)

    @cached_property
    def leaving(self) -> list[Certificate]:
        """Still valid, and withdrawn when the undo time is over."""
        return [one for one in self.lost if not one.revoked_at]

    @cached_property
    def withdrawn(self) -> list[Certificate]:
        return [one for one in self.lost if one.revoked_at]

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
    def leaves_at(self) -> datetime | None:
        return min((change.due_at for change in self.corrections if change.due_at), default=None)

    @property
    def comes_in(self) -> str:
        """Say how long it takes until the first certificates are made."""
        return self._in_words(self.comes_at)

    @property
    def leaves_in(self) -> str:
        """Say how long it takes until the first certificates are withdrawn."""
        return self._in_words(self.leaves_at)

    def _in_words(self, at: datetime | None) -> str:
        left = (at - self.now).total_seconds() if at else 0
        if left <= 0:
            return _("any moment now")
        minutes = -int(-left // 60)
        return ngettext("in %(n)d minute", "in %(n)d minutes", minutes) % {"n": minutes}

    @property
    def seconds_to_next_look(self) -> int:
        """After how many seconds this page has something new to say; 0 for never."""
        awaited = [self.comes_at, self.leaves_at if self.leaving else None]
        if self.making or any(at and at < self.now + SOON for at in awaited):
            return 3
        return 30 if self.coming or self.leaving else 0

    @property
    def is_done(self) -> bool:
        return bool(self.ready) and not (self.making or self._waiting or self.asked)


def of_saving(saving: RegisterSaving) -> Progress:
    """Return how far the completions of a saving are that still stand, and what its corrections
    cost, in two queries."""
    changes = _standing_changes(saving)
    completions = [one for one in changes if one.to_status == StudyStatus.COMPLETED]
    corrections = [one for one in changes if one.to_status != StudyStatus.COMPLETED]
    certificates = _certificates_of(changes, since=saving.at)
    corrected = {change.enrolment_id for change in corrections}
    lost = [one for one in certificates if one.enrolment_id in corrected]
    kept = [one for one in certificates if one.enrolment_id not in corrected]
    return Progress(
        run=saving.run,
        changes=completions,
        certificates=[one for one in kept if not one.revoked_at],
        corrections=corrections,
        lost=lost,
        now=timezone.now(),
    )


def _standing_changes(saving: RegisterSaving) -> list[StudyStatusChange]:
    """Return who this saving completed and still is, and whom it corrected and still are."""
    still_completed = Q(enrolment__status=StudyStatus.COMPLETED)
    found = saving.status_changes.filter(
        Q(still_completed, to_status=StudyStatus.COMPLETED)
        | Q(~still_completed, from_status=StudyStatus.COMPLETED),
        undone_by=None,
    )
    by_name = found.order_by("enrolment__learner__sort_name", "pk")
    return list(by_name.select_related("enrolment__learner"))


def _certificates_of(changes: Sequence[StudyStatusChange], *, since: datetime) -> list[Certificate]:
    """Return what these people have, or lost since then."""
    if not changes:
        return []
    certificates = Certificate.objects.filter(
        Q(revoked_at=None) | Q(revoked_at__gte=since),
        enrolment__in=[change.enrolment_id for change in changes],
        released_at__isnull=False,
    )
    return list(certificates)
