"""What waits for somebody who reviews: hand-ins and questions, the longest waiting first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Least
from django.utils import timezone

from exams.models import Work, WorkState
from exams.models.work import WorkQuerySet
from learners import working_days
from learners.models import Organisation, Programme, User
from learners.models.enrolment import followed

WHERE = "enrolment__programme__organisation"
DAY = timedelta(days=1)
FOLLOWED = followed("enrolment__")
TO_REVIEW = Q(state=WorkState.HANDED_IN) & FOLLOWED
ASKED = Q(conversation__asked_at__isnull=False) & FOLLOWED


@dataclass(frozen=True)
class Next:
    """What comes next in somebody's queue, and how much waits in it beside what they look at."""

    work: Work | None
    left: int


def of(user: User) -> WorkQuerySet:
    """Return the works that wait for somebody, to be reviewed or answered, the longest first; each
    with `since`."""
    since = Case(
        When(TO_REVIEW & ASKED, then=Least("waits_since", "conversation__asked_at")),
        When(TO_REVIEW, then=F("waits_since")),
        default=F("conversation__asked_at"),
    )
    mine = Work.objects.reviewed_by(user).order_by()
    # A union, as above: each half has an index of its own.
    waiting = mine.filter(TO_REVIEW).values("pk").union(mine.filter(ASKED).values("pk"))
    return Work.objects.filter(pk__in=waiting).annotate(since=since).order_by("since", "pk")


def asking(found: WorkQuerySet) -> WorkQuerySet:
    """Keep those of which a learner waits for an answer."""
    return found.filter(ASKED)


def late(found: WorkQuerySet) -> WorkQuerySet:
    """Keep those of which the learner should have heard by now, by the day of each institution."""
    institutions = Organisation.objects.filter(pk__in=_institutions(found))
    now = timezone.now()
    review, answer = late_reviews(institutions, now), late_answers(institutions, now)
    return found.filter(TO_REVIEW & review | ASKED & answer)


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
        is_late |= Q(**{WHERE: one.pk, "conversation__asked_at__lt": asked_before})
    return is_late


def programmes(user: User) -> QuerySet[Programme]:
    """Return the programmes of what waits for somebody."""
    waiting = of(user).order_by().values("enrolment__programme")
    return Programme.objects.filter(pk__in=waiting).order_by("title_nl", "pk")


def after(user: User, work: Work) -> Next:
    """Return what follows a work in somebody's queue; behind the last one, and once a work does not
    wait any more, what waits longest."""
    others = of(user).exclude(pk=work.pk).select_related("enrolment__learner")
    left = others.count()
    if not left:
        return Next(None, 0)
    own = of(user).filter(pk=work.pk).values_list("since", flat=True).first()  # type: ignore[misc]
    later = Q(since__gt=own) | Q(since=own, pk__gt=work.pk)
    behind = others.filter(later) if own else others
    return Next(behind.first() or others.first(), left)


def answer_by(institution: Organisation, asked_at: datetime) -> date:
    """Return the day by which a learner may expect an answer to a question."""
    asked_on = institution.day_of(asked_at)
    return working_days.day_after(institution, asked_on, institution.review_days)


def late_before(institution: Organisation, today: date) -> datetime:
    """Return the moment before which a question was asked that should be answered before a day."""
    last = working_days.day_before(institution, today - DAY, institution.review_days)
    return datetime.combine(last + DAY, time.min, institution.tz)


def _institutions(found: WorkQuerySet) -> QuerySet:
    return found.order_by().values("enrolment__programme__organisation")
