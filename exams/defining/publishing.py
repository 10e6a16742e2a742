"""Publishing versions of assignments: whom a new one touches, what it still lacks, and the act.
Only administrators do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.models import Assignment, AssignmentVersion, Reaches, Work, WorkState
from learners import audit
from learners.models import Enrolment, Programme, User
from learners.models.enrolment import EnrolmentQuerySet

COPIED = (
    *("title_nl", "title_en", "task_nl", "task_en", "expected_nl", "expected_en"),
    *("xp", "answer", "is_reviewed"),
)
NEVER_HANDED_IN = Q(number=0) & ~Q(state=WorkState.EXEMPT)
IMPROVING = Q(state=WorkState.SENT_BACK)
KEEPS = Q(number__gt=0) & ~IMPROVING & ~Q(state=WorkState.EXEMPT)


class DefinitionRefused(Exception):
    """This cannot be published, changed or put aside; the message says why."""


@dataclass(frozen=True)
class Touched:
    """How many people who follow a programme a new version could reach, and how many have handed in
    another and keep that."""

    not_handed_in: int = 0
    improving: int = 0
    keeping: int = 0

    @property
    def people(self) -> int:
        """All of them; who is exempt is not among them."""
        return self.not_handed_in + self.improving + self.keeping


def begin(*, assignment: Assignment, by: User) -> AssignmentVersion:
    """Return the version that is being made: the draft, else a copy of the newest."""
    return draft_of(assignment) or _copy(assignment, by)


def draft_of(assignment: Assignment) -> AssignmentVersion | None:
    """Return the version that is not published yet, if there is one."""
    return assignment.versions.filter(published_at=None).first()


@transaction.atomic
def _copy(assignment: Assignment, by: User) -> AssignmentVersion:
    Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if being_made := draft_of(assignment):
        return being_made
    last = assignment.versions.first()
    values = {name: getattr(last, name) for name in COPIED} if last else {}
    number = last.number + 1 if last else 1
    made = AssignmentVersion.objects.create(assignment=assignment, number=number, **values)
    audit.record(action="exams.version_begun", on=made, by=by)
    return made


def touched_by(version: AssignmentVersion) -> Touched:
    """Say with numbers whom publishing this version could reach."""
    return touched_by_many([version.assignment])[version.assignment_id]


def touched_by_many(assignments: Collection[Assignment]) -> dict[int, Touched]:
    """Say so of a new version of each of these, by assignment, in two queries."""
    people_here = following({one.programme_id for one in assignments})
    counted = people_here.order_by().values_list("programme").annotate(n=Count("pk"))
    people = dict(counted)
    works = Work.objects.filter(assignment__in=assignments, enrolment__in=people_here.values("pk"))
    numbers = {row["assignment"]: row for row in _counted(works)}
    return {
        one.pk: _touched(people.get(one.programme_id, 0), numbers.get(one.pk, {}))
        for one in assignments
    }


def following(programmes: Collection[int | Programme]) -> EnrolmentQuerySet:
    """Keep who follows one of these programmes now."""
    return Enrolment.objects.followed().filter(programme__in=programmes)


def _counted(works: object) -> Collection[Mapping[str, int]]:
    by_assignment = works.order_by().values("assignment")  # type: ignore[attr-defined]
    return by_assignment.annotate(
        begun=Count("pk", filter=~NEVER_HANDED_IN),
        improving=Count("pk", filter=IMPROVING),
        keeping=Count("pk", filter=KEEPS),
    )


def _touched(people: int, row: Mapping[str, int]) -> Touched:
    """Of those who follow the programme, who is exempt counts nowhere."""
    return Touched(people - row.get("begun", 0), row.get("improving", 0), row.get("keeping", 0))


@transaction.atomic
def publish(
    *,
    version: AssignmentVersion,
    by: User,
    reaches: str = Reaches.NOT_HANDED_IN,
    at: datetime | None = None,
) -> AssignmentVersion:
    """Publish a version for these people; from then on it is frozen. Published already, it stays as
    it is. Raises `DefinitionRefused` where something is missing."""
    locked = AssignmentVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if locked.is_frozen:
        return locked
    if why := whats_missing(locked):
        raise DefinitionRefused(why)
    locked.published_at, locked.reaches = at or timezone.now(), Reaches(reaches)
    locked.save(update_fields=["published_at", "reaches"])
    audit.record(
        action="exams.version_published", on=locked, by=by, changes={"reaches": str(reaches)}
    )
    return locked


def whats_missing(version: AssignmentVersion) -> str:
    """Say why a version cannot be published; '' where it can."""
    if version.assignment.archived_at:
        return _("The assignment was archived. Bring it back first.")
    if not version.title_nl.strip():
        return _("It has no Dutch title yet.")
    if not version.task_nl.strip():
        return _("It has no task in Dutch yet.")
    return ""
