"""Cells that two people gave different values: what each of them said, who and when."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from attendance.models import Attendance, AttendanceChange
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


def with_authors(differences: Sequence[Difference]) -> list[dict]:
    """Add to each difference who set the other value, and when; as it is stored."""
    return [asdict(_with_author(difference)) for difference in differences]


def _with_author(difference: Difference) -> Difference:
    finders = {MARK: _who_marked, STATUS: _who_decided}
    by, at = finders.get(difference.cell, _who_noted)(difference)
    return replace(difference, by=by, at=at.isoformat() if at else "")


def _who_marked(difference: Difference) -> tuple[str, datetime | None]:
    cell = {"enrolment": difference.enrolment_id, "meeting": difference.meeting_id}
    mark = Attendance.objects.filter(**cell).select_related("by").first()
    change = mark or AttendanceChange.objects.filter(**cell).select_related("by").first()
    return (change.by.name, change.at) if change else ("", None)


def _who_decided(difference: Difference) -> tuple[str, datetime | None]:
    changes = StudyStatusChange.objects.filter(enrolment=difference.enrolment_id)
    change = changes.select_related("by").order_by("-pk").first()
    return (change.by.name if change.by else "", change.at) if change else ("", None)


def _who_noted(difference: Difference) -> tuple[str, datetime | None]:
    entries = AuditEntry.objects.filter(
        object_type=Enrolment._meta.label_lower,
        object_id=difference.enrolment_id,
        action="attendance.noted",
        changes__has_key=difference.cell,
    )
    entry = entries.select_related("by").order_by("-pk").first()
    return (entry.by.name if entry.by else "", entry.at) if entry else ("", None)
