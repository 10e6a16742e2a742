"""How everybody stood on a day: 'who was certified on 14 March?' One query, by what is known now.

Of each assignment one cycle decides: the last that was valid by then, else the last that had begun.
`state_on` of `states` says how a cycle stands today; this says it of any day, past or to come.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta

from django.db.models import Case, CharField, Exists, F, Max, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThanOrEqual

from certifications.cycles.validity import ASKED_AGAIN
from certifications.models import CertificationVersion, Cycle, CycleState, Validity
from certifications.models.assignment import EndedAs
from certifications.models.cycle import CycleQuerySet

S = CycleState
OFFERED = (
    *(S.CERTIFIED, S.RENEWABLE, S.IN_GRACE, S.EXPIRED, S.ASSIGNED, S.IN_PROGRESS),
    *(S.AWAITING_APPROVAL, S.EXEMPT, S.REVOKED, S.WITHDRAWN, S.DECLINED),
)


def decided(day: date, rows: CycleQuerySet | None = None) -> CycleQuerySet:
    """Keep, of each assignment, the cycle that decides how its learner stood on a day, with that as
    `state`; of all cycles, or of these."""
    return stated(day, deciding(day, Cycle.objects.all() if rows is None else rows))


def deciding(day: date, rows: CycleQuerySet) -> CycleQuerySet:
    """Keep those of these cycles that decide how their learners stood on a day."""
    earned = _earned(day)
    other = Cycle.objects.filter(assignment=OuterRef("assignment"))
    later = other.filter(number__gt=OuterRef("number"))
    has_decided = earned & ~Exists(later.filter(earned))
    has_begun = Q(begins_on__lte=day) & ~Exists(later.filter(begins_on__lte=day))
    return rows.filter(has_decided | has_begun & ~Exists(other.filter(earned)))


def stated(day: date, rows: CycleQuerySet) -> CycleQuerySet:
    """Give cycles that decide, as `deciding` finds them, how their learners stood, as `state`."""
    whole = Case(When(_earned(day), then=Case(*_of_earned(day))), *_of_others(day))
    return rows.annotate(state=whole)


def in_state(state: str, day: date, rows: CycleQuerySet) -> CycleQuerySet:
    """Keep those of these cycles that decide, and whose learners stood so on a day."""
    kept = rows.filter(_roughly(state, day))
    if state in _OF_EARNED:
        return _last_earned(day, kept).filter(_OF_EARNED[CycleState(state)](day))
    found = _until(state, (_when(_earned(day), S.CERTIFIED), *_of_others(day)))
    is_so = Q(found=state)
    if state == S.EXPIRED:
        has_expired = _has_expired(day) & ~_waits_to_renew(day)
        is_so = _earned(day) & has_expired | Q(previous_until__isnull=False) & is_so
    if state == S.AWAITING_APPROVAL:
        is_so |= _earned(day) & _waits_to_renew(day)
    return deciding(day, kept).alias(found=found).filter(is_so)


def valid_on(day: date, rows: CycleQuerySet) -> CycleQuerySet:
    """Keep those of these cycles that decide, and whose learners were certified on a day, whether
    or not they could renew by then."""
    return _last_earned(day, rows).filter(_is_valid(day))


def _last_earned(day: date, rows: CycleQuerySet) -> CycleQuerySet:
    """Keep the cycles that decide because they are the last that was valid by then.

    No cycle has the number 0: in an 'or', PostgreSQL looks for a later one beside each cycle that
    it comes across; by itself, it joined all and sorted them first.
    """
    earned, never = _earned(day), Q(number=0)
    later = Cycle.objects.filter(assignment=OuterRef("assignment"), number__gt=OuterRef("number"))
    return rows.filter(earned, never | ~Exists(later.filter(earned)))


def _until(state: str, whens: Iterable[When]) -> Case:
    """Ask no further than the state that is looked for."""
    kept = []
    for one in whens:
        kept.append(one)
        if one.result.value == state:
            break
    return Case(*kept)


def _roughly(state: str, day: date) -> Q:
    """Return what is true of every cycle in a state on a day, by its own dates alone: so that the
    others are passed over before anything of them is looked up."""
    if state == S.IN_GRACE:
        first = day - _longest("grace_days")
        return Q(valid_until__lt=day, valid_until__gte=first, grace_until__gte=day)
    if state == S.RENEWABLE:
        last = day + max(_longest("window_days"), ASKED_AGAIN)
        return Q(valid_until__gte=day, valid_until__lte=last)
    return _ROUGHLY[CycleState(state)](day)


def _longest(name: str) -> timedelta:
    """Return the most days that any version gives: one query."""
    rows = CertificationVersion.objects.filter(validity=Validity.RECURRING)
    return timedelta(days=rows.aggregate(longest=Max(name))["longest"] or 0)


# Of an open renewal the cycle before decides, unless that was withdrawn.
_REVOKED = Q(assignment__in=Cycle.objects.filter(revoked_on__isnull=False).values("assignment"))
_ROUGHLY: Mapping[CycleState, Callable[[date], Q]] = {
    S.CERTIFIED: lambda day: (
        Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gte=day))
    ),
    S.EXPIRED: lambda day: Q(valid_until__lt=day) | Q(previous_until__isnull=False) & _REVOKED,
    S.ASSIGNED: lambda day: _first(day) & (Q(started_on=None) | Q(started_on__gt=day)),
    S.IN_PROGRESS: lambda day: _first(day) & Q(started_on__lte=day),
    S.AWAITING_APPROVAL: lambda day: _waits(day) | _waits_to_renew(day),
    S.EXEMPT: lambda day: Q(exempted_on__lte=day),
    S.REVOKED: lambda day: Q(revoked_on__lte=day),
    S.WITHDRAWN: lambda day: _ended(EndedAs.WITHDRAWN, day),
    S.DECLINED: lambda day: _ended(EndedAs.DECLINED, day),
}


def _ended(ended_as: EndedAs, day: date) -> Q:
    return Q(assignment__ended_as=ended_as, assignment__ended_on__lte=day)


def _first(day: date) -> Q:
    """A first cycle that had begun, and was not completed by then."""
    is_open = Q(completed_on=None) | Q(valid_from__gt=day)
    return Q(begins_on__lte=day, previous_until=None) & is_open


def _earned(day: date) -> Q:
    """What was completed, valid by then, and not withdrawn by then."""
    stood = Q(revoked_on=None) | Q(revoked_on__gt=day)
    return Q(completed_on__isnull=False, valid_from__lte=day) & stood


def _of_earned(day: date) -> Iterator[When]:
    """Yield the states of what was earned by then in the order in which they are asked, as
    `state_on` does for today."""
    yield _when(_is_valid(day) & _can_renew(day) & ~_was_renewed(day), S.RENEWABLE)
    yield _when(_is_valid(day), S.CERTIFIED)
    yield _when(_waits_to_renew(day), S.AWAITING_APPROVAL)
    yield _when(_is_in_grace(day), S.IN_GRACE)
    yield _when(Q(valid_until__lt=day), S.EXPIRED)


def _is_valid(day: date) -> Q:
    return Q(valid_until=None) | Q(valid_until__gte=day)


def _is_in_grace(day: date) -> Q:
    return Q(grace_until__gte=day) & _goes_on(day)


def _has_expired(day: date) -> Q:
    not_in_grace = Q(grace_until__lt=day) | Q(assignment__ended_on__lte=day)
    not_in_grace |= Q(assignment__certification__retired_on__lte=day)
    return Q(valid_until__lt=day) & not_in_grace


def _can_renew(day: date) -> Q:
    return Q(window_opens_on__lt=F("valid_until"), window_opens_on__lte=day) & _goes_on(day)


def _is_open(day: date) -> Q:
    """As `_can_renew`, without the index of `window_opens_on`: by that one PostgreSQL sorted all of
    a million, as it cannot tell that an end goes with a beginning."""
    opens = Coalesce(F("window_opens_on"), F("valid_until"))
    has_window = Q(window_opens_on__lt=F("valid_until"))
    return has_window & Q(LessThanOrEqual(opens, Value(day))) & _goes_on(day)


def _was_renewed(day: date) -> Q:
    renewal = Cycle.objects.filter(assignment=OuterRef("assignment"), completed_on__lte=day)
    return Q(Exists(renewal.filter(number=OuterRef("number") + 1)))


def _waits(day: date) -> Q:
    """Whether evidence was being judged on a day, or a result awaited."""
    return Q(submitted_on__lte=day) | Q(awaited_on__lte=day)


def _waits_to_renew(day: date) -> Q:
    """What had ended by a day while its renewal waited for a verdict: it does not lapse meanwhile.
    Few wait at any time, so that those are looked up once."""
    is_asked = Q(assignment__ended_on=None) | Q(assignment__ended_on__gt=day)
    waiting = Cycle.objects.filter(_waits(day) & is_asked, number__gt=1, completed_on=None)
    return Q(valid_until__lt=day, assignment__in=waiting.values("assignment"))


def _goes_on(day: date) -> Q:
    """What was still to be renewed on a day."""
    is_asked = Q(assignment__ended_on=None) | Q(assignment__ended_on__gt=day)
    retired_on = "assignment__certification__retired_on"
    return is_asked & (Q(**{retired_on: None}) | Q(**{f"{retired_on}__gt": day}))


# Spelled out, so that the database can tell how many there are.
_OF_EARNED: Mapping[CycleState, Callable[[date], Q]] = {
    S.RENEWABLE: lambda day: _is_valid(day) & _is_open(day) & ~_was_renewed(day),
    S.CERTIFIED: lambda day: _is_valid(day) & (~_can_renew(day) | _was_renewed(day)),
    S.IN_GRACE: lambda day: Q(valid_until__lt=day) & _is_in_grace(day) & ~_waits_to_renew(day),
}


def _of_others(day: date) -> Iterator[When]:
    """Yield the states of what was not."""
    yield _when(Q(revoked_on__lte=day), S.REVOKED)
    yield _when(Q(exempted_on__lte=day), S.EXEMPT)
    ended = Q(assignment__ended_on__lte=day)
    yield _when(ended & Q(assignment__ended_as=EndedAs.DECLINED), S.DECLINED)
    yield _when(ended, S.WITHDRAWN)
    yield _when(_waits(day), S.AWAITING_APPROVAL)
    yield _when(Q(previous_until__isnull=False), S.EXPIRED)
    yield _when(Q(started_on__lte=day), S.IN_PROGRESS)
    yield _when(Q(begins_on__lte=day), S.ASSIGNED)


def _when(condition: Q, state: str) -> When:
    return When(condition, then=Value(state, output_field=CharField()))
