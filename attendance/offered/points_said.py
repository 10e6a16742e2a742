"""What study points were given for, where a mark gave them: at which meeting somebody was."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from attendance.models import AttendanceChange
from learners.models import StudyPointEntry
from learners.studying.point_accounts import MARK
from learners.telling.days import day


def words(entries: Sequence[StudyPointEntry]) -> dict[int, str]:
    """Say for which meeting each of these entries was given or taken back: one query."""
    marks = {
        entry.pk: int(cause.removeprefix(MARK))
        for entry in entries
        if (cause := entry.cause.removeprefix("-")).startswith(MARK)
    }
    if not marks:
        return {}
    changes = AttendanceChange.objects.filter(pk__in=set(marks.values()))
    begins = dict(changes.values_list("pk", "meeting__begins_at"))
    return {
        pk: _("present at the meeting of %(day)s") % {"day": day(begins[mark])}
        for pk, mark in marks.items()
        if mark in begins
    }
