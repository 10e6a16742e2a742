"""The exam box of a programme: one sentence on how the exam stands and who acts next, and the one
thing to do now."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from exams.assignments.standing import Asked
from exams.models import WorkState
from exams.pages import programme
from exams.pages.programme import ProgrammeWork
from exams.pages.told import weekday
from learners.models import StudyStatus
from learners.pages import programme_page
from learners.studying import reopening


@dataclass(frozen=True)
class Box:
    """What the box says: `label` whose turn it is, `text` how it stands, `action` what to do."""

    title: str
    label: str
    icon: str
    text: str
    kind: str = "action"
    action: str = ""
    url: str = ""
    more: str = ""
    more_url: str = ""


def of(work: ProgrammeWork) -> Box:
    """Return the exam box of a programme."""
    title = _("Exam") if work.standing.plan else _("Assignments")
    if work.enrolment.status == StudyStatus.COMPLETED:
        text = _("You completed this programme.")
        return Box(title, _("Completed"), "check-circle-fill", text, "good")
    if work.why_closed:
        return _closed(title, work)
    if work.standing.plan and work.standing.is_in_reach and work.newest:
        return _in_reach(title, work)
    if following := work.standing.next_after():
        text = _joined(_to_go(work), _said_of(following, work))
        words, url = _step(following, work)
        return Box(title, _("Your turn"), "person-fill", text, action=words, url=url)
    return _handed_over(title, work)


def reviewer(has_coach: bool) -> str:
    """Name who reviews, at the beginning of a sentence."""
    return _("Your coach") if has_coach else _("The examination board")


def reviewed(one: Asked, has_coach: bool, today: date) -> str:
    """Say who has a piece of work, and by when to expect to hear."""
    assert one.work is not None, "it waits"
    assert one.work.expected_on is not None, "it waits"
    said = {
        "who": reviewer(has_coach),
        "title": one.version.title,
        "day": weekday(one.work.expected_on),
    }
    if one.work.expected_on < today:
        return _("%(who)s reviews “%(title)s”; that was due by %(day)s.") % said
    return _("%(who)s reviews “%(title)s”; expect to hear by %(day)s.") % said


def _closed(title: str, work: ProgrammeWork) -> Box:
    """Say why nothing can be made now; that a subscription is needed is said above the box, to
    which it leads."""
    label, icon, kind = _("Closed"), "lock-fill", "waits"
    if not work.needs_subscription:
        return Box(title, label, icon, work.why_closed, kind)
    text = _("The assignments wait until you go on; what you handed in is still reviewed.")
    if work.standing.plan:
        text = _("The exam waits until you go on; what you handed in is still reviewed.")
    url = reopening.address(work.enrolment)
    return Box(title, label, icon, text, kind, more=_("To the subscription"), more_url=url)


def _in_reach(title: str, work: ProgrammeWork) -> Box:
    """Say that the exam is in reach, with the way to ask about it."""
    assert work.newest is not None, "asked by `of`"
    following = work.standing.next_after()
    more, more_url = _step(following, work) if following else ("", "")
    asks = _("Ask your coach") if work.has_coach else _("Ask the examination board")
    return Box(
        title,
        _("In reach"),
        "star-fill",
        _joined(
            _("You have enough XP for the exam."),
            _("Ask your coach when you can take it.")
            if work.has_coach
            else _("Ask the examination board when you can take it."),
        ),
        "good",
        asks,
        f"{work.newest.get_absolute_url()}#conversation",
        more,
        more_url,
    )


def _handed_over(title: str, work: ProgrammeWork) -> Box:
    """Say who has the ball where nothing is to be made: a coach, or the learner in a course."""
    if one := work.standing.longest_waiting:
        text = _joined(_to_go(work), reviewed(one, work.has_coach, work.today))
        label = _("Your coach’s turn") if work.has_coach else _("The examination board’s turn")
        url = programme.address(work.enrolment, one)
        more = _("See what you handed in")
        return Box(title, label, "hourglass-split", text, "waits", more=more, more_url=url)
    lines = work.enrolment.lines  # type: ignore[attr-defined]
    line = programme_page.next_line(lines)
    if line is None or line.expected is None:
        text = _joined(_to_go(work), _("Everything was handed in."))
        return Box(title, _("Nothing to do now"), "check2", text, "good")
    words = _("%(action)s: %(title)s") % {
        "action": line.expected.action,
        "title": line.course.title,
    }
    text = _joined(_to_go(work), line.expected.text)
    return Box(title, _("Your turn"), "person-fill", text, action=words, url=line.expected.url)


def _to_go(work: ProgrammeWork) -> str:
    standing = work.standing
    if standing.plan is None or standing.is_in_reach:
        return ""
    said = {"needed": standing.needed, "lacking": standing.lacking}
    return _("From %(needed)d XP the exam comes in reach; %(lacking)d XP to go.") % said


def _said_of(one: Asked, work: ProgrammeWork) -> str:
    if one.state == WorkState.SENT_BACK:
        return _("“%(title)s” was sent back to be improved.") % {"title": one.version.title}
    return ""


def _step(one: Asked, work: ProgrammeWork) -> tuple[str, str]:
    """Return what to do next in words, and where."""
    improves = one.state == WorkState.SENT_BACK
    words = _("Improve: %(title)s") if improves else _("Go on: %(title)s")
    return words % {"title": one.version.title}, programme.address(work.enrolment, one)


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
