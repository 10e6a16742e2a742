"""What is expected now in a cycle of a certification, in one sentence, and whose turn it is."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certifications.cycles import states
from certifications.models import CertificationVersion, Cycle, CycleState, Path, Validity
from learners.telling.days import day, when_words

S = CycleState
NEAR_DAYS = 14


@dataclass(frozen=True)
class Expected:
    """The sentence, the word on the button where it is the learner's turn, and how urgent it is."""

    state: CycleState
    text: str
    action: str = ""
    is_urgent: bool = False
    is_late: bool = False

    @property
    def is_mine(self) -> bool:
        return bool(self.action)


def expected(cycle: Cycle) -> Expected:
    """Say what is expected now; the cycle comes with `asked` and `done`, see `cycle_counts`."""
    today = cycle.today
    state = states.state_on(cycle, today)
    if cycle.is_open:
        return _of_pending(cycle, state, today)
    return Expected(state, _SENTENCES[state](cycle), is_urgent=False)


def _of_pending(cycle: Cycle, state: CycleState, today: date) -> Expected:
    is_late = states.is_overdue(cycle, today)
    near = cycle.due_on is not None and (cycle.due_on - today).days <= NEAR_DAYS
    if cycle.awaited_on:
        said = _("Your result is awaited since %(day)s; you hear of it")
        return Expected(state, said % {"day": day(cycle.awaited_on)}, is_late=is_late)
    if state is S.AWAITING_APPROVAL:
        return Expected(state, _("Your proof is being judged; you hear of it"), is_late=is_late)
    if states.waits_for_answer(cycle):
        return Expected(state, _with_due(_("Accept or decline"), cycle), _("Answer"), near, is_late)
    if cycle.certification.is_external:
        todo, action = _of_evidence(cycle), _("Hand in proof")
    else:
        todo, action = _of_courses(cycle)
    if cycle.is_renewal:
        return Expected(state, _renewing(cycle, todo, state), action, near, is_late)
    return Expected(state, _with_due(todo, cycle), action, near, is_late)


def _of_evidence(cycle: Cycle) -> str:
    """Say what to hand in, and that what was handed in before was refused."""
    if getattr(cycle, "was_refused", False):
        return _("Your proof was refused: hand in another one")
    return _("Hand in a new proof") if cycle.is_renewal else _("Hand in your proof")


def _of_courses(cycle: Cycle) -> tuple[str, str]:
    """Say how far it is and the word on the button; none while nothing can be begun, as the
    institution has planned no run."""
    if not getattr(cycle, "can_start", True):
        waits = _("%(progress)s; waiting for your institution, which has planned no run yet")
        return waits % {"progress": _progress(cycle)}, ""
    return _progress(cycle), _("Continue") if cycle.started_on else _("Start")


def _renewing(cycle: Cycle, todo: str, state: CycleState) -> str:
    """Say what is left to do beside until when what is renewed is valid, or was."""
    said = {
        "until": day(cycle.previous_until),
        "grace": day(cycle.renewal_until),
        "todo": todo[:1].lower() + todo[1:],
    }
    if state is S.RENEWABLE:
        return _("Valid until %(until)s, renew by that day: %(todo)s") % said
    if state is S.IN_GRACE:
        return _("Expired %(until)s, renewing is possible until %(grace)s: %(todo)s") % said
    return _("Expired %(until)s, all of it is asked anew: %(todo)s") % said


def _progress(cycle: Cycle) -> str:
    needed = needed_of(cycle)
    return ngettext("%(done)d of %(n)d done", "%(done)d of %(n)d done", needed) % {
        "done": done_of(cycle),
        "n": needed,
    }


def whole(prefix: str = "") -> Q:
    """Keep what is asked of who begins."""
    return Q(**{f"{prefix}path__in": (Path.BOTH, Path.FULL)})


def renewing(prefix: str = "") -> Q:
    """Keep what is asked of who renews."""
    return Q(**{f"{prefix}path__in": (Path.BOTH, Path.RENEWAL)})


def needed_of(cycle: Cycle) -> int:
    """Return how many requirements have to be done, of a cycle that was `counted`."""
    asked = _prepared(cycle, "asked")
    return max(min(cycle.version.minimum or asked, asked), _prepared(cycle, "mandatory"))


def done_of(cycle: Cycle) -> int:
    """Return how many of those are done."""
    names = ("mandatory", "mandatory_done", "done")
    return counting(needed_of(cycle), *(_prepared(cycle, name) for name in names))


def counting(needed: int, mandatory: int, mandatory_done: int, done: int) -> int:
    """Return how many of what is needed are done: what is optional counts only as far as there is
    room beside all that is mandatory, so that what is left is what has still to be done."""
    return mandatory_done + min(needed - mandatory, done - mandatory_done)


def _prepared(cycle: Cycle, name: str) -> int:
    is_renewing = cycle.path_on(cycle.today) == Path.RENEWAL
    return getattr(cycle, f"{name}_anew" if is_renewing else name, 0)


def _with_due(text: str, cycle: Cycle) -> str:
    if cycle.due_on is None:
        return text
    if cycle.due_on < cycle.today:
        return _("%(text)s; this was due %(when)s") % {"text": text, "when": day(cycle.due_on)}
    return _("%(text)s; due %(when)s") % {
        "text": text,
        "when": when_words(cycle.due_on, NEAR_DAYS),
    }


def _valid(cycle: Cycle) -> str:
    if cycle.valid_until is None:
        return _("Completed %(day)s; it stays valid") % {"day": day(cycle.completed_on)}
    return _("Completed %(day)s; valid until %(until)s") % {
        "day": day(cycle.completed_on),
        "until": day(cycle.valid_until),
    }


def _renewable(cycle: Cycle) -> str:
    return _("Valid until %(until)s; you can renew since %(opens)s") % {
        "until": day(cycle.valid_until),
        "opens": day(cycle.window_opens_on),
    }


def _in_grace(cycle: Cycle) -> str:
    return _("Expired %(until)s; renewing is possible until %(grace)s") % {
        "until": day(cycle.valid_until),
        "grace": day(cycle.grace_until),
    }


_SENTENCES = {
    S.CERTIFIED: _valid,
    S.RENEWABLE: _renewable,
    S.IN_GRACE: _in_grace,
    S.EXPIRED: lambda c: _("It was valid until %(until)s") % {"until": day(c.valid_until)},
    S.EXEMPT: lambda c: _("You are exempt; nothing is expected of you"),
    S.REVOKED: lambda c: _("It was withdrawn; ask your institution"),
    S.WITHDRAWN: lambda c: _("It is no longer asked of you"),
    S.DECLINED: lambda c: _("You declined it; ask your institution if you change your mind"),
}


def type_words(version: CertificationVersion | None) -> str:
    """Say whether it recurs, and how long it is valid: 'recurring, valid for 24 months'."""
    if version is None or not version.is_recurring:
        return str(Validity.UNLIMITED.label)
    months = version.period_months or 0
    years, rest = divmod(months, 12)
    said = ngettext("valid for %(n)d month", "valid for %(n)d months", months) % {"n": months}
    if not rest:
        said = ngettext("valid for %(n)d year", "valid for %(n)d years", years) % {"n": years}
    return f"{Validity.RECURRING.label}, {said}"
