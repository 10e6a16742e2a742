"""The exam box of each step on the way to the exam in which something but XP is at stake."""

from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exams.models import Attempt, ExamKind
from exams.pages import box, way_words
from exams.pages.box import Box
from exams.pages.programme import ProgrammeWork
from exams.releasing import releases
from exams.releasing.way import Step
from exams.sampling import samples
from learners.studying import reopening
from learners.telling.days import day


def of(title: str, work: ProgrammeWork) -> Box | None:
    """Return the box of the step somebody is at; None where the next assignment says it."""
    makes = {
        Step.IN_REACH: _in_reach,
        Step.SAMPLE: _with_coach,
        Step.ASKED_AGAIN: _with_coach,
        Step.TO_RELEASE: _with_coach,
        Step.REFUSED: _refused,
        Step.IMPROVED: _improved,
    }
    make = makes.get(work.way.step)
    return make(title, work) if make else None


def said(work: ProgrammeWork) -> str:
    """Say in one sentence how the exam stands, and who acts next."""
    return way_words.said(work.way, has_coach=work.has_coach, today=work.today)


def opened(title: str, attempt: Attempt, work: ProgrammeWork) -> Box:
    """Say that the exam was released, with the way to it, whatever became of the programme since;
    where a subscription is lacking, that first."""
    is_on = work.way.step is Step.STARTED
    label, icon = (_("Started"), "play-fill") if is_on else (_("Released"), "unlock-fill")
    action = _("Go on with the exam") if is_on else _("Open the exam")
    url, (more, more_url) = attempt.get_absolute_url(), _feedback(work)
    made = Box(title, label, icon, said(work), "good", action, url, more, more_url)
    if not attempt.exam.is_taken_here:
        text = _("The examination board enters its result here.")
        said_so = box.joined(made.text, text)
        return replace(made, text=said_so, kind="waits", action=_("To the exam"))
    why = releases.why_closed(work.enrolment, attempt, work.access)
    text = box.joined(made.text, why or _of_release(attempt, is_on))
    if not why:
        return replace(made, text=text)
    more, more_url = _("To the subscription"), reopening.address(work.enrolment)
    return replace(made, text=text, kind="waits", more=more, more_url=more_url)


def completed(title: str, work: ProgrammeWork) -> Box:
    """Say that the programme is done, and with certified final assignments that no exam follows."""
    text = _("You completed this programme.")
    if work.exam and work.exam.kind == ExamKind.CERTIFIED:
        text = box.joined(text, _("No other exam follows."))
    made = Box(title, _("Completed"), "check-circle-fill", text, "good")
    if attempt := work.way.attempt:
        return replace(made, more=_("To the exam"), more_url=attempt.get_absolute_url())
    return made


def samples_url(work: ProgrammeWork) -> str:
    """Return where the samples of a programme are shown."""
    return f"{work.enrolment.get_absolute_url()}?tab=samples"


def _of_release(attempt: Attempt, is_on: bool) -> str:
    if is_on:
        return _("The exam stays open until you hand in.")
    said = {"day": day(attempt.released_at)}
    if attempt.is_early:
        if attempt.sample_id:
            return _("Open since %(day)s; what was left to make is waived.") % said
        words = _("Open since %(day)s; the sample and what was left to make are waived.")
        return words % said
    return _("It has been open since %(day)s, and stays open until you hand in.") % said


def _in_reach(title: str, work: ProgrammeWork) -> Box:
    """Offer to apply, beside the assignment that could be made first."""
    then = (
        _("Your coach then looks at a sample of what you handed in.")
        if work.has_coach
        else _("The examination board then looks at a sample of what you handed in.")
    )
    following = work.standing.next_after()
    more, more_url = box.step(following, work) if following else ("", "")
    return Box(
        title,
        _("In reach"),
        "star-fill",
        box.joined(said(work), then),
        "good",
        _("Apply for the exam"),
        _apply_url(work),
        more,
        more_url,
        posts=True,
    )


def _with_coach(title: str, work: ProgrammeWork) -> Box:
    """Say what a coach does; where XP is lacking, what its learner can do meanwhile."""
    lacks_exam = work.way.step is Step.TO_RELEASE and work.exam is None
    unpublished = _("An administrator has to publish the exam first.") if lacks_exam else ""
    text = box.joined(said(work), unpublished, box.to_go(work))
    label, more, url = way_words.turn(work.has_coach), _("See the sample"), samples_url(work)
    following = work.standing.next_after()
    if work.standing.is_in_reach or following is None:
        return Box(title, label, "hourglass-split", text, "waits", more=more, more_url=url)
    action, action_url = box.step(following, work)
    return Box(title, label, "hourglass-split", text, "waits", action, action_url, more, url)


def _refused(title: str, work: ProgrammeWork) -> Box:
    """Say that it was refused, and what is to be improved."""
    assert work.way.sample is not None, "it was refused"
    poor = {item.hand_in.work_id for item in samples.unimproved(work.way.sample)}
    improve = [work.row(one) for one in work.standing.asked if one.work and one.work.pk in poor]
    label = _("Application refused") if work.way.is_applied_for else _("Sample refused")
    action, url = _feedback(work)
    return Box(
        title, label, "x-octagon-fill", said(work), "late", action, url, improve=tuple(improve)
    )


def _improved(title: str, work: ProgrammeWork) -> Box:
    """Offer to ask for a new sample, and say how many there were; where XP is lacking, what to make
    first."""
    assert work.way.sample is not None, "it was refused"
    n = work.way.sample.number
    had = ngettext("You had %(n)d sample so far.", "You had %(n)d samples so far.", n) % {"n": n}
    text, (more, more_url) = box.joined(said(work), had), _feedback(work)
    label, icon = _("Your turn"), "person-fill"
    if work.way.may_be_applied_for:
        words, url = _("Ask for a new sample"), _apply_url(work)
        return Box(title, label, icon, text, "action", words, url, more, more_url, posts=True)
    following = work.standing.next_after()
    words, url = box.step(following, work) if following else ("", "")
    return Box(title, label, icon, text, "action", words, url, more, more_url)


def _feedback(work: ProgrammeWork) -> tuple[str, str]:
    """Return the way to what was said of the newest sample that was decided, where there is one."""
    sample = work.way.sample
    if sample is None or (sample.is_open and sample.number == 1):
        return "", ""
    return _("Check feedback"), reverse("exams:exam_feedback", args=[work.enrolment.pk])


def _apply_url(work: ProgrammeWork) -> str:
    return reverse("exams:exam_apply", args=[work.enrolment.pk])
