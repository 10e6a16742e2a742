"""What waits on the way to the exam for who coaches: samples to assess, new ones that were asked
for, and exams to release; each of a person of whom nothing else on the way waits."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from exams.assignments import sums
from exams.models import Application, Exam, Sample, SampleState
from exams.models.reach import judged_by
from learners.models import NOT_FINAL, Enrolment, Organisation, User
from learners.models.enrolment import followed

ASSESS, DRAW, RELEASE = "assess", "draw", "release"  # what a coach does next
WHERE = "enrolment__programme__organisation"


def to_assess() -> QuerySet[Sample]:
    """Return the samples that nobody decided yet, with since when they wait."""
    return Sample.objects.open().annotate(since=F("drawn_at"))  # type: ignore[return-value]


def to_draw() -> QuerySet[Application]:
    """Return the new samples that were asked for and not drawn yet, with since when they wait;
    whoever applied finishes in an archived programme too."""
    goes_on = Q(enrolment__status__in=sorted(NOT_FINAL), enrolment__attempts=None)
    return Application.objects.filter(goes_on, sample=None).annotate(since=F("applied_at"))


def to_release(user: User) -> QuerySet[Enrolment]:
    """Return those of whom somebody can release the exam, once there is one, with since when the
    sample allows it."""
    theirs = Enrolment.objects.filter(pk__in=judged_by(user)).exclude(learner=user)
    applied = Q(Exists(Application.objects.filter(enrolment=OuterRef("pk"))))
    goes_on = followed() | applied & Q(status__in=sorted(NOT_FINAL))
    exams = Exam.objects.published().filter(programme=OuterRef("programme"))
    approved = theirs.filter(
        goes_on, Exists(exams), samples__state=SampleState.APPROVED, attempts=None
    )
    return sums.in_reach(approved).annotate(since=F("samples__decided_at"))


def of(user: User) -> Mapping[str, QuerySet]:
    """Return what waits for somebody on the way, by what they do with it."""
    return {
        ASSESS: to_assess().judged_by(user).order_by(),  # type: ignore[attr-defined]
        DRAW: to_draw().judged_by(user).order_by(),  # type: ignore[attr-defined]
        RELEASE: to_release(user).order_by(),
    }


def path(act: str) -> str:
    """Return the way from what waits to its enrolment, as a query writes it."""
    return "" if act == RELEASE else "enrolment__"


def late(institutions: Iterable[Organisation], now: datetime) -> Q:
    """Say in a query of samples or applications which should be decided by now. An exam that can be
    released is never late: nobody was told a day."""
    is_late = Q(pk__in=())
    for one in institutions:
        is_late |= Q(**{WHERE: one.pk, "expected_on__lt": one.day_of(now)})
    return is_late
