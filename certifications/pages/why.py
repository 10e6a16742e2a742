"""Why a cycle stands as it does: the requirements, the days and the rule that led to it, in words.

Nothing is worked out anew here: it says what stands on the cycle.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certifications.cycles import states
from certifications.cycles.validity import ONE_DAY
from certifications.models import Anchor, Cycle, CycleState, Evidence, Fulfilment, Path, Requirement

S = CycleState


def reasons(
    cycle: Cycle,
    asked: Sequence[Requirement],
    done: Sequence[Fulfilment],
    evidence: Evidence | None = None,
) -> list[str]:
    """Say why a cycle stands as it does today, step by step."""
    return [
        *_of_rule(cycle),
        *_of_renewal(cycle),
        *_of_requirements(cycle, asked, done, evidence),
        *_of_waiting(cycle),
        *_of_validity(cycle),
        *_of_acts(cycle),
        _of_today(cycle),
    ]


def _of_rule(cycle: Cycle) -> Iterator[str]:
    version = cycle.version
    said: dict[str, object] = {"n": version.number}
    if version.published_at:
        said["day"] = _day(cycle.organisation.day_of(version.published_at))
        yield _("The rule is version %(n)d, published on %(day)s.") % said
    if not version.is_recurring:
        yield _("It does not recur: what is earned stays valid.")
        return
    months = version.period_months or 0
    period = ngettext("Valid for %(n)d month", "Valid for %(n)d months", months) % {"n": months}
    yield _("%(period)s, and a renewal is counted from %(anchor)s.") % {
        "period": period,
        "anchor": Anchor(version.anchor).label,
    }


def _of_renewal(cycle: Cycle) -> Iterator[str]:
    """What it renews, and until when renewing is enough."""
    if cycle.previous_until is None or cycle.renewal_until is None:
        return
    said = {
        "begins": _day(cycle.begins_on),
        "until": _day(cycle.previous_until),
        "grace": _day(cycle.renewal_until),
    }
    yield _("It renews what was valid until %(until)s; results count from %(begins)s.") % said
    if cycle.completed_on is None:
        yield _("Renewing is enough until %(grace)s; after that all of it is asked.") % said
    elif cycle.path == Path.RENEWAL:
        yield _("It was done by %(grace)s, so renewing was enough.") % said
    else:
        yield _("It was not renewed by %(grace)s, so all of it was asked.") % said


def _of_requirements(
    cycle: Cycle,
    asked: Sequence[Requirement],
    done: Sequence[Fulfilment],
    evidence: Evidence | None,
) -> Iterator[str]:
    if cycle.certification.is_external:
        yield from _of_evidence(evidence)
        return
    by_requirement = {one.requirement_id: one for one in done}
    for requirement in asked:
        said = {"title": requirement.subject.title}
        found = by_requirement.get(requirement.pk)
        if found is None:
            yield _("“%(title)s”: not done in this round.") % said
        elif found.is_exemption:
            day = {"day": _day(found.achieved_on)}
            yield _("“%(title)s”: exempt, counted on %(day)s.") % (said | day)
        else:
            day = {"day": _day(found.achieved_on)}
            yield _("“%(title)s”: completed on %(day)s.") % (said | day)
    if cycle.completed_on:
        yield _("The last result that was required is of %(day)s: that is the completion date.") % {
            "day": _day(cycle.completed_on)
        }


def _of_waiting(cycle: Cycle) -> Iterator[str]:
    """Since when a result is awaited that would complete it."""
    if cycle.awaited_on:
        said = {"day": _day(cycle.awaited_on)}
        yield _("A result is awaited since %(day)s; until it is there, nothing lapses.") % said


def _of_evidence(evidence: Evidence | None) -> Iterator[str]:
    if evidence is None or evidence.obtained_on is None:
        yield _("No proof was accepted yet.")
        return
    said = {"issuer": evidence.issuer, "day": _day(evidence.obtained_on)}
    yield _("Proof issued by %(issuer)s, obtained on %(day)s.") % said
    if evidence.ends_on:
        yield _("The proof itself ends on %(day)s; the earlier of the two days counts.") % {
            "day": _day(evidence.ends_on)
        }


def _of_validity(cycle: Cycle) -> Iterator[str]:
    if cycle.completed_on is None or cycle.valid_from is None:
        return
    said = {"from": _day(cycle.valid_from), "until": _day(cycle.valid_until)}
    if cycle.gap_days and cycle.previous_until:
        first, last = cycle.previous_until + ONE_DAY, cycle.valid_from - timedelta(days=1)
        gap = ngettext(
            "It was late: a gap of %(n)d day, from %(first)s until %(last)s.",
            "It was late: a gap of %(n)d days, from %(first)s until %(last)s.",
            cycle.gap_days,
        )
        yield gap % {"n": cycle.gap_days, "first": _day(first), "last": _day(last)}
    elif cycle.is_renewal:
        yield _("It was renewed in time, so no day is lost: valid from %(from)s.") % said
    if cycle.valid_until is None:
        return
    yield from _of_end(cycle, said)


def _of_end(cycle: Cycle, said: dict[str, str]) -> Iterator[str]:
    if cycle.anchor_months and cycle.anchor_on:
        counted = ngettext(
            "%(n)d month from %(anchor)s: valid until %(until)s.",
            "%(n)d months from %(anchor)s: valid until %(until)s.",
            cycle.anchor_months,
        )
        yield counted % {"n": cycle.anchor_months, "anchor": _day(cycle.anchor_on), **said}
    else:
        yield _("Valid until %(until)s.") % said
    if cycle.has_window:
        yield _("Renewing begins on %(opens)s.") % {"opens": _day(cycle.window_opens_on)}
    if cycle.grace_until and cycle.valid_until and cycle.grace_until > cycle.valid_until:
        yield _("Who is late can still renew until %(grace)s.") % {"grace": _day(cycle.grace_until)}


def _of_acts(cycle: Cycle) -> Iterator[str]:
    """What people decided beside the rule."""
    if cycle.revoked_at:
        yield _("It was withdrawn on %(day)s.") % {"day": _day(cycle.revoked_on)}
    if cycle.exempted_at:
        said = {"day": _day(cycle.exempted_on), "reason": cycle.exempted_because}
        yield _("Exempt since %(day)s: %(reason)s") % said
    if cycle.assignment.ended_at:
        said = {"day": _day(cycle.assignment.ended_on)}
        yield _("Since %(day)s it is no longer asked.") % said


def _of_today(cycle: Cycle) -> str:
    state = states.state_on(cycle, cycle.today)
    return _("So today, %(day)s: %(state)s.") % {"day": _day(cycle.today), "state": state.label}


def _day(day: date | None) -> str:
    return format_date(day, "j F Y") if day else ""
