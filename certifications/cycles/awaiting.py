"""Cycles that wait for a result: what was handed in elsewhere, and is still being decided on.

Who gives such results says which enrolments wait, since when, and from which day the result will
count. A cycle waits where those results would complete it; it does not lapse meanwhile.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from certifications.cycles import results, settling
from certifications.models import Cycle, Requirement
from learners.hooks import asking
from learners.models import Enrolment


def follow(*, enrolments: Iterable[Enrolment], now: datetime | None = None) -> list[Cycle]:
    """Settle the cycles for which these enrolments may count, as they wait for a result or no
    longer do; an app calls this when its answer changed. Return the cycles that changed."""
    return settling.settle(settling.concerned_by(enrolments), now)


def in_doubt() -> Q:
    """Whether an open cycle waits, or its learner follows something that is asked there, in which
    they may wait for a result; nothing but the first where nobody says so."""
    waits = Q(awaited_at__isnull=False)
    if not asking.who_say_what_is_awaited():
        return waits
    asked = Requirement.objects.filter(version=OuterRef(OuterRef("version")))
    follows = results.may_wait(Enrolment.objects.all()).filter(
        Q(course__in=asked.values("course"))
        | Q(programme__in=asked.values("programme"))
        | Q(course__new_version_of__isnull=False),
        learner=OuterRef("assignment__learner"),
    )
    return waits | Q(Exists(follows))
