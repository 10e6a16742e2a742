"""Writing effort and remarks: many at once, with what they were before."""

from collections.abc import Sequence

from django.db.models import Case, F, Value, When

from attendance.marking.steps import NoteStep
from learners import audit
from learners.models import Enrolment, User


def write(*, steps: Sequence[NoteStep], by: User) -> None:
    """Write these efforts and remarks in one statement, and audit them in another."""
    if not steps:
        return
    of_field: dict[str, list[NoteStep]] = {}
    for step in steps:
        of_field.setdefault(step.field, []).append(step)
    written = {name: Case(*_written(some), default=F(name)) for name, some in of_field.items()}
    Enrolment.objects.filter(pk__in={step.enrolment.pk for step in steps}).update(**written)
    changes = [(step.enrolment, {step.field: [step.before, step.to]}) for step in steps]
    audit.record_each(action="attendance.noted", changes=changes, by=by)


def _written(steps: Sequence[NoteStep]) -> list[When]:
    """Group who gets the same words, so that the statement stays short."""
    by_words: dict[str, list[int]] = {}
    for step in steps:
        by_words.setdefault(step.to, []).append(step.enrolment.pk)
    return [When(pk__in=ids, then=Value(words)) for words, ids in by_words.items()]
