"""Study points: earned once per cause, taken back by a counter-entry, capped by the course.

After every change the total of an account is the smaller of what was earned and the course's
maximum, plus what was granted by ignoring the maximum.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from learners.models import (
    Course,
    PointsOn,
    StudyPointAccount,
    StudyPointEntry,
    StudyStatus,
    StudyStatusChange,
    User,
)

CAUSES_AT_ONCE = 500  # SQLite lets no more than a thousand conditions stand in a row


@dataclass(frozen=True, kw_only=True)
class MaximumIgnored:
    """Permission, asked for on purpose, to grant points over the maximum of a course."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Points that somebody earned, and what for: the same cause earns once."""

    learner_id: int
    course_id: int
    points: int
    cause: str
    at: datetime = field(default_factory=timezone.now)


def completion_points(course: Course) -> int:
    """Return what completing this course earns."""
    return course.study_points if course.points_on == PointsOn.COMPLETION else 0


def follow(
    changes: Sequence[StudyStatusChange],
    *,
    by: User | None,
    ignoring_maximum: MaximumIgnored | None = None,
) -> None:
    """Grant the points of completions among these changes, and take back those that were left."""
    grants = []
    left = []
    for change in changes:
        course = change.enrolment.course
        if course is None:
            continue
        if change.from_status == StudyStatus.COMPLETED:
            left.append(_causes_of(change.enrolment_id))
        elif change.to_status == StudyStatus.COMPLETED and completion_points(course):
            grants.append(
                Grant(
                    learner_id=change.enrolment.learner_id,
                    course_id=course.pk,
                    points=completion_points(course),
                    cause=f"{_causes_of(change.enrolment_id)}{change.pk}",
                    at=change.at,
                )
            )
    if grants:
        grant(grants=grants, by=by, ignoring_maximum=ignoring_maximum)
    for begin in range(0, len(left), CAUSES_AT_ONCE):
        causes = left[begin : begin + CAUSES_AT_ONCE]
        take_back(causes_beginning=causes, by=by, at=changes[0].at)


@transaction.atomic
def grant(
    *, grants: Sequence[Grant], by: User | None, ignoring_maximum: MaximumIgnored | None = None
) -> list[StudyPointEntry]:
    """Write an entry for each grant and settle the accounts."""
    accounts = _locked_accounts({(g.learner_id, g.course_id) for g in grants})
    entries = StudyPointEntry.objects.bulk_create(
        StudyPointEntry(
            account=accounts[g.learner_id, g.course_id],
            points=g.points,
            cause=g.cause,
            ignores_maximum=ignoring_maximum is not None,
            reason=ignoring_maximum.reason if ignoring_maximum else "",
            by=by,
            at=g.at,
        )
        for g in grants
    )
    _settle({account.pk for account in accounts.values()})
    return entries


@transaction.atomic
def take_back(
    *,
    causes_beginning: Collection[str] = (),
    causes: Collection[str] = (),
    by: User | None,
    at: datetime | None = None,
) -> list[StudyPointEntry]:
    """Write a counter-entry for each entry with such a cause that still counts, and settle."""
    named = Q(cause__in=causes)
    for beginning in causes_beginning:
        named |= Q(cause__startswith=beginning)
    counting = StudyPointEntry.objects.filter(named, reverses=None, reversed_by=None)
    pairs = set(counting.values_list("account__learner_id", "account__course_id"))
    if not pairs:
        return []
    accounts = _locked_accounts(pairs)
    entries = StudyPointEntry.objects.bulk_create(
        StudyPointEntry(
            account_id=entry.account_id,
            points=-entry.points,
            cause=f"-{entry.cause}",
            ignores_maximum=entry.ignores_maximum,
            reverses=entry,
            by=by,
            at=at or timezone.now(),
        )
        for entry in counting
    )
    _settle({account.pk for account in accounts.values()})
    return entries


def room_left(course: Course, learner_ids: Collection[int]) -> dict[int, int | None]:
    """Return how many points each learner can still earn with this course; None without maximum."""
    if course.maximum_study_points is None:
        return dict.fromkeys(learner_ids)
    entries = StudyPointEntry.objects.filter(
        account__course=course, account__learner__in=learner_ids, ignores_maximum=False
    )
    earned = dict(entries.values_list("account__learner").annotate(Sum("points")).order_by())
    return {pk: max(0, course.maximum_study_points - earned.get(pk, 0)) for pk in learner_ids}


def _causes_of(enrolment_id: int) -> str:
    return f"completion:{enrolment_id}:"


def _locked_accounts(
    pairs: Collection[tuple[int, int]],
) -> dict[tuple[int, int], StudyPointAccount]:
    """Open the accounts that are missing and lock them all, in the order of who and what they are
    of: one upsert, which changes nothing in those that were there."""
    accounts = StudyPointAccount.objects.bulk_create(
        [
            StudyPointAccount(learner_id=learner, course_id=course)
            for learner, course in sorted(pairs)
        ],
        update_conflicts=True,
        unique_fields=["learner", "course"],
        update_fields=["course"],
    )
    return {(account.learner_id, account.course_id): account for account in accounts}


def _settle(account_ids: Collection[int]) -> None:
    """Write the total of each account from its ledger, in one statement."""

    def earned(*, ignoring: bool) -> Coalesce:
        entries = StudyPointEntry.objects.filter(account=OuterRef("pk"), ignores_maximum=ignoring)
        summed = entries.order_by().values("account").annotate(sum=Sum("points")).values("sum")
        return Coalesce(Subquery(summed), 0)

    maximum = Subquery(Course.objects.filter(pk=OuterRef("course")).values("maximum_study_points"))
    accounts = StudyPointAccount.objects.filter(pk__in=account_ids)
    accounts.alias(within=earned(ignoring=False), maximum=maximum).update(
        total=Case(
            When(Q(maximum__isnull=False) & Q(within__gt=F("maximum")), then=F("maximum")),
            default=F("within"),
        )
        + earned(ignoring=True)
    )
