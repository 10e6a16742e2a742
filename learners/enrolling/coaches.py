"""Who coaches whom: assigning a coach to many at once, asking who coaches many, and who has the
work that nobody has."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from learners import audit
from learners.models import (
    Coaching,
    Enrolment,
    Membership,
    Organisation,
    Role,
    StandIn,
    User,
)
from learners.models.coaching import OWN_COACH
from learners.telling import notify


class CoachRefused(Exception):
    """Why somebody cannot coach these people, in words."""


@transaction.atomic
def assign(
    *,
    enrolments: Collection[Enrolment],
    coach: User,
    replaces: bool,
    by: User | None,
    tells: bool = True,
) -> list[Enrolment]:
    """Let somebody coach these programme enrolments, beside who does already or, where it
    `replaces` them, instead; return those that this changed.

    The learners whom they did not coach before are told, each once, and the coach once of all.
    Raises `CoachRefused` where they are no coach at an institution among them, or follow one of
    these programmes themselves.
    """
    ids = {enrolment.pk for enrolment in enrolments}
    rows = list(Enrolment.objects.filter(pk__in=ids, programme__isnull=False).locked())
    refuse(coach, rows)
    before = _coaching(rows)
    new = [row for row in rows if coach.pk not in before[row.pk]]
    others = {row.pk for row in rows if set(before[row.pk]) - {coach.pk}}
    changed = [
        row for row in rows if coach.pk not in before[row.pk] or (replaces and row.pk in others)
    ]
    if replaces:
        of_these = Coaching.objects.filter(enrolment__in=changed)
        of_these.exclude(coach=coach).delete()
        of_these.update(stands_in=False)
    made = Coaching.objects.bulk_create(Coaching(enrolment=row, coach=coach) for row in new)
    _record(changed, before, _coaching(changed), by)
    if tells and made:
        _tell_learners(made)
        _tell_coach(made)
    return changed


def refuse(coach: User, enrolments: Collection[Enrolment]) -> None:
    """Raise `CoachRefused` where somebody is no coach at the institution of one of these, may not
    sign in, or is the learner of one."""
    if any(row.learner_id == coach.pk for row in enrolments):
        raise CoachRefused(OWN_COACH % {"person": coach})
    institutions = {row.organisation for row in enrolments}
    held = Membership.objects.of(coach, Role.COACH).values_list("organisation", flat=True)
    known = set(held) if coach.is_active else set()
    lacking = sorted((one for one in institutions if one.pk not in known), key=lambda one: one.pk)
    words = _("%(person)s is no %(role)s at %(institution)s. Give them that role first.")
    if lacking:
        said = {"person": coach, "role": Role.COACH.label}
        raise CoachRefused(" ".join(words % {**said, "institution": one} for one in lacking))


def _coaching(enrolments: Sequence[Enrolment]) -> dict[int, list[int]]:
    """Return the keys of who coaches each of these enrolments: one query."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = Coaching.objects.filter(enrolment__in=enrolments).order_by("pk")
    for enrolment, coach in rows.values_list("enrolment", "coach"):
        found[enrolment].append(coach)
    return found


def _record(
    changed: Sequence[Enrolment],
    before: dict[int, list[int]],
    after: dict[int, list[int]],
    by: User | None,
) -> None:
    said = [(row, {"coaches": [before[row.pk], after[row.pk]]}) for row in changed]
    audit.record_each(action="learners.coach_assigned", changes=said, by=by)


def _tell_learners(made: Sequence[Coaching]) -> None:
    messages = [
        notify.Message(
            user_id=row.enrolment.learner_id,
            organisation_id=row.enrolment.subject.organisation_id,
            key=f"coach-assigned:{row.pk}",
            params={
                "coach": row.coach.name,
                "title_nl": row.enrolment.subject.title_nl,
                "title_en": row.enrolment.subject.title_in("en"),
            },
            url=row.enrolment.get_absolute_url(),
        )
        for row in made
        if row.enrolment.is_open
    ]
    notify.tell(kind="learners/coach_assigned", messages=messages)


def _tell_coach(made: Sequence[Coaching]) -> None:
    institutions = {row.enrolment.subject.organisation_id for row in made}
    message = notify.Message(
        user_id=made[0].coach_id,
        organisation_id=institutions.pop() if len(institutions) == 1 else None,
        key=f"coaches-assigned:{made[0].pk}",
        params={"number": len(made)},
        url=reverse("learners:coached_list"),
    )
    notify.tell(kind="learners/coaches_assigned", messages=[message])


def coaches_of(enrolments: Collection[Enrolment]) -> dict[int, list[User]]:
    """Return who coaches each of these programme enrolments, by its key: the coaches who are at
    work, each followed by who stands in for them now; two queries. Nobody is named twice."""
    keys = [enrolment.pk for enrolment in enrolments]
    rows = Coaching.objects.at_work().filter(enrolment__in=keys).select_related("coach")
    at, learner = F("enrolment__programme__organisation"), F("enrolment__learner")
    coachings = list(rows.annotate(at=at, learner=learner).order_by("pk"))
    standing_in = _standing_in({row.coach_id for row in coachings})
    found: dict[int, dict[User, None]] = {key: {} for key in keys}
    for row in coachings:
        people = [row.coach, *standing_in[row.coach_id, row.at]]
        others = (one for one in people if one.pk != row.learner)
        found[row.enrolment_id] |= dict.fromkeys(others)
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
