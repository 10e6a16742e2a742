"""Cells that two people gave different values: what each of them said, who and when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from attendance.models import AttendanceChange
from learners.models import AuditEntry, Enrolment, StudyStatusChange

MARK, STATUS, EFFORT, REMARK = "mark", "status", "effort", "remark"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A cell that somebody else gave another value since the page was shown."""

    enrolment_id: int
    cell: str
    mine: str
    theirs: str
    meeting_id: int | None = None
    by: str = ""
    at: str = ""


Author = tuple[str, datetime | None]


def with_authors(differences: Sequence[Difference]) -> list[dict]:
    """Add to each difference who set the other value, and when; in three queries for all."""
    if not differences:
        return []
    ids = {difference.enrolment_id for difference in differences}
    authors = {**_who_marked(ids), **_who_decided(ids), **_who_noted(ids)}
    return [asdict(_with_author(difference, authors)) for difference in differences]


def _with_author(difference: Difference, authors: Mapping[tuple, Author]) -> Difference:
    key = (difference.enrolment_id, difference.cell, difference.meeting_id)
    by, at = authors.get(key, ("", None))
    return replace(difference, by=by, at=at.isoformat() if at else "")


def _who_marked(ids: Collection[int]) -> dict[tuple, Author]:
    """Return who changed each mark last, also where they took it away."""
    steps = AttendanceChange.objects.filter(enrolment__in=ids).order_by("pk")
    found = steps.values_list("enrolment_id", "meeting_id", "by__name", "at")
    return {(pk, MARK, meeting): (by, at) for pk, meeting, by, at in found}


def _who_decided(ids: Collection[int]) -> dict[tuple, Author]:
    steps = StudyStatusChange.objects.filter(enrolment__in=ids).order_by("pk")
    found = steps.values_list("enrolment_id", "by__name", "at")
    return {(pk, STATUS, None): (by or "", at) for pk, by, at in found}


def _who_noted(ids: Collection[int]) -> dict[tuple, Author]:
    entries = AuditEntry.objects.filter(
        object_type=Enrolment._meta.label_lower, object_id__in=ids, action="attendance.noted"
    ).order_by("pk")
    found = entries.values_list("object_id", "changes", "by__name", "at")
    return {(pk, name, None): (by or "", at) for pk, changes, by, at in found for name in changes}
