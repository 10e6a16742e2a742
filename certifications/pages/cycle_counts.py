"""The numbers of which the sentence about a cycle is made, fetched in the query of the cycle."""

from datetime import datetime

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone

from certifications.cycles import whose_turn
from certifications.models import Evidence, EvidenceState, Fulfilment, Requirement
from certifications.models.cycle import CycleQuerySet
from learners.counting import number_of
from learners.models import CourseKind, Enrolment, Run, StudyStatus


def counted(rows: CycleQuerySet) -> CycleQuerySet:
    """Fetch with each cycle what its sentence is made of: how much is asked, and done."""
    renewing, whole = whose_turn.renewing, whose_turn.whole
    asked, mandatory = (Requirement, "version", "version_id"), Q(is_mandatory=True)
    refused = Evidence.objects.filter(cycle=OuterRef("pk"), state=EvidenceState.REFUSED)
    done_mandatory = Q(requirement__is_mandatory=True)
    return rows.select_related(
        "assignment__certification__organisation", "assignment__learner", "version"
    ).annotate(
        asked=_count(*asked, whole()),
        mandatory=_count(*asked, whole() & mandatory),
        done=number_of(Fulfilment, "cycle", whole("requirement__")),
        asked_anew=_count(*asked, renewing()),
        mandatory_anew=_count(*asked, renewing() & mandatory),
        done_anew=number_of(Fulfilment, "cycle", renewing("requirement__")),
        mandatory_done=number_of(Fulfilment, "cycle", whole("requirement__") & done_mandatory),
        was_refused=Exists(refused),
        can_start=Exists(startable(timezone.now())),
        mandatory_done_anew=number_of(
            Fulfilment, "cycle", renewing("requirement__") & done_mandatory
        ),
    )


def startable(now: datetime) -> QuerySet[Requirement]:
    """Keep what is asked in the cycle at hand, not done, and can be begun or gone on with: not a
    course with meetings whose learner has no place while no run can be chosen."""
    mine = Enrolment.objects.open().filter(
        Q(course=OuterRef("course")) | Q(course__new_version_of=OuterRef("course")),
        learner=OuterRef(OuterRef("assignment__learner")),
    )
    of_course = Q(course=OuterRef("course")) | Q(course__new_version_of=OuterRef("course"))
    begun = mine.exclude(status=StudyStatus.RUN_CHOICE_REQUIRED)
    has_run = Exists(Run.objects.coming(now).filter(of_course))
    asked = Requirement.objects.filter(version=OuterRef("version_id"))
    left = asked.exclude(
        Exists(
            Fulfilment.objects.filter(requirement=OuterRef("pk"), cycle=OuterRef(OuterRef("pk")))
        )
    )
    without_meetings = Q(course=None) | Q(course__kind=CourseKind.ELEARNING)
    return left.filter(without_meetings | Q(has_run) | Q(Exists(begun)))


def _count(model: type, key: str, outer: str, only: Q | None = None) -> Combinable:
    """Count rows of another table that share a key with the row at hand."""
    rows = model._default_manager.filter(only or Q(), **{key: OuterRef(outer)})  # type: ignore[attr-defined]
    counted = rows.order_by().values(key).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
