"""Who coaches whom: asking it of many enrolments at once, and who has the work that nobody has."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import F
from django.utils import timezone

from learners.models import Coaching, Enrolment, Organisation, Role, StandIn, User


def coaches_of(enrolments: Collection[Enrolment]) -> dict[int, list[User]]:
    """Return who coaches each of these programme enrolments, by its key: the coaches who are at
    work, each followed by who stands in for them now; two queries. Nobody is named twice."""
    keys = [enrolment.pk for enrolment in enrolments]
    rows = Coaching.objects.at_work().filter(enrolment__in=keys).select_related("coach")
    coachings = list(rows.annotate(at=F("enrolment__programme__organisation")).order_by("pk"))
    standing_in = _standing_in({row.coach_id for row in coachings})
    found: dict[int, dict[User, None]] = {key: {} for key in keys}
    for row in coachings:
        found[row.enrolment_id] |= dict.fromkeys([row.coach, *standing_in[row.coach_id, row.at]])
    return {key: list(people) for key, people in found.items()}


def _standing_in(coaches: Collection[int]) -> dict[tuple[int, int], list[User]]:
    """Return who stands in now for each of these coaches, at each institution."""
    found: dict[tuple[int, int], list[User]] = defaultdict(list)
    rows = StandIn.objects.running(timezone.now()).at_work().filter(coach__in=coaches)
    for row in rows.select_related("stand_in"):
        found[row.coach_id, row.organisation_id].append(row.stand_in)
    return found


def board_of(organisation: Organisation) -> list[User]:
    """Return the examination board of an institution, who have the work of whom nobody coaches."""
    members = User.objects.filter(
        memberships__organisation=organisation, memberships__role=Role.BOARD, is_active=True
    )
    return list(members)
