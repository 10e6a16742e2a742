"""What waits for somebody who reviews, as its list shows it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Prefetch, Subquery, Value, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exams.defining.applying import version_for
from exams.models import AssignmentVersion, Conversation, Work, WorkState
from exams.models.work import WorkQuerySet
from exams.pages import way_rows
from exams.pages.way_rows import ASSESS, DRAW, RELEASE, Key
from exams.reviewing import queues, waiting
from exams.reviewing.queues import Queue
from learners.enrolling.coaches import coaches_of
from learners.models import Coaching, Enrolment, User
from learners.models.coaching import stands_in
from learners.telling.days import when_words

DAYS_BY_NAME = 7
REVIEW, QUESTIONS = "review", "questions"
TO_WAY = "learner_exam"
MOST_LISTED = 1_001  # above a thousand a list says that there are more


class QueueFilter(forms.Form):
    """Which of what waits is shown."""

    text = forms.CharField(label=_("Name"), required=False, max_length=100)
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    kind = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All")),
            (REVIEW, _("Work to review")),
            (QUESTIONS, _("Questions")),
            (ASSESS, _("Samples to assess")),
            (DRAW, _("New samples asked for")),
            (RELEASE, _("Exams to release")),
        ],
    )
    late = forms.BooleanField(label=_("only late"), required=False)

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(str(one.pk), one.title) for one, _waits in waiting.by_programme(user)]
        self.fields["programme"].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Row:
    """A work and who it waits for: `others` also coach its learner, who reads may stand in
    for somebody, and of whom nobody coaches it is the board's. Of what waits on the way to an exam
    `act` says what is done with it at which `url`, and the work is one of many."""

    work: Work
    title: str
    since: datetime | None
    expected_on: date | None
    days_late: int
    is_to_review: bool
    asked_at: datetime | None
    others: Sequence[User]
    stands_in_for: str
    is_own: bool
    is_boards: bool
    act: str = ""
    url: str = ""

    @property
    def learner(self) -> User:
        return self.work.enrolment.learner

    @property
    def expected_words(self) -> str:
        """Say by which day the learner expects to hear: a day of this week by its name."""
        if self.expected_on is None:
            return ""
        days = (self.expected_on - self.work.enrolment.organisation.today()).days
        if 1 < days < DAYS_BY_NAME:
            return format_date(self.expected_on, "l")
        return when_words(self.expected_on, near_days=1)


def found(user: User, form: QueueFilter) -> list[Key]:
    """Return the keys of what waits for somebody, narrowed as they asked, as far as a list goes. By
    keys, as databases find them at once, and lose their way where all that is said of them is asked
    along."""
    said = form.cleaned_data if form.is_valid() else {}
    kind = said.get("kind", "")
    works = _works(user, said).named() if kind in ("", REVIEW, QUESTIONS) else []
    ways = [] if kind in (REVIEW, QUESTIONS) else way_rows.found(user, said)
    first, *others = [*works, *ways]
    rows = first.union(*others, all=True).order_by("since", "act", "pk")
    return [(act, pk) for act, pk, _since in rows[:MOST_LISTED]]


def _works(user: User, said: Mapping[str, Any]) -> Queue:
    queue = queues.of(user)
    if said.get("text"):
        queue = queue.narrowed(enrolment__learner__in=User.objects.matching(said["text"]))
    if said.get("programme"):
        queue = queue.narrowed(enrolment__programme=said["programme"])
    if said.get("kind") == REVIEW:
        queue = queue.narrowed(state=WorkState.HANDED_IN)
    if said.get("kind") == QUESTIONS:
        queue = queues.asking(queue)
    return queues.late(queue, user) if said.get("late") else queue


def rows_at(keys: Sequence[Key], user: User) -> list[Row]:
    """Return the rows of what has these keys, in this order. A work of each person on the way comes
    along with the works that wait, so that all is fetched at once."""
    works = with_what_it_is(Work.objects.filter(way_rows.with_works(keys)), user)
    fetched = list(way_rows.with_days(works) if any(act for act, _pk in keys) else works)
    coaches = _coaches(fetched)
    asked = {pk for act, pk in keys if not act}
    rows = rows_of([work for work in fetched if work.pk in asked], user, coaches)
    by_key: dict[Key, Row] = {("", row.work.pk): row for row in rows}
    by_person = {work.enrolment_id: work for work in fetched}
    for act, pk in keys:
        if act and pk in by_person:
            by_key[act, pk] = _way_row(act, by_person[pk], user, coaches[pk])
    return [by_key[key] for key in keys if key in by_key]


def with_what_it_is(works: WorkQuerySet, user: User) -> WorkQuerySet:
    """Fetch beside works what `rows_of` says of them, and whether somebody coaches them or stands
    in for who does."""
    here = Coaching.objects.filter(enrolment=OuterRef("enrolment"))
    covered: Subquery | Value = Value("")
    if stands_in(user):
        others = here.covered_by(user, timezone.now()).order_by("pk")
        covered = Subquery(others.values("coach__name")[:1])
    return works.select_related(
        "assignment",
        "version",
        "conversation",
        "enrolment__learner",
        "enrolment__programme__organisation",
    ).annotate(
        is_own=Exists(here.filter(coach=user, stands_in=False)),
        stands_in_for=covered,
    )


def rows_of(
    works: Collection[Work], user: User, known: Mapping[int, Sequence[User]] | None = None
) -> list[Row]:
    """Say of works that were fetched by `with_what_it_is` what they are and who they wait for, in
    two queries for any number of them where it is not known who coaches; in one more where of some
    nothing was handed in yet."""
    coaches = known if known is not None else _coaches(works)
    begun = [work.assignment for work in works if work.version is None]
    prefetch_related_objects(begun, published_versions())
    return [_row(work, user, coaches[work.enrolment_id]) for work in works]


def published_versions() -> Prefetch:
    """Fetch beside assignments the versions that somebody can be asked."""
    versions = AssignmentVersion.objects.published()
    return Prefetch("versions", queryset=versions, to_attr="published")


def _row(work: Work, user: User, coaches: Sequence[User]) -> Row:
    enrolment = work.enrolment
    talk: Conversation | None = getattr(work, "conversation", None)
    asked_at = talk.asked_at if talk else None
    waits = work.state == WorkState.HANDED_IN and enrolment.is_followed
    expected = [work.expected_on] if waits and work.expected_on else []
    if asked_at:
        expected.append(queues.answer_by(enrolment.organisation, asked_at))
    expected_on = min(expected, default=None)
    return Row(
        work=work,
        title=title_of(work),
        since=min(filter(None, [work.waits_since if waits else None, asked_at]), default=None),
        expected_on=expected_on,
        days_late=_days_late(enrolment, expected_on),
        is_to_review=waits,
        asked_at=asked_at,
        **_who(work, user, coaches),
    )


def _way_row(act: str, work: Work, user: User, coaches: Sequence[User]) -> Row:
    """Return what waits on the way of whoever made a work that `way_rows.with_days` fetched."""
    enrolment, known = work.enrolment, vars(work)
    titles = {
        ASSESS: gettext("Sample %(n)d") % {"n": known["sample_number"] or 0},
        DRAW: gettext("A new sample was asked for"),
        RELEASE: gettext("The exam can be released"),
    }
    days = {ASSESS: known["sample_expected_on"], DRAW: known["asked_expected_on"], RELEASE: None}
    name, pk = ("sample_detail", known["sample_pk"]) if act == ASSESS else (TO_WAY, enrolment.pk)
    return Row(
        work=work,
        title=titles[act],
        since=way_rows.since(act, work),
        expected_on=days[act],
        days_late=_days_late(enrolment, days[act]),
        is_to_review=False,
        asked_at=None,
        act=act,
        url=reverse(f"exams:{name}", args=[pk]),
        **_who(work, user, coaches),
    )


def _coaches(works: Collection[Work]) -> Mapping[int, Sequence[User]]:
    """Return who coaches the people who made these works, by enrolment; two queries."""
    return coaches_of(list({work.enrolment_id: work.enrolment for work in works}.values()))


def _days_late(enrolment: Enrolment, expected_on: date | None) -> int:
    late = (enrolment.organisation.today() - expected_on).days if expected_on else 0
    return max(late, 0)


def _who(work: Any, user: User, coaches: Sequence[User]) -> dict[str, Any]:
    """Say who else has a person whose work was fetched by `with_what_it_is`."""
    return {
        "others": [one for one in coaches if one != user],
        "stands_in_for": "" if work.is_own else work.stands_in_for or "",
        "is_own": work.is_own,
        "is_boards": not coaches,
    }


def title_of(work: Work) -> str:
    """Return the title of what was handed in, or of what is asked where nothing was yet."""
    version = work.version or asked_of(work)
    return version.title if version else work.assignment.code


def asked_of(work: Work) -> AssignmentVersion | None:
    """Return the version of the assignment that is asked of who makes this work."""
    published: list[AssignmentVersion] = work.assignment.published  # type: ignore[attr-defined]
    return version_for(published, enrolled_at=work.enrolment.created_at, work=work)
