"""XP of very many people, as sums in the database: for a chart, a count or an order. Where one
person stands is said by `standing` alone.

The numbers are those of `standing`. The scale of a programme holds for who enrols now; who is asked
something else, as versions or assignments changed, has a difference from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Greatest, Least
from django.db.models.lookups import GreaterThan

from exams.models import (
    Assignment,
    AssignmentVersion,
    ExamPlan,
    ExperienceEntry,
    HandIn,
    Reaches,
    Work,
    WorkState,
)
from learners.models import Programme
from learners.models.enrolment import EnrolmentQuerySet


@dataclass(frozen=True)
class Scale:
    """How many XP there are in a programme, and from how many its exam is in reach, None where no
    exam depends on them; `varies` where its assignments may not ask the same of everybody."""

    whole: int
    planned: int | None
    varies: bool = True

    @property
    def needed(self) -> int:
        """XP from which the exam is in reach for who is exempt of nothing."""
        return min(self.planned or 0, self.whole)

    def needed_of(self, share: "Share") -> int:
        """XP from which the exam is in reach for somebody, as `Standing.needed` says."""
        whole = self.whole + share.other
        total = whole - share.exempt
        return min((self.planned or 0) * total // whole, total) if whole else 0

    def is_in_reach(self, share: "Share") -> bool:
        """Whether somebody has enough XP."""
        return share.earned >= self.needed_of(share)

    def narrowed(self, people: EnrolmentQuerySet, *, in_reach: bool) -> EnrolmentQuerySet:
        """Keep those who have the exam in reach, or those who have not, of people whom `with_xp`
        fetched."""
        is_past = _is_past(Value(self.whole), Value(self.planned or 0))
        return people.filter(is_past if in_reach else ~Q(is_past))


@dataclass(frozen=True)
class Share:
    """How many people of a programme have earned so many XP, exempt of so many; `other` is by how
    many XP what they are asked differs from what who enrols now is asked."""

    programme_id: int
    earned: int
    exempt: int
    people: int
    other: int = 0


def with_scale(programmes: QuerySet[Programme]) -> QuerySet[Programme]:
    """Add how many XP there are in each of these programmes, and whether that varies."""
    varies = Exists(_changing().filter(programme=OuterRef("pk")))
    rows = programmes.select_related("organisation", "exam_plan")
    return rows.annotate(whole_xp=_whole("pk"), varies=varies)


def scale_of(programme: Programme) -> Scale:
    """Return the scale of a programme that `with_scale` fetched."""
    plan: ExamPlan | None = getattr(programme, "exam_plan", None)
    whole: int = programme.whole_xp  # type: ignore[attr-defined]
    varies: bool = programme.varies  # type: ignore[attr-defined]
    return Scale(whole, plan.needed_xp if plan else None, varies)


def with_xp(people: EnrolmentQuerySet, *, varies: bool = True) -> EnrolmentQuerySet:
    """Add the XP that each of these people earned, those of what they are exempt of, and by how
    many XP what they are asked differs from what who enrols now is asked. Where nothing `varies` in
    their programmes, that is none, and an assignment gives what its one version does."""
    entries = ExperienceEntry.objects.filter(work__enrolment=OuterRef("pk"))
    earned = entries.exclude(work__state=WorkState.EXEMPT).order_by()
    theirs = Work.objects.filter(enrolment=OuterRef("pk")).order_by()
    xp = _xp_of_work() if varies else _newest_xp("assignment")
    exempt = theirs.filter(state=WorkState.EXEMPT).annotate(xp=xp)
    return people.annotate(
        earned=_summed(earned.values("work__enrolment").annotate(n=Sum("xp"))),
        exempt_xp=_summed(exempt.values("enrolment").annotate(n=Sum("xp"))),
        other_xp=_other(theirs) if varies else Value(0),
    )


def in_reach(people: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Keep those who have the exam in reach, each on the scale of their own programme."""
    planned = Coalesce("programme__exam_plan__needed_xp", 0)
    scaled = with_xp(people).annotate(whole_xp=_whole("programme"), planned_xp=planned)
    return scaled.filter(_is_past(F("whole_xp"), F("planned_xp")))


def shares_of(people: EnrolmentQuerySet, *, varies: bool = True) -> Iterable[Share]:
    """Return how XP are spread over people: one query, one row for each number of XP."""
    fields = ("programme", "earned", "exempt_xp", "other_xp")
    rows = with_xp(people, varies=varies).order_by().values_list(*fields).annotate(n=Count("pk"))
    return [Share(*row) for row in rows.values_list(*fields[:3], "n", "other_xp")]


