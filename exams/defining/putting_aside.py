"""Putting assignments aside and bringing them back, with whom that touches.

Put aside, an assignment is asked of nobody who has not handed it in, and leaves their total of XP;
for who did it stays, and a draft stays to be read. Themes in which nothing stands may go
altogether.
"""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from exams.models import Assignment, Draft, Theme
from learners import audit
from learners.models import User


@transaction.atomic
def archive(*, assignments: Collection[Assignment], by: User, reason: str = "") -> int:
    """Ask these of nobody any more who has not handed them in; return how many it were."""
    rows = _locked(assignments, is_archived=False)
    _set(rows, timezone.now())
    audit.record_all(action="exams.assignment_archived", on=rows, by=by, reason=reason)
    return len(rows)


def drafts_in(assignments: Collection[Assignment]) -> Mapping[int, int]:
    """Return how many drafts of these stay with their writers, who have not handed anything in, by
    assignment, in one query."""
    rows = Draft.objects.unsent().filter(work__assignment__in=assignments, work__number=0)
    counted = rows.order_by().values_list("work__assignment").annotate(n=Count("pk"))
    return dict(counted)


@transaction.atomic
def bring_back(*, assignments: Collection[Assignment], by: User, reason: str = "") -> int:
    """Ask these again of everybody whom their versions are for; return how many it were."""
    rows = _locked(assignments, is_archived=True)
    _set(rows, None)
    audit.record_all(action="exams.assignment_brought_back", on=rows, by=by, reason=reason)
    return len(rows)


@transaction.atomic
def remove_empty(*, themes: Collection[Theme], by: User) -> int:
    """Remove the themes among these in which nothing stands; return how many it were."""
    keys = [theme.pk for theme in themes]
    empty = Theme.objects.filter(pk__in=keys, assignments=None, theme_courses=None)
    rows = list(empty.order_by("pk"))
    audit.record_all(action="exams.theme_removed", on=rows, by=by)
    Theme.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _locked(assignments: Collection[Assignment], *, is_archived: bool) -> list[Assignment]:
    rows = Assignment.objects.filter(pk__in=[one.pk for one in assignments])
    rows = rows.filter(archived_at__isnull=not is_archived)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def _set(rows: Collection[Assignment], at: object) -> None:
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(archived_at=at)
