"""What was on its way when a subscription ended may be handed in for a day more, and nothing else.

This is the one rule; whoever takes in work asks it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from learners.models import Organisation, StoredFile
from learners.people.subscriptions import Access

GRACE = timedelta(hours=24)


@dataclass(frozen=True)
class Grace:
    """A subscription ended at `since`: an upload that began before that may be finished, and handed
    in with what it belongs to, before `until`."""

    since: datetime
    until: datetime

    def takes(self, stored: StoredFile) -> bool:
        """Whether a file began to come in before the subscription ended."""
        return stored.came_at < self.since


def grace(access: Access, organisation: Organisation, at: datetime | None = None) -> Grace | None:
    """Return the time that is left to somebody who stands so with an institution; None where
    nothing ended, or it ended longer ago."""
    if access.is_open or access.ended_on is None:
        return None
    since = organisation.beginning_of(access.ended_on + timedelta(days=1))
    until = since.astimezone(UTC) + GRACE  # 24 hours, also on a day that has another number
    return Grace(since, until) if since <= (at or timezone.now()) < until else None
