"""What waits for somebody who reviews: hand-ins and questions, the longest waiting first."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from exams.models import Work, WorkState
from exams.models.work import WorkQuerySet
from learners import working_days
from learners.models import Organisation, Role, User
from learners.models.enrolment import followed
from learners.people.roles import memberships_of

REVIEW = (Role.COACH, Role.BOARD)
ASKED_AT = "conversation__asked_at"
WHERE = "enrolment__programme__organisation"
ASKED = Q(conversation__asked_at__isnull=False) & followed("enrolment__")
DAY = timedelta(days=1)
READ_AT_ONCE = 500  # of a queue: more than nearly anybody's


@dataclass(frozen=True)
class Queue:
    """What waits for somebody: what they review, whatever is asked of it, and what they answer
    alone. No work is in both, and databases find each half by an index of its own; of an OR they
    read every work."""

    to_review: WorkQuerySet
    to_answer: WorkQuerySet

    def narrowed(self, *which: Q, **fields: object) -> "Queue":
        """Keep what is so in either half."""
        return Queue(
            self.to_review.filter(*which, **fields), self.to_answer.filter(*which, **fields)
        )

    def named(self) -> list[QuerySet]:
        """Return the halves as `named` says them, which other rows can stand among."""
        return [named(half, "", "pk") for half in (self.to_review, self.to_answer)]

    def ordered(self) -> QuerySet:
        """Return the key of each work and since when it waits, the longest waiting first."""
        to_review = self.to_review.values_list("pk", "since")
        to_answer = self.to_answer.values_list("pk", "since")
        return to_review.union(to_answer, all=True).order_by("since", "pk")


@dataclass(frozen=True)
class Next:
    """What comes next in somebody's queue, and how much waits in it beside what they look at."""

    work: Work | None
    left: int


def named(rows: QuerySet, act: str, key: str) -> QuerySet:
    """Return of each of these what is done with it, its key, and since when it waits."""
    said = rows.annotate(act=Value(act, output_field=CharField()))
    return said.values_list("act", key, "since")


def of(user: User) -> Queue:
    """Return what waits for somebody, to be reviewed or answered; put into words for the database
    once each time that the person is fetched."""
    if "_queue" not in user.__dict__:
        user.__dict__["_queue"] = _of(user)
    return user.__dict__["_queue"]


def _of(user: User) -> Queue:
    mine = Work.objects.judged_by(user).order_by()
    first = Least("waits_since", Coalesce(ASKED_AT, "waits_since"))
    return Queue(
        to_review=mine.waiting().annotate(since=first),
        to_answer=mine.filter(ASKED).exclude(state=WorkState.HANDED_IN).annotate(since=F(ASKED_AT)),
    )


def asking(queue: Queue) -> Queue:
    """Keep that of which a learner waits for an answer."""
    return queue.narrowed(ASKED)


def late(queue: Queue, user: User) -> Queue:
    """Keep that of which the learner should have heard by now, by the day of each institution."""
    institutions, now = institutions_of(user), timezone.now()
    review, answer = late_reviews(institutions, now), late_answers(institutions, now)
    return Queue(queue.to_review.filter(review | ASKED & answer), queue.to_answer.filter(answer))


def late_reviews(institutions: Iterable[Organisation], now: datetime) -> Q:
    """Say in a query of works that wait for a review which should be reviewed by now: those that
    were expected before the day that it is at their institution."""
    is_late = Q(pk__in=())
    for one in institutions:
        is_late |= Q(**{WHERE: one.pk, "expected_on__lt": one.day_of(now)})
    return is_late


def late_answers(institutions: Iterable[Organisation], now: datetime) -> Q:
    """Say in a query of works with a question which should be answered by now: those in whose
    institution the day is over by which an answer is promised."""
    is_late = Q(pk__in=())
    for one in institutions:
        asked_before = late_before(one, one.day_of(now))
        is_late |= Q(**{WHERE: one.pk, f"{ASKED_AT}__lt": asked_before})
    return is_late


def institutions_of(user: User) -> Collection[Organisation]:
    """Return the institutions at which somebody reviews."""
    held = (one.organisation for one in memberships_of(user) if one.role in REVIEW)
    return {one.pk: one for one in held}.values()


def after(user: User, work: Work, since: datetime | None) -> Next:
    """Return what follows a work that waits since then in somebody's queue; behind the last one,
    and once a work does not wait any more, what waits longest."""
    others = of(user).narrowed(~Q(pk=work.pk))
    if not (waiting := list(others.ordered()[:READ_AT_ONCE])):
        return Next(None, 0)
    is_all = len(waiting) < READ_AT_ONCE
    behind = [pk for pk, at in waiting if since and (at, pk) > (since, work.pk)]
    if since and not (behind or is_all):
        later = Q(since__gt=since) | Q(since=since, pk__gt=work.pk)
        behind = [pk for pk, _at in others.narrowed(later).ordered()[:1]]
    following = Work.objects.select_related("enrolment__learner")
    left = len(waiting) if is_all else others.ordered().count()
    return Next(following.get(pk=behind[0] if behind else waiting[0][0]), left)


def answer_by(institution: Organisation, asked_at: datetime) -> date:
    """Return the day by which a learner may expect an answer to a question."""
    asked_on = institution.day_of(asked_at)
    return working_days.day_after(institution, asked_on, institution.review_days)


def late_before(institution: Organisation, today: date) -> datetime:
    """Return the moment before which a question was asked that should be answered before a day."""
    last = working_days.day_before(institution, today - DAY, institution.review_days)
    return datetime.combine(last + DAY, time.min, institution.tz)
