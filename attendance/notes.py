"""Writing effort and remarks: many at once, with what they were before."""

from collections.abc import Sequence

from django.db.models import Case, F, Value, When

from attendance.steps import NoteStep
from learners import audit
from learners.models import Enrolment, User


def write(*, steps: Sequence[NoteStep], by: User) -> None:
    """Write these efforts and remarks in one statement for each kind, and audit them in another."""
    for name in ("effort", "remark"):
        of_kind = [step for step in steps if step.field == name]
        if not of_kind:
            continue
        rows = Enrolment.objects.filter(pk__in=[step.enrolment.pk for step in of_kind])
        rows.update(**{name: Case(*_written(of_kind), default=F(name))})
    if steps:
        changes = [(step.enrolment, {step.field: [step.before, step.to]}) for step in steps]
        audit.record_each(action="attendance.noted", changes=changes, by=by)


def _written(steps: Sequence[NoteStep]) -> list[When]:
    """Group who gets the same words, so that the statement stays short."""
    by_words: dict[str, list[int]] = {}
    for step in steps:
        by_words.setdefault(step.to, []).append(step.enrolment.pk)
    return [When(pk__in=ids, then=Value(words)) for words, ids in by_words.items()]
