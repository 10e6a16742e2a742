"""Clearing personal data when the years for which an institution keeps it are over.

See docs/decisions/0016: who is due, what goes and what stays. Nothing happens at an institution
that has not switched it on.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from learners import audit, pseudonyms
from learners.models import Membership, Organisation, Role, User
from learners.pseudonyms import years_before
from lms.safety import personal

BATCH = 500  # people in one transaction
SAID = (gettext_noop("person pseudonymised"), gettext_noop("person data exported"))


def due(now: datetime, *, as_if: Organisation | None = None) -> QuerySet[User]:
    """Return who is due at every institution that they belong to; `as_if` counts as switched on,
    with the years that it has now."""
    on = [o for o in Organisation.objects.all() if o.clears_personal_data or o == as_if]
    off = Organisation.objects.exclude(pk__in=[o.pk for o in on])
    others = Membership.objects.exclude(role=Role.LEARNER)
    people = (
        User.objects.filter(pseudonyms.belongs_to([o.pk for o in on]))
        .filter(pseudonymised_at=None, is_staff=False, is_superuser=False)
        .exclude(pk__in=others.values("user"))
        .exclude(pseudonyms.belongs_to(list(off.values_list("pk", flat=True))))
    )
    for years, here in _by_years(on).items():
        kept = pseudonyms.belongs_to(here) & _active_since(years_before(now, years))
        people = people.exclude(pk__in=User.objects.filter(kept).order_by().values("pk"))
    return people.order_by("sort_name", "pk")


def clear(now: datetime | None = None) -> int:
    """Clear what is due, batch by batch, and return how many people there were. Done twice, or
    broken off, it goes on where it was."""
    now = now or timezone.now()
    people = 0
    while cleared := _clear_some(now):
        people += cleared
    for organisation in Organisation.objects.filter(clears_personal_data=True):
        for app in reversed(personal.answers()):
            app.forget(organisation, now)
    return people


def tidy(now: datetime | None = None) -> None:
    """Forget sessions that ended, and who typed a wrong password more than a day ago."""
    now = now or timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - timedelta(days=1)).delete()


@transaction.atomic
def _clear_some(now: datetime) -> int:
    found = list(due(now).order_by("pk").values_list("pk", flat=True)[:BATCH])
    locked = User.objects.select_for_update().filter(pk__in=found, pseudonymised_at=None)
    ids = list(locked.values_list("pk", flat=True))
    if not ids:
        return 0
    for app in reversed(personal.answers()):  # the ground last: others ask it who these people were
        app.pseudonymise(ids, at=now)
    people = list(User.objects.filter(pk__in=ids))
    audit.record_all(action="lms.person_pseudonymised", on=people, by=None)
    return len(ids)


def _active_since(since: datetime) -> Q:
    return reduce(or_, (app.active_since(since) for app in personal.answers()))


def _by_years(organisations: Iterable[Organisation]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for organisation in organisations:
        found.setdefault(organisation.personal_data_kept_years, []).append(organisation.pk)
    return found
