"""The exam box of a programme: one sentence on how the exam stands and who acts next, and the one
thing to do now."""

from datetime import date

from django.utils.translation import gettext as _

from exams.assignments import works
from exams.assignments.standing import Asked
from exams.models import WorkState
from exams.pages import box, exam_steps, programme, way_words
from exams.pages.box import Box
from exams.pages.programme import ProgrammeWork
from exams.pages.told import weekday
from exams.releasing.way import Step
from learners.models import StudyStatus
from learners.pages import programme_page
from learners.studying import reopening


def of(work: ProgrammeWork) -> Box:
    """Return the exam box of a programme."""
    title = _("Exam") if work.leads_to_exam else _("Assignments")
    if work.enrolment.status == StudyStatus.COMPLETED:
        return exam_steps.completed(title, work)
    if attempt := work.way.attempt:
        return exam_steps.opened(title, attempt, work)
    if work.why_closed:
        return _closed(title, work)
    if work.leads_to_exam and (made := exam_steps.of(title, work)):
        return made
    if following := work.standing.next_after():
        text = box.joined(_so_far(work), _said_of(following))
        words, url = box.step(following, work)
        return Box(title, _("Your turn"), "person-fill", text, action=words, url=url)
    return _handed_over(title, work)


def reviewed(one: Asked, has_coach: bool, today: date) -> str:
    """Say who has a piece of work, and by when to expect to hear."""
    assert one.work is not None, "it waits"
    assert one.work.expected_on is not None, "it waits"
    said = {
        "who": way_words.reviewer(has_coach),
        "title": one.version.title,
        "day": weekday(one.work.expected_on),
    }
    if one.work.expected_on < today:
        return _("%(who)s reviews “%(title)s”; that was due by %(day)s.") % said
    return _("%(who)s reviews “%(title)s”; expect to hear by %(day)s.") % said


def _closed(title: str, work: ProgrammeWork) -> Box:
    """Say why nothing can be made now, and how the exam stands nevertheless; that a subscription is
    needed is said above the box, to which it leads."""
    label, icon, kind = _("Closed"), "lock-fill", "waits"
    goes_on = exam_steps.said(work) if _is_known_of_exam(work) else ""
    if not work.needs_subscription:
        return Box(title, label, icon, box.joined(work.why_closed, goes_on), kind)
    text = _("The assignments wait until you go on; what you handed in is still reviewed.")
    if work.leads_to_exam:
        text = _("The exam waits until you go on; what you handed in is still reviewed.")
    more, more_url = _("To the subscription"), reopening.address(work.enrolment)
    return Box(title, label, icon, goes_on or text, kind, more=more, more_url=more_url)


def _is_known_of_exam(work: ProgrammeWork) -> bool:
    """Whether a coach goes on, or has approved a sample, while nothing can be made."""
    known = work.way.is_with_coach or work.way.step is Step.APPROVED
    return work.leads_to_exam and known and works.goes_on(work.enrolment)


def _handed_over(title: str, work: ProgrammeWork) -> Box:
    """Say who has the ball where nothing is to be made: a coach, or the learner in a course."""
    if one := work.standing.longest_waiting:
        text = box.joined(_so_far(work), reviewed(one, work.has_coach, work.today))
        label, url = way_words.turn(work.has_coach), programme.address(work.enrolment, one)
        more = _("See what you handed in")
        return Box(title, label, "hourglass-split", text, "waits", more=more, more_url=url)
    lines = work.enrolment.lines  # type: ignore[attr-defined]
    line = programme_page.next_line(lines)
    if line is None or line.expected is None:
        text = box.joined(_so_far(work), _("Everything was handed in."))
        return Box(title, _("Nothing to do now"), "check2", text, "good")
    words = _("%(action)s: %(title)s") % {
        "action": line.expected.action,
        "title": line.course.title,
    }
    text = box.joined(_so_far(work), line.expected.text)
    return Box(title, _("Your turn"), "person-fill", text, action=words, url=line.expected.url)


def _so_far(work: ProgrammeWork) -> str:
    """Say of the exam what is known while assignments are made: what is lacking for it, and that a
    sample was approved already."""
    if not work.leads_to_exam:
        return ""
    approved = exam_steps.said(work) if work.way.step is Step.APPROVED else ""
    return box.joined(approved, box.to_go(work))


def _said_of(one: Asked) -> str:
    if one.state == WorkState.SENT_BACK:
        return _("“%(title)s” was sent back to be improved.") % {"title": one.version.title}
    return ""
