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

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Access:
    """Whether programmes are open to somebody, until when and whether that is so at all
    institutions, and whether the trial is still there; where they are closed, the last day on which
    they were open."""

    is_open: bool
    until: date | None
    has_trial_left: bool
    is_for_all: bool = False
    ended_on: date | None = None


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
    last = last_running(mine, today)
    over = [] if last else [s.ends_on for s in mine if s.ends_on < today]
    return Access(
        is_open=last is not None,
        until=last.ends_on if last else None,
        has_trial_left=not any(s.kind == SubscriptionKind.TRIAL for s in mine),
        is_for_all=last is not None and last.organisation_id is None,
        ended_on=max(over, default=None),
    )


def last_running(mine: Iterable[Subscription], today: date) -> Subscription | None:
    """Return, of the subscriptions of one person that count at one place, the one with which it
    ends: of those that run on a day, and those that follow on them without a day between."""
    last: Subscription | None = None
    for one in sorted(mine, key=lambda each: (each.starts_on, each.ends_on)):
        begins_in_time = one.starts_on <= (last.ends_on + A_DAY if last else today)
        if begins_in_time and one.ends_on >= today and (not last or one.ends_on > last.ends_on):
            last = one
    return last


@transaction.atomic
def start_trial(*, user: User, by: User, today: date | None = None) -> Subscription:
    """Start somebody's one free trial, of ten days with today as the first, as it is at the
    institution for which they start it; started already, it stays as it is."""
    today = today or timezone.localdate()
    last = today + TRIAL_LENGTH - A_DAY
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