def has_assignments() -> Q:
    """Keep enrolments in programmes in which assignments are asked."""
    asked = Assignment.objects.published().filter(archived_at=None)
    return Q(programme__in=asked.values("programme"))


def _is_past(whole_xp: Value | F, planned_xp: Value | F) -> GreaterThan:
    """Say in a query of people whom `with_xp` fetched who has enough XP on this scale."""
    whole = whole_xp + F("other_xp")
    planned = Least(planned_xp, whole)
    have = (F("earned") + 1) * Greatest(whole, Value(1))
    return GreaterThan(have, planned * (whole - F("exempt_xp")))


def _whole(programme: str) -> Coalesce:
    """Return how many XP there are in a programme for who enrols now."""
    asked = Assignment.objects.filter(programme=OuterRef(programme), archived_at=None).order_by()
    summed = asked.annotate(xp=_newest_xp("pk")).values("programme").annotate(n=Sum("xp"))
    return _summed(summed)


def _summed(rows: QuerySet) -> Coalesce:
    return Coalesce(Subquery(rows.values("n"), output_field=IntegerField()), 0)


def _other(works: QuerySet[Work]) -> CombinedExpression:
    """Return by how many XP what somebody is asked differs, as they handed in these works and as
    they did nothing yet."""
    handed_in = works.filter(number__gt=0, assignment__in=_changing())
    moved = handed_in.annotate(xp=_xp_of_work() - _unmade_xp())
    return _summed(moved.values("enrolment").annotate(n=Sum("xp"))) + _summed(_earlier())


def _newest_xp(assignment: str) -> Subquery:
    """Return the XP of the newest version that was published of an assignment."""
    return _newest(AssignmentVersion.objects.filter(assignment=OuterRef(assignment)))


def _newest(versions: QuerySet[AssignmentVersion]) -> Subquery:
    published = versions.filter(published_at__isnull=False)
    return Subquery(published.order_by("-number").values("xp")[:1])


def _reaching(enrolled_at: OuterRef) -> Q:
    """Keep the versions that reach who enrolled at a moment and handed nothing in, as
    `applying.version_for` says."""
    return ~Q(reaches=Reaches.NEW) | Q(published_at__lte=enrolled_at)


def _unmade_xp() -> Coalesce:
    """Return what the assignment of a work would give its learner had they handed nothing in: 0
    where it is not asked of who has not."""
    reaching = AssignmentVersion.objects.filter(_reaching(OuterRef("enrolment__created_at")))
    asked = reaching.filter(assignment=OuterRef("assignment"), assignment__archived_at=None)
    return Coalesce(_newest(asked), 0)


def _xp_of_work() -> Case:
    """Return what a work gives, as `Asked.xp` says: what the version gives that was handed in
    first."""
    first = HandIn.objects.filter(work=OuterRef("pk"), number=1).values("version__xp")
    made = Coalesce("experience__xp", Subquery(first))
    return Case(When(number__gt=0, then=made), default=_unmade_xp())


def _changing() -> QuerySet:
    """Return the assignments that do not ask the same of everybody; of others nothing differs."""
    several = AssignmentVersion.objects.filter(Q(number__gt=1) | Q(reaches=Reaches.NEW))
    published = several.filter(published_at__isnull=False)
    asked = Assignment.objects.filter(Q(archived_at__isnull=False) | Q(versions__in=published))
    return asked.order_by().values("pk")


def _earlier() -> QuerySet:
    """Return by how many XP what somebody is asked differs before they hand anything in, as some
    versions are for who enrolled later."""
    reaching = AssignmentVersion.objects.filter(_reaching(OuterRef(OuterRef("created_at"))))
    theirs = Coalesce(_newest(reaching.filter(assignment=OuterRef("pk"))), 0)
    later = AssignmentVersion.objects.filter(
        assignment=OuterRef("pk"), reaches=Reaches.NEW, published_at__isnull=False
    )
    here = Assignment.objects.filter(programme=OuterRef("programme"), archived_at=None).order_by()
    differ = here.filter(Exists(later)).annotate(xp=theirs - _newest_xp("pk"))
    return differ.values("programme").annotate(n=Sum("xp"))
