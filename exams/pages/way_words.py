"""One sentence on how somebody's exam stands and who acts next: the same in the exam box, on home
and wherever else their learner reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from exams.models import Exam, ExamKind
from exams.pages.told import weekday
from exams.releasing.way import Step, Way


@dataclass(frozen=True)
class Seen:
    """A way, and what its sentence takes beside it: whether somebody coaches, and the day."""

    way: Way
    has_coach: bool
    today: date


def said(way: Way, *, has_coach: bool, today: date) -> str:
    """Say how an exam stands and who acts next; '' while XP alone is lacking."""
    words = _SAID.get(way.step)
    return words(Seen(way, has_coach, today)) if words else ""


def reviewer(has_coach: bool) -> str:
    """Name who reviews, at the beginning of a sentence."""
    return _("Your coach") if has_coach else _("The examination board")


def turn(has_coach: bool) -> str:
    """Say that it is the turn of who reviews."""
    return _("Your coach’s turn") if has_coach else _("The examination board’s turn")


def what_it_is(exam: Exam) -> str:
    """Say what sort of exam it is, and what that means for its learner."""
    if exam.kind == ExamKind.CERTIFIED:
        return _("The exam is the certified final assignments of this programme; no other follows.")
    if exam.kind == ExamKind.OUTSIDE:
        return _("The exam is taken elsewhere; the examination board enters its result here.")
    return _("The exam is your institution’s own; you take it here.")


def _in_reach(seen: Seen) -> str:
    if seen.way.standing.needed:
        return _("You have enough XP; you can apply for the exam.")
    return _("You can apply for the exam.")


def _sample(seen: Seen) -> str:
    if _is_late(seen):
        words = _("%(who)s checks whether you are ready for the exam; that was due by %(day)s.")
    else:
        words = _("%(who)s checks whether you are ready for the exam; expect to hear by %(day)s.")
    return words % _who_and_when(seen)


def _asked_again(seen: Seen) -> str:
    if _is_late(seen):
        words = _("%(who)s draws a new sample; that was due by %(day)s.")
    else:
        words = _("%(who)s draws a new sample; expect to hear by %(day)s.")
    return words % _who_and_when(seen)


def _to_release(seen: Seen) -> str:
    if seen.has_coach:
        return _("Your sample was approved; your coach releases the exam.")
    return _("Your sample was approved; the examination board releases the exam.")


def _approved(_seen: Seen) -> str:
    return _("Your sample was approved; once you have enough XP the exam can be released.")


def _refused(seen: Seen) -> str:
    if seen.way.is_applied_for:
        return _("Your application for the exam was refused; improve what was sent back.")
    return _("Your sample was refused; improve what was sent back.")


def _improved(seen: Seen) -> str:
    if seen.way.may_be_applied_for:
        return _("You improved what was sent back; you can ask for a new sample.")
    said = {"lacking": seen.way.standing.lacking}
    words = _("You improved what was sent back; with %(lacking)d XP more you can apply again.")
    return words % said


def _released(seen: Seen) -> str:
    attempt = seen.way.attempt
    assert attempt is not None, "it was released"
    if not attempt.exam.is_taken_here:
        return _("Your exam was released; it is taken elsewhere.")
    if attempt.is_early:
        return _("Your exam was released early.")
    return _("Your exam was released.")


def _started(_seen: Seen) -> str:
    return _("You started your exam.")


def _is_late(seen: Seen) -> bool:
    return seen.way.expected_on is not None and seen.way.expected_on < seen.today


def _who_and_when(seen: Seen) -> dict[str, str]:
    assert seen.way.expected_on is not None, "a coach has it"
    return {"who": reviewer(seen.has_coach), "day": weekday(seen.way.expected_on)}


_SAID: dict[Step, Callable[[Seen], str]] = {
    Step.IN_REACH: _in_reach,
    Step.SAMPLE: _sample,
    Step.APPROVED: _approved,
    Step.TO_RELEASE: _to_release,
    Step.REFUSED: _refused,
    Step.IMPROVED: _improved,
    Step.ASKED_AGAIN: _asked_again,
    Step.RELEASED: _released,
    Step.STARTED: _started,
}
