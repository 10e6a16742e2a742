"""What makes minutes late, minutes early and an excuse impossible to save."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from attendance.marking.registers import MeetingColumn
from attendance.marking.values import ABSENT, NOTHING, PRESENT, MarkValue, read_minutes
from attendance.models import A_DAY, LONGEST_EXCUSE
from attendance.register.bases import read_base
from attendance.register.plans import Plan
from attendance.register.problems import Problem
from attendance.register.rows import TypedRow
from learners.telling.days import day


def find_problems(plan: Plan) -> Iterator[Problem]:
    """Return what is wrong with the details that were typed, row by row."""
    for pk, row in plan.typed.rows.items():
        if pk in plan.people and row.touches_details:
            for where, text in _of_row(plan, row):
                yield Problem(where=where, text=text, enrolment_id=pk)


def _of_row(plan: Plan, row: TypedRow) -> Iterator[tuple[str, str]]:
    unreadable = [name for name in ("late", "early") if not _is_number(getattr(row, name))]
    for name in unreadable:
        yield name, _("Write a whole number of minutes, as in 10.")
    if row.excuse and len(row.excuse) > LONGEST_EXCUSE:
        yield "excuse", _("Use at most %(n)d characters.") % {"n": LONGEST_EXCUSE}
    if row.says_minutes and row.says_excused:
        yield "excused", _("Somebody was either there for a part, or absent and excused.")
    elif not unreadable:
        shown = read_base(row.base).marks
        for column in plan.meetings:
            value, _version = shown.get(column.pk, (NOTHING, 0))
            if problem := _at_meeting(column, row, value):
                yield problem
                return


def _is_number(text: str | None) -> bool:
    return text is None or read_minutes(text) is not None


def _at_meeting(column: MeetingColumn, row: TypedRow, shown: MarkValue) -> tuple[str, str] | None:
    """Say what cannot be true of one meeting; what was shown there counts where nobody ticked."""
    presence = row.mark or shown.presence
    if row.says_minutes and presence == ABSENT:
        return "late", _("Minutes belong to who was present. Tick “Present” as well.")
    if row.says_excused and presence == PRESENT:
        return "excused", _("Only who was absent can be excused. Take “Present” away as well.")
    meeting = column.meeting
    length = min(A_DAY, round((meeting.ends_at - meeting.begins_at).total_seconds() / 60))
    if row.over(shown).minutes >= length:
        where = "late" if row.late else "early"
        said = {"day": day(meeting.begins_at), "n": length}
        return where, _(
            "The meeting of %(day)s lasts %(n)d minutes. Who missed all of them was absent."
        ) % said
    return None
