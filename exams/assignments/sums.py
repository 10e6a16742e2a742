"""XP of very many people, as sums in the database: for a chart, a count or an order. Where one
person stands is said by `standing` alone.

What is earned is exact. What they are exempt of, and all that there is, is counted by the newest
version of each assignment.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import (
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan

from exams.models import Assignment, AssignmentVersion, ExamPlan, ExperienceEntry, Work, WorkState
from learners.models import Programme
from learners.models.enrolment import EnrolmentQuerySet


@dataclass(frozen=True)
class Scale:
    """How many XP there are in a programme, and from how many its exam is in reach; None where no
    exam depends on them."""

    whole: int
    planned: int | None

    @property
    def needed(self) -> int:
        """XP from which the exam is in reach for who is exempt of nothing."""
        return min(self.planned or 0, self.whole)

    def is_in_reach(self, earned: int, exempt: int) -> bool:
        """Whether so many XP are enough for who is exempt of so many."""
        return not self.whole or (earned + 1) * self.whole > self.needed * (self.whole - exempt)

    def narrowed(self, people: EnrolmentQuerySet, *, in_reach: bool) -> EnrolmentQuerySet:
        """Keep those who have the exam in reach, or those who have not, of people whom `with_xp`
        fetched."""
        whole = Value(max(1, self.whole))
        have = (F("earned") + 1) * whole
        ask = Value(self.needed) * (whole - F("exempt_xp"))
        is_past = GreaterThan(have, ask)
        return people.filter(is_past if in_reach else ~Q(is_past))


@dataclass(frozen=True)
class Share:
    """How many people of a programme have earned so many XP, exempt of so many."""

    programme_id: int
    earned: int
    exempt: int
    people: int


def with_scale(programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    """Add how many XP there are in each of these programmes."""
    asked = Assignment.objects.filter(programme=OuterRef("pk"), archived_at=None).order_by()
    summed = asked.annotate(xp=_newest_xp("pk")).values("programme").annotate(n=Sum("xp"))
    whole = Coalesce(Subquery(summed.values("n"), output_field=IntegerField()), 0)
    return programmes.select_related("organisation", "exam_plan").annotate(whole_xp=whole)


def scale_of(programme: Programme) -> Scale:
    """Return the scale of a programme that `with_scale` fetched."""
    plan: ExamPlan | None = getattr(programme, "exam_plan", None)
    whole: int = programme.whole_xp  # type: ignore[attr-defined]
    return Scale(whole, plan.needed_xp if plan else None)


def with_xp(people: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Add the XP that each of these people earned, and those of what they are exempt of."""
    entries = ExperienceEntry.objects.filter(work__enrolment=OuterRef("pk"))
    earned = entries.exclude(work__state=WorkState.EXEMPT).order_by()
    exempt = Work.objects.filter(enrolment=OuterRef("pk"), state=WorkState.EXEMPT).order_by()
    xp = Coalesce("experience__xp", "version__xp", _newest_xp("assignment"))
    return people.annotate(
        earned=_summed(earned.values("work__enrolment").annotate(n=Sum("xp"))),
        exempt_xp=_summed(exempt.annotate(xp=xp).values("enrolment").annotate(n=Sum("xp"))),
    )


def shares_of(people: EnrolmentQuerySet) -> Iterable[Share]:
    """Return how XP are spread over people: one query, one row for each number of XP."""
    fields = ("programme", "earned", "exempt_xp")
    rows = with_xp(people).order_by().values_list(*fields)
    return [Share(*row) for row in rows.annotate(n=Count("pk")).values_list(*fields, "n")]


def has_assignments() -> Q:
    """Keep enrolments in programmes in which assignments are asked."""
    asked = Assignment.objects.published().filter(archived_at=None)
    return Q(programme__in=asked.values("programme"))


def _summed(rows: QuerySet) -> Coalesce:
    return Coalesce(Subquery(rows.values("n"), output_field=IntegerField()), 0)


def _newest_xp(assignment: str) -> Subquery:
    """Return the XP of the newest version that was published of an assignment."""
    newest = AssignmentVersion.objects.published().filter(assignment=OuterRef(assignment))
    return Subquery(newest.order_by("-number").values("xp")[:1])
