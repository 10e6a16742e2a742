"""Standing in for a coach for some days: naming who does, and taking that back."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learners import audit
from learners.models import Membership, Organisation, Role, StandIn, User
from learners.models.coaching import ENDS_BEFORE, THEMSELVES
from learners.telling import notify
from learners.telling.days import day

AHEAD = timedelta(days=548)  # a year and a half, within which both days are
IS_OVER = gettext_lazy("This day is over. Choose today or a later day.")


class StandInRefused(Exception):
    """Why somebody cannot stand in, in words; `field` is what to change."""

    def __init__(self, words: str, field: str) -> None:
        super().__init__(words)
        self.field = field


@transaction.atomic
def name_stand_in(
    *,
    coach: User,
    stand_in: User,
    organisation: Organisation,
    starts_on: date,
    ends_on: date,
    by: User | None,
) -> StandIn:
    """Let one coach stand in for another, from the first day to the last; they are told. Named so
    already, it stays as it is.

    Raises `StandInRefused`.
    """
    _check_days(organisation.today(), starts_on, ends_on)
    User.objects.select_for_update(of=("self",)).order_by("pk").get(pk=coach.pk)
    named = StandIn(
        coach=coach,
        stand_in=stand_in,
        organisation=organisation,
        starts_at=organisation.beginning_of(starts_on),
        ends_at=organisation.beginning_of(ends_on + timedelta(days=1)),
        named_by=by,
    )
    others = _at_the_same_time(named)
    same = (named.stand_in, named.starts_at, named.ends_at)
    for other in others:
        if (other.stand_in, other.starts_at, other.ends_at) == same:
            return other
    _check(named, others)
    named.save()
    audit.record(action="learners.stand_in_named", on=named, by=by)
    _tell("stands_in", named)
    return named


@transaction.atomic
def end_stand_in(*, stand_in: StandIn, by: User | None) -> StandIn:
    """Take back that somebody stands in, from now on; they are told. What is over stays as it
    was, and done twice, it is done once."""
    now = timezone.now()
    rows = StandIn.objects.select_related("coach", "stand_in", "organisation")
    row = rows.select_for_update(of=("self",)).get(pk=stand_in.pk)
    if row.ended_at is not None or row.ends_at <= now:
        return row
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    audit.record(action="learners.stand_in_ended", on=row, by=by)
    _tell("stands_in_no_more", row)
    return row


def _check_days(today: date, starts_on: date, ends_on: date) -> None:
    """Refuse days of which there are no moments, and those that are too far away to be meant."""
    if starts_on < today - AHEAD:
        raise StandInRefused(str(IS_OVER), "starts_on")
    if ends_on < starts_on:
        raise StandInRefused(str(ENDS_BEFORE), "ends_on")
    for field, chosen in (("starts_on", starts_on), ("ends_on", ends_on)):
        if chosen > today + AHEAD:
            raise StandInRefused(_("Choose a day within a year and a half from now."), field)


def _at_the_same_time(named: StandIn) -> list[StandIn]:
    """Return who stands in for the same coach there on some of the same days."""
    theirs = StandIn.objects.for_user(named.coach).filter(
        organisation=named.organisation,
        ended_at=None,
        starts_at__lt=named.ends_at,
        ends_at__gt=named.starts_at,
    )
    return list(theirs.select_related("stand_in", "organisation"))


def _check(named: StandIn, others: Collection[StandIn]) -> None:
    if named.coach_id == named.stand_in_id:
        raise StandInRefused(str(THEMSELVES), "stand_in")
    if named.starts_on < named.organisation.today():
        raise StandInRefused(str(IS_OVER), "starts_on")
    _check_roles(named)
    for other in others:
        said = {"who": other.stand_in, "first": day(other.starts_on), "last": day(other.ends_on)}
        words = _(
            "%(who)s stands in from %(first)s until %(last)s already. Choose other days, or take "
            "that back first."
        )
        raise StandInRefused(words % said, "starts_on")


def _check_roles(named: StandIn) -> None:
    """Refuse who is no coach at the institution, or may not sign in."""
    people = {"coach": named.coach, "stand_in": named.stand_in}
    lacking = Membership.objects.lacking([*people.values()], Role.COACH, named.organisation)
    for field, person in people.items():
        if person in lacking or not person.is_active:
            words = _("%(who)s is no coach at %(institution)s. Choose somebody who is.")
            said = {"who": person, "institution": named.organisation}
            raise StandInRefused(words % said, field)


def _tell(name: str, named: StandIn) -> None:
    message = notify.Message(
        user_id=named.stand_in_id,
        organisation_id=named.organisation_id,
        key=f"{name}:{named.pk}",
        params={
            "coach": named.coach.name,
            "institution": named.organisation.name,
            "first": named.starts_on.isoformat(),
            "last": named.ends_on.isoformat(),
        },
        url=reverse("learners:coached_list"),
    )
    notify.tell(kind=f"learners/{name}", messages=[message])
