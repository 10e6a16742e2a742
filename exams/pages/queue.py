"""What waits for somebody who reviews, as its list shows it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django import forms
from django.db.models import Exists, OuterRef, Prefetch, Subquery, Value, prefetch_related_objects
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext_lazy as _

from exams.defining.applying import version_for
from exams.models import AssignmentVersion, Conversation, Work, WorkState
from exams.models.work import WorkQuerySet
from exams.reviewing import queues, waiting
from learners.enrolling.coaches import coaches_of
from learners.models import Coaching, User
from learners.models.coaching import stands_in
from learners.telling.days import when_words

DAYS_BY_NAME = 7
MOST_LISTED = 1_001  # above a thousand a list says that there are more


class QueueFilter(forms.Form):
    """Which of what waits is shown."""

    text = forms.CharField(label=_("Name"), required=False, max_length=100)
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    late = forms.BooleanField(label=_("only late"), required=False)
    questions = forms.BooleanField(label=_("only questions"), required=False)

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(str(one.pk), one.title) for one, _waits in waiting.by_programme(user)]
        self.fields["programme"].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Row:
    """A work and who it waits for: `others` also coach its learner, who reads may stand in
    for somebody, and of whom nobody coaches it is the board's."""

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


def found(user: User, form: QueueFilter) -> list[int]:
    """Return the keys of what waits for somebody, narrowed as they asked, as far as a list goes. By
    keys, as databases find them at once, and lose their way where all that is said of them is asked
    along."""
    queue = queues.of(user)
    said = form.cleaned_data if form.is_valid() else {}
    if said.get("text"):
        queue = queue.narrowed(enrolment__learner__in=User.objects.matching(said["text"]))
    if said.get("programme"):
        queue = queue.narrowed(enrolment__programme=said["programme"])
    if said.get("questions"):
        queue = queues.asking(queue)
    if said.get("late"):
        queue = queues.late(queue, user)
    return [pk for pk, _since in queue.ordered()[:MOST_LISTED]]


def rows_at(keys: Sequence[int], user: User) -> list[Row]:
    """Return the rows of these works, in this order."""
    works = with_what_it_is(Work.objects.filter(pk__in=keys), user)
    return rows_of(sorted(works, key=lambda work: keys.index(work.pk)), user)


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


def rows_of(works: Collection[Work], user: User) -> list[Row]:
    """Say of works that were fetched by `with_what_it_is` what they are and who they wait for, in
    two queries for any number of them; in three where of some nothing was handed in yet."""
    enrolments = {work.enrolment_id: work.enrolment for work in works}
    coaches = coaches_of(list(enrolments.values()))
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
    late = (enrolment.organisation.today() - expected_on).days if expected_on else 0
    stands_in_for: str = work.stands_in_for or ""  # type: ignore[attr-defined]
    return Row(
        work=work,
        title=title_of(work),
        since=min(filter(None, [work.waits_since if waits else None, asked_at]), default=None),
        expected_on=expected_on,
        days_late=max(late, 0),
        is_to_review=waits,
        asked_at=asked_at,
        others=[one for one in coaches if one != user],
        stands_in_for="" if work.is_own else stands_in_for,  # type: ignore[attr-defined]
        is_own=work.is_own,  # type: ignore[attr-defined]
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
