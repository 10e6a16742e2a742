"""What is told of somebody's work in one line: when it was handed in, what a coach said, what they
typed since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exams.assignments.standing import Asked
from exams.models import (
    AnswerKind,
    AssignmentExemption,
    Draft,
    HandIn,
    Message,
    Review,
    Work,
    WorkState,
)
from learners.models import Enrolment
from learners.telling.days import day, when_words

FIRST_WORDS = 60  # characters of a feedback that are shown in a line
FETCHED = 200


@dataclass(frozen=True)
class Told:
    """What there is to tell of one work beside its state; `is_coached` where somebody coaches its
    learner who is at work, else the board reviews. `feedback` is the beginning of the newest
    review of what was handed in last; None where nothing was said of it yet. `typed_at` is when
    what was not handed in was kept last; None where there is nothing of it."""

    handed_in_at: datetime | None = None
    feedback: str | None = None
    ground: str | None = None
    typed_at: datetime | None = None
    has_news: bool = False
    earned_at: datetime | None = None
    is_coached: bool = True

    @property
    def has_draft(self) -> bool:
        """Whether something was typed, added or taken away since the last hand-in."""
        return self.typed_at is not None


NOTHING = Told()
SAID = ("handed_in_at", "feedback", "ground", "typed_at", "has_news", "earned_at")


def of(enrolment: Enrolment, *, is_coached: bool = True) -> Mapping[int, Told]:
    """Return what there is to tell of each work in an enrolment, which somebody coaches or nobody,
    by its key: one query."""
    mine = {"work": OuterRef("pk")}
    newest = HandIn.objects.filter(**mine, number=OuterRef("number"))
    said = Review.objects.given().filter(
        hand_in__work=OuterRef("pk"), hand_in__number=OuterRef("number")
    )
    standing = AssignmentExemption.objects.filter(**mine, ended_at=None)
    typed = Draft.objects.filter(**mine).unsent()
    rows = Work.objects.filter(enrolment=enrolment).annotate(
        handed_in_at=Subquery(newest.values("handed_in_at")[:1]),
        feedback=Subquery(said.values(words=Left("feedback", FETCHED))[:1]),
        ground=Subquery(standing.values("ground")[:1]),
        typed_at=Subquery(typed.values("saved_at")[:1]),
        has_news=Exists(_unread(enrolment)),
        earned_at=F("experience__earned_at"),
    )
    found = rows.order_by().values("pk", *SAID)
    return {row.pop("pk"): Told(**row, is_coached=is_coached) for row in found}


def line(one: Asked, told: Told, today: date) -> str:
    """Say in one line how an assignment stands for who makes it."""
    if one.state == WorkState.HANDED_IN:
        words = _waiting(one, told, today)
    else:
        words = _BY_STATE[one.state](one, told)
    if not one.assignment.is_needed and not one.is_exempt:
        words.append(_("not needed to complete the programme"))
    return " · ".join(word for word in words if word)


def handed_in(number: int, at: datetime | None) -> str:
    """Say which version was handed in, and when."""
    if number <= 1:
        return _("Handed in %(day)s") % {"day": day(at)}
    said = {"nth": nth(number), "day": day(at)}
    return _("%(nth)s, handed in %(day)s") % said


def nth(number: int) -> str:
    """Name a version: 'Second version'."""
    names = {
        1: _("First version"),
        2: _("Second version"),
        3: _("Third version"),
        4: _("Fourth version"),
        5: _("Fifth version"),
    }
    return names.get(number) or _("Version %(n)d") % {"n": number}


def expected(expected_on: date, today: date) -> str:
    """Say by when one may expect to hear of what was handed in."""
    if expected_on < today:
        return _("a review was due by %(day)s") % {"day": day(expected_on)}
    return _("expect to hear by %(day)s") % {"day": day(expected_on)}


def weekday(the_day: date) -> str:
    """Name a day with its weekday: 'Tuesday 8 December'."""
    same = the_day.year == timezone.localdate().year
    return format_date(the_day, "l j F" if same else "l j F Y")


def answered_with(kind: str) -> str:
    """Say with what an assignment is answered."""
    said = {
        AnswerKind.TEXT: _("Answer with text"),
        AnswerKind.FILES: _("Answer with files"),
        AnswerKind.BOTH: _("Answer with text, files, or both"),
    }
    return said[AnswerKind(kind)]


def first_words(text: str) -> str:
    """Return the first words of a feedback, on one line."""
    return Truncator(" ".join(text.split())).chars(FIRST_WORDS)


def _unread(enrolment: Enrolment) -> QuerySet[Message]:
    said = Message.objects.filter(conversation__work=OuterRef("pk"))
    since = Q(conversation__learner_read_at=None) | Q(at__gt=F("conversation__learner_read_at"))
    return said.exclude(by=enrolment.learner_id).filter(since)


def _kept(told: Told) -> str:
    if not told.has_draft:
        return ""
    return _("draft kept %(when)s") % {"when": _moment(told.typed_at)}


def _moment(at: datetime | None) -> str:
    assert at is not None, "asked where there is one"
    words, clock = when_words(at), format_date(timezone.localtime(at), "H:i")
    return words if clock in words else f"{words} {clock}"


def _to_do(one: Asked, told: Told) -> list[str]:
    if not told.has_draft:
        return [answered_with(one.version.answer)]
    return [_("Draft kept %(when)s") % {"when": _moment(told.typed_at)}]


def _waiting(one: Asked, told: Told, today: date) -> list[str]:
    work = one.work
    assert work is not None, "it waits"
    assert work.waits_since is not None, "it waits"
    assert work.expected_on is not None, "it waits"
    since = work.enrolment.organisation.day_of(work.waits_since)
    return [
        handed_in(work.number, told.handed_in_at),
        _waits((today - since).days, told.is_coached),
        expected(work.expected_on, today),
        _kept(told),
    ]


def _waits(days: int, is_coached: bool) -> str:
    if days <= 0:
        return ""
    if is_coached:
        words = ngettext("with your coach for %(n)d day", "with your coach for %(n)d days", days)
    else:
        words = ngettext(
            "with the examination board for %(n)d day",
            "with the examination board for %(n)d days",
            days,
        )
    return words % {"n": days}


def _sent_back(one: Asked, told: Told) -> list[str]:
    words = first_words(told.feedback or "")
    said = _("Sent back: “%(words)s”") % {"words": words}
    return [said if words else _("Sent back, with remarks"), _kept(told)]


def _finished(one: Asked, told: Told) -> list[str]:
    number = one.work.number if one.work else 0
    return [handed_in(number, told.handed_in_at), _("with feedback") if told.feedback else ""]


def _exempt(one: Asked, told: Told) -> list[str]:
    return [_("Exempt: %(ground)s") % {"ground": told.ground or ""}]


_BY_STATE = {
    WorkState.TO_DO: _to_do,
    WorkState.SENT_BACK: _sent_back,
    WorkState.APPROVED: _finished,
    WorkState.DONE: _finished,
    WorkState.EXEMPT: _exempt,
}
