"""The row of a programme on home while its exam waits for something: the sentence of the exam box,
whose turn it is and since when."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from exams.assignments.standing import Standing
from exams.models import Attempt
from exams.pages import way_words
from exams.releasing.way import Step, Way
from learners.hooks.pages import Turn, Waiting
from learners.models import Enrolment, Role
from learners.offered.home import term_is_near
from learners.people.subscriptions import Access


@dataclass(frozen=True)
class Followed:
    """A programme with assignments that somebody follows: where they stand in it and on the way to
    its exam, and whether they may go on there."""

    standing: Standing
    way: Way
    access: Access

    @property
    def enrolment(self) -> Enrolment:
        return self.standing.enrolment

    @property
    def has_coach(self) -> bool:
        return self.enrolment.has_coach  # type: ignore[attr-defined]

    @property
    def leads_to_exam(self) -> bool:
        """Whether an exam is at the end of it."""
        has_exam: bool = self.enrolment.has_exam  # type: ignore[attr-defined]
        return bool(self.standing.plan or has_exam or self.way.sample or self.way.attempt)

    @property
    def said(self) -> str:
        """The sentence of the exam box, without its full stop."""
        today = self.enrolment.organisation.today()
        words = way_words.said(self.way, has_coach=self.has_coach, today=today)
        return words.removesuffix(".")


def of(one: Followed) -> Waiting | None:
    """Return the row of a programme whose exam waits for its learner or for who assesses; None
    where the next assignment says it, or a subscription is lacking for what is to be done."""
    if attempt := one.way.attempt:
        return _opened(one, attempt)
    if one.way.is_with_coach:
        return None if _makes_more(one) else _with_coach(one)
    if one.access.is_open and asks_something(one):
        return _asked(one)
    return None


def asks_something(one: Followed) -> bool:
    """Whether its learner has to read what was said of a sample, or can apply."""
    return one.way.step is Step.REFUSED or one.way.may_be_applied_for


def row(one: Followed, *, text: str, url: str, action: str) -> Waiting:
    """Return the row of a programme, in which it is its learner's turn."""
    enrolment = one.enrolment
    return Waiting(
        what=enrolment.subject.title,
        text=text,
        url=url,
        turn=Turn(person_id=enrolment.learner_id),
        since=enrolment.registered_on,
        action=action,
        is_urgent=term_is_near(enrolment),
        icon="pencil-square",
        progress=(one.standing.earned, one.standing.total),
        instead_of=enrolment.get_absolute_url(),
    )


def for_coach(made: Waiting, one: Followed, since: date | datetime | None) -> Waiting:
    """Return a row as that of who reviews."""
    return _for(Role.COACH if one.has_coach else Role.BOARD, made, one, since)


def _for(role: Role, made: Waiting, one: Followed, since: date | datetime | None) -> Waiting:
    turn = Turn.at(one.enrolment.organisation, role)
    return replace(made, turn=turn, since=since, is_urgent=False)


def _opened(one: Followed, attempt: Attempt) -> Waiting:
    started = attempt.started_at is not None
    action = _("Go on with the exam") if started else _("Open the exam")
    made = row(one, text=one.said, url=attempt.get_absolute_url(), action=action)
    made = replace(made, icon="unlock")
    if attempt.exam.is_taken_here:
        return made
    made = replace(made, action=_("To the exam"))
    return _for(Role.BOARD, made, one, attempt.released_at)


def _with_coach(one: Followed) -> Waiting:
    made = row(one, text=one.said, url=_box_url(one), action=_("To the programme"))
    return for_coach(made, one, one.way.waits_since)


def _asked(one: Followed) -> Waiting:
    """Return the row in which a learner reads what was said of their sample, which is urgent, or
    can apply: that is done in the box."""
    if one.way.step is Step.REFUSED:
        url, action = reverse("exams:exam_feedback", args=[one.enrolment.pk]), _("Check feedback")
    else:
        again = one.way.step is Step.IMPROVED
        url = _box_url(one)
        action = _("Ask for a new sample") if again else _("Apply for the exam")
    made = row(one, text=one.said, url=url, action=action)
    return replace(made, is_urgent=made.is_urgent or one.way.step is Step.REFUSED)


def _box_url(one: Followed) -> str:
    """Return where the exam box is; not the address that the row stands in place of."""
    return f"{one.enrolment.get_absolute_url()}#exam-box"


def _makes_more(one: Followed) -> bool:
    """Whether XP is lacking while a coach has the sample, and there is something to make."""
    return not one.standing.is_in_reach and one.standing.next_after() is not None
