"""Subscriptions: whether somebody may work in a programme, and the free trial.

They gate programmes where the institution asks for one, and nothing else; what was done stays.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from learners import audit
from learners.models import Organisation, Subscription, SubscriptionKind, User
from learners.models.subscription import TRIAL_LENGTH


@dataclass(frozen=True)
class Access:
    """Whether programmes are open to somebody, until when and whether that is so at all
    institutions, and whether the trial is still there."""

    is_open: bool
    until: date | None
    has_trial_left: bool
    is_for_all: bool = False


def access(user: User, organisation: Organisation, on: date | None = None) -> Access:
    """Return how somebody stands with an institution's programmes on a day, today unless said
    otherwise, by what holds there: one query, if any."""
    return accesses(user, [organisation], on)[organisation.pk]


def accesses(
    user: User, organisations: Iterable[Organisation], on: date | None = None
) -> dict[int, Access]:
    """Return how somebody stands with the programmes of each of these institutions, by its key: one
    query for all that ask a subscription, none where none does."""
    every = {one.pk: one for one in organisations}
    asking = [one for one in every.values() if one.programmes_need_subscription]
    mine = list(Subscription.objects.filter(user=user)) if asking else []
    return {
        pk: _access(one, [s for s in mine if s.counts_at(one)], on or one.today())
        for pk, one in every.items()
    }


def _access(organisation: Organisation, mine: list[Subscription], today: date) -> Access:
    """Return how somebody stands who has these subscriptions that count there."""
    if not organisation.programmes_need_subscription:
        return Access(is_open=True, until=None, has_trial_left=False)
    running = [s for s in mine if s.starts_on <= today <= s.ends_on]
    last = max(running, key=lambda one: one.ends_on, default=None)
    return Access(
        is_open=last is not None,
        until=last.ends_on if last else None,
        has_trial_left=not any(s.kind == SubscriptionKind.TRIAL for s in mine),
        is_for_all=last is not None and last.organisation_id is None,
    )


@transaction.atomic
def start_trial(*, user: User, by: User) -> Subscription:
    """Start somebody's one free trial, of ten days with today as the first; started already, it
    stays as it is."""
    today = timezone.localdate()
    last = today + TRIAL_LENGTH - timedelta(days=1)
    mine = Subscription.objects.filter(user=user, kind=SubscriptionKind.TRIAL)
    if existing := mine.first():
        return existing
    try:
        with transaction.atomic():
            trial = Subscription.objects.create(
                user=user, kind=SubscriptionKind.TRIAL, starts_on=today, ends_on=last
            )
    except IntegrityError:  # another window was first
        return mine.get()
    audit.record(action="learners.trial_started", on=trial, by=by)
    return trial
