"""What waits for somebody who reviews, as its list shows it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django import forms
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext_lazy as _

from exams.defining.applying import version_for
from exams.models import AssignmentVersion, Conversation, Work, WorkState
from exams.models.work import WorkQuerySet
from exams.reviewing import queues
from learners.enrolling.coaches import coaches_of
from learners.models import Coaching, Enrolment, User
from learners.telling.days import when_words

DAYS_BY_NAME = 7


class QueueFilter(forms.Form):
    """Which of what waits is shown."""

    text = forms.CharField(label=_("Name"), required=False, max_length=100)
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    late = forms.BooleanField(label=_("only late"), required=False)
    questions = forms.BooleanField(label=_("only questions"), required=False)

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(str(one.pk), one.title) for one in queues.programmes(user)]
        self.fields["programme"].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Row:
    """A work and who it waits for: `others` also coach its learner, `for_whom` are those for whom
    the reader stands in, and of whom nobody coaches it is the board's."""

    work: Work
    title: str
    since: datetime | None
    expected_on: date | None
    days_late: int
    is_to_review: bool
    asked_at: datetime | None
    others: Sequence[User]
    for_whom: Sequence[User]
    is_boards: bool

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


def found(user: User, form: QueueFilter) -> WorkQuerySet:
    """Return what waits for somebody, narrowed as they asked."""
    waiting = queues.of(user)
    said = form.cleaned_data if form.is_valid() else {}
    if said.get("text"):
        people = User.objects.matching(said["text"])
        waiting = waiting.filter(enrolment__learner__in=people)
    if said.get("programme"):
        waiting = waiting.filter(enrolment__programme=said["programme"])
    if said.get("questions"):
        waiting = queues.asking(waiting)
    if said.get("late"):
        waiting = queues.late(waiting)
    return with_what_it_is(waiting)


def with_what_it_is(works: WorkQuerySet) -> WorkQuerySet:
    """Fetch beside works what `rows_of` says of them."""
    published = AssignmentVersion.objects.published()
    return works.select_related(
        "version",
        "conversation",
        "enrolment__learner",
        "enrolment__programme__organisation",
    ).prefetch_related(
        "assignment", Prefetch("assignment__versions", queryset=published, to_attr="published")
    )


def rows_of(works: Collection[Work], user: User) -> list[Row]:
    """Say of works that were fetched by `with_what_it_is` what they are and who they wait for, in
    three queries for any number of them."""
    enrolments = {work.enrolment_id: work.enrolment for work in works}
    coaches = coaches_of(list(enrolments.values()))
    covered = _covered(enrolments.values(), user)
    return [_row(work, user, coaches[work.enrolment_id], covered) for work in works]


def _row(work: Work, user: User, coaches: Sequence[User], covered: dict[int, list[User]]) -> Row:
    enrolment = work.enrolment
    talk: Conversation | None = getattr(work, "conversation", None)
    asked_at = talk.asked_at if talk else None
    waits = work.state == WorkState.HANDED_IN and enrolment.is_open and not enrolment.archived_at
    expected = [work.expected_on] if waits and work.expected_on else []
    if asked_at:
        expected.append(queues.answer_by(enrolment.organisation, asked_at))
    expected_on = min(expected, default=None)
    late = (enrolment.organisation.today() - expected_on).days if expected_on else 0
    return Row(
        work=work,
        title=title_of(work),
        since=min(filter(None, [work.waits_since if waits else None, asked_at]), default=None),
        expected_on=expected_on,
        days_late=max(late, 0),
        is_to_review=waits,
        asked_at=asked_at,
        others=[one for one in coaches if one != user],
        for_whom=covered[enrolment.pk],
        is_boards=not coaches,
    )


def title_of(work: Work) -> str:
    """Return the title of what was handed in, or of what is asked where nothing was yet."""
    version = work.version or asked_of(work)
    return version.title if version else work.assignment.code


def asked_of(work: Work) -> AssignmentVersion | None:
    """Return the version of the assignment that is asked of who makes this work."""
    published: list[AssignmentVersion] = work.assignment.published  # type: ignore[attr-defined]
    return version_for(published, enrolled_at=work.enrolment.created_at, work=work)


def _covered(enrolments: Collection[Enrolment], user: User) -> dict[int, list[User]]:
    """Return for whom somebody stands in, by the enrolment in which that one coaches; not where
    they coach themselves."""
    covered = Coaching.objects.covered_by(user, timezone.now()).values("pk")
    rows = Coaching.objects.filter(Q(coach=user, stands_in=False) | Q(pk__in=covered))
    rows = rows.filter(enrolment__in=[one.pk for one in enrolments]).select_related("coach")
    people: dict[int, list[User]] = defaultdict(list)
    for row in rows.order_by("pk"):
        people[row.enrolment_id].append(row.coach)
    return defaultdict(list, {pk: [] if user in them else them for pk, them in people.items()})
