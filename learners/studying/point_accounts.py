"""Somebody's study points as they read them: what each entry was for, and what of it counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learners.models import Course, StudyPointAccount, StudyPointEntry, User

COMPLETION, MARK = "completion:", "mark:"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One entry in words; `counts` is what it did to the total, after the course's maximum."""

    entry: StudyPointEntry
    cause: str
    counts: int

    @property
    def said(self) -> str:
        """Say why not all of it counts; empty where it does."""
        cut = abs(self.entry.points) - abs(self.counts)
        if not cut:
            return ""
        if self.entry.points < 0:
            return ngettext(
                "%(n)d point of it had not counted, because of the maximum",
                "%(n)d points of it had not counted, because of the maximum",
                cut,
            ) % {"n": cut}
        return ngettext(
            "%(n)d point of it does not count: the maximum of the course was reached",
            "%(n)d points of it do not count: the maximum of the course was reached",
            cut,
        ) % {"n": cut}


@dataclass(frozen=True, kw_only=True)
class Account:
    """What somebody has of one course's points, with its lines, the newest first."""

    account: StudyPointAccount
    lines: Sequence[Line]

    @property
    def maximum(self) -> int | None:
        return self.account.course.maximum_study_points

    @property
    def cut(self) -> int:
        """How many points were earned that do not count."""
        return sum(line.entry.points for line in self.lines) - self.account.total


def of_person(user: User) -> QuerySet[StudyPointAccount]:
    """Return somebody's accounts that have entries, by course, with all that a line says."""
    entries = StudyPointEntry.objects.select_related("by").order_by("pk")
    mine = StudyPointAccount.objects.filter(learner=user, entries__isnull=False).distinct()
    return (
        mine.select_related("course__organisation")
        .prefetch_related(Prefetch("entries", queryset=entries))
        .order_by("course__title_nl", "pk")
    )


def of_course(learner_id: int, course: Course) -> Account | None:
    """Return what somebody has of one course, to read; None without entries: one query."""
    theirs = StudyPointEntry.objects.filter(account__learner=learner_id, account__course=course)
    entries = list(theirs.select_related("account").order_by("pk"))
    if not entries:
        return None
    account = entries[0].account
    account.course = course
    return _account(account, entries, {})


def total_of(user: User) -> int:
    """Return how many points somebody has, over all courses."""
    mine = StudyPointAccount.objects.filter(learner=user)
    return mine.aggregate(total=Sum("total"))["total"] or 0


def read(account: StudyPointAccount, words: Mapping[int, str] | None = None) -> Account:
    """Return an account to read; `words` says more of some entries, by key, than we know here."""
    entries = sorted(account.entries.all(), key=lambda entry: entry.pk)
    return _account(account, entries, words or {})


def _account(
    account: StudyPointAccount, entries: Iterable[StudyPointEntry], words: Mapping[int, str]
) -> Account:
    lines = list(_lines(entries, account.course.maximum_study_points, words))
    return Account(account=account, lines=lines[::-1])


def cause_words(entry: StudyPointEntry, known: str = "") -> str:
    """Say what an entry was for: a completion, a meeting, or taking one of these back."""
    what = known or _what(entry.cause.removeprefix("-"))
    if entry.reverses_id:
        return _("taken back: %(what)s") % {"what": what}
    return what[:1].upper() + what[1:]


def _what(cause: str) -> str:
    if cause.startswith(COMPLETION):
        return _("the course was completed")
    return _("present at a meeting") if cause.startswith(MARK) else cause


def _lines(
    entries: Iterable[StudyPointEntry], maximum: int | None, words: Mapping[int, str]
) -> Iterable[Line]:
    """Follow the account entry by entry, as it was settled."""
    earned = 0
    for entry in entries:
        counts = entry.points
        if not entry.ignores_maximum:
            before, earned = earned, earned + entry.points
            if maximum is not None:
                counts = min(earned, maximum) - min(before, maximum)
        cause = cause_words(entry, words.get(entry.pk, ""))
        yield Line(entry=entry, cause=cause, counts=counts)
