"""Who belongs to a group today, worked out in the database."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from certifications.models import Cycle, Fulfilment, Group, GroupKind, cycle_states
from learners.catalogue import versions
from learners.models import Enrolment, Membership, Role, StudyStatusChange, User
from learners.models.enrolment import EnrolmentQuerySet

BATCH = 1_000
SHOWN = ("pk", "name", "sort_name", "email", "is_active")


def people_of(group: Group) -> QuerySet[User]:
    """Keep who belongs to a group today, also who may not sign in any more.

    A newer version of a course counts as that course; completing it counts once others may see it,
    and so does an exemption; a certification is held for as long as it is valid.
    """
    return User.objects.filter(pk__in=_keys(group), pseudonymised_at=None)


def _keys(group: Group) -> QuerySet:
    match group.group:
        case GroupKind.ROLE:
            here = Membership.objects.filter(organisation=group.organisation_id, role=group.role)
            return here.values("user")
        case GroupKind.ENROLLED:
            return _in(group).open().filter(archived_at=None).values("learner")
        case GroupKind.COMPLETED:
            waiting = StudyStatusChange.objects.waiting().filter(enrolment=OuterRef("pk"))
            return _in(group).done().filter(~Exists(waiting)).values("learner")
    is_valid = Q()
    for state in cycle_states.VALID:
        is_valid |= cycle_states.where(state)
    holding = Cycle.objects.filter(is_valid, assignment__certification=group.held_id)
    return holding.values("assignment__learner")


def _in(group: Group) -> EnrolmentQuerySet:
    """Keep the enrolments in what a group is about."""
    if group.programme_id is not None:
        return Enrolment.objects.filter(programme=group.programme_id)
    newer = versions.stand_ins().items()
    same = {group.course_id, *(new for new, old in newer if group.course_id in old)}
    return Enrolment.objects.filter(course__in=same)


def in_silence(group: Group, people: Collection[User]) -> set[int]:
    """Return who of these people belongs to a group by something that is told nobody: one query.

    Who has a role, or is enrolled, belongs to it by the first of their enrolments; who completed a
    course by the first time, who holds a certification by the last result that counts for it.
    """
    behind = StudyStatusChange.objects.filter(
        enrolment__in=_behind(group), enrolment__learner__in=people
    )
    is_born = group.group in (GroupKind.ROLE, GroupKind.ENROLLED)
    of_enrolment: dict[int, StudyStatusChange] = {}
    for change in behind.select_related("enrolment").order_by("-pk" if is_born else "pk"):
        of_enrolment[change.enrolment_id] = change
    in_turn = sorted(of_enrolment.values(), key=_turn)
    if group.group != GroupKind.HOLDS:
        in_turn.reverse()
    tells = {change.enrolment.learner_id: change.tells_learner for change in in_turn}
    return {learner for learner, is_told in tells.items() if not is_told}


def _turn(change: StudyStatusChange) -> tuple[datetime, int]:
    return change.handled_at or change.due_at or change.at, change.pk


def _behind(group: Group) -> QuerySet[Enrolment]:
    """Keep the enrolments by which people belong to a group; nobody teaches by one."""
    match group.group:
        case GroupKind.ROLE:
            here = Q(course__organisation=group.organisation_id)
            here |= Q(programme__organisation=group.organisation_id)
            mine = Enrolment.objects.filter(here)
            return mine if group.role == Role.LEARNER else mine.none()
        case GroupKind.ENROLLED:
            return _in(group).open()
        case GroupKind.COMPLETED:
            return _in(group).done()
    counting = Fulfilment.objects.filter(cycle__assignment__certification=group.held_id)
    return Enrolment.objects.filter(pk__in=counting.values("enrolment"))


def batches(people: QuerySet[User]) -> Iterator[list[User]]:
    """Yield people by name, so many at a time that memory stays flat: a query for each batch."""
    rows = people.order_by("sort_name", "pk").only(*SHOWN)
    after = Q()
    while found := list(rows.filter(after)[:BATCH]):
        yield found
        last = found[-1]
        after = Q(sort_name__gt=last.sort_name) | Q(sort_name=last.sort_name, pk__gt=last.pk)
