"""What waits for somebody who reviews: hand-ins and questions, the longest waiting first."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Least
from django.utils import timezone

from exams.models import Work, WorkState
from exams.models.work import WorkQuerySet
from learners import working_days
from learners.models import NOT_FINAL, Organisation, Programme, User

TO_REVIEW = Q(
    state=WorkState.HANDED_IN,
    enrolment__status__in=sorted(NOT_FINAL),
    enrolment__archived_at=None,
)
ASKED = Q(conversation__asked_at__isnull=False, enrolment__archived_at=None)


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
    found = Work.objects.reviewed_by(user).filter(TO_REVIEW | ASKED)
    return found.annotate(since=since).order_by("since", "pk")


def asking(found: WorkQuerySet) -> WorkQuerySet:
    """Keep those of which a learner waits for an answer."""
    return found.filter(ASKED)


def late(found: WorkQuerySet) -> WorkQuerySet:
    """Keep those of which the learner should have heard by now, by the day of each institution."""
    is_late = Q(pk__in=())
    for institution in Organisation.objects.filter(pk__in=_institutions(found)):
        here = Q(enrolment__programme__organisation=institution)
        review = TO_REVIEW & Q(expected_on__lt=institution.today())
        answer = ASKED & Q(conversation__asked_at__lt=late_before(institution))
        is_late |= here & (review | answer)
    return found.filter(is_late)


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
    own = of(user).filter(pk=work.pk).values_list("since", flat=True).first()
    behind = others.filter(Q(since__gt=own) | Q(since=own, pk__gt=work.pk)) if own else others
    return Next(behind.first() or others.first(), left)


def answer_by(institution: Organisation, asked_at: datetime) -> date:
    """Return the day by which a learner may expect an answer to a question."""
    asked_on = institution.day_of(asked_at)
    return working_days.day_after(institution, asked_on, institution.review_days)


def late_before(institution: Organisation) -> datetime:
    """Return the moment before which a question was asked that should be answered by now."""
    today = institution.today()
    day = today
    while working_days.day_after(institution, day, institution.review_days) >= today:
        day -= timedelta(days=1)
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min), institution.tz)


def _institutions(found: WorkQuerySet) -> QuerySet:
    return found.order_by().values("enrolment__programme__organisation")
