"""Taking a saving of a register back: what nobody changed since becomes what it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.marking import marks, notes, registers
from attendance.marking.steps import MarkStep, NoteStep
from attendance.marking.values import MarkValue
from attendance.models import AttendanceChange, RegisterSaving
from attendance.register.savings import locked
from learners.models import Enrolment, StudyStatusChange, User
from learners.studying import study_status
from learners.studying.study_status import StatusRefused


@dataclass(frozen=True, kw_only=True)
class Undone:
    """What was taken back, and how many cells were not because they changed since."""

    marks: int
    statuses: int
    notes: int
    left: int


class UndoRefused(Exception):
    """It cannot be taken back; says why in the user's language."""


@transaction.atomic
def undo_saving(*, saving: RegisterSaving, by: User) -> Undone:
    """Put back what this saving changed, where nobody changed it since; done twice, done once."""
    run = locked(saving.run, by)
    saving = RegisterSaving.objects.select_for_update(of=("self",)).get(pk=saving.pk)
    if saving.undone_at is not None:
        return Undone(marks=0, statuses=0, notes=0, left=0)
    if not registers.may_write(run, by):
        raise UndoRefused(_("This register is closed. An administrator can open it again."))
    changed = list(saving.mark_changes.all())
    steps = _steps_back(changed)
    notes_back = _notes_back(saving)
    touched = {s.enrolment_id for s in steps} | {s.enrolment.pk for s in notes_back}
    list(Enrolment.objects.filter(pk__in=touched).select_for_update().order_by("pk").values("pk"))
    statuses = _undo_statuses(saving, by)
    people = Enrolment.objects.in_bulk({step.enrolment_id for step in steps})
    marks.write(steps=steps, people=people, run=run, by=by, saving=None)
    notes.write(steps=notes_back, by=by)
    saving.undone_at = timezone.now()
    saving.save(update_fields=["undone_at"])
    return Undone(
        marks=len(steps),
        statuses=len(statuses),
        notes=len(notes_back),
        left=len(changed) - len(steps) + len(saving.summary.get("notes", [])) - len(notes_back),
    )


def _steps_back(changed: Sequence[AttendanceChange]) -> list[MarkStep]:
    standing = marks.current(changed)
    return [
        MarkStep(
            enrolment_id=change.enrolment_id,
            meeting_id=change.meeting_id,
            before=MarkValue.of(change, "to_"),
            to=MarkValue.of(change, "from_"),
            version=change.pk,
        )
        for change in changed
        if change.pk in standing
    ]


def _notes_back(saving: RegisterSaving) -> list[NoteStep]:
    written = saving.summary.get("notes", [])
    people: Mapping[int, Enrolment] = (
        Enrolment.objects.select_related("learner", "course").in_bulk({note[0] for note in written})
        if written
        else {}
    )
    return [
        NoteStep(enrolment=people[pk], field=name, before=to, to=before)
        for pk, name, before, to in written
        if getattr(people[pk], name) == to
    ]


def _undo_statuses(saving: RegisterSaving, by: User) -> list[StudyStatusChange]:
    changes = list(saving.status_changes.all())
    if not changes:
        return []
    try:
        return study_status.undo_changes(changes=changes, by=by, actor=registers.acts_as(by))
    except StatusRefused as refused:
        raise UndoRefused(" ".join(refused.reasons.values())) from refused
