"""Versions of an exam: begun as a copy, published, thrown away. Only administrators do.

What was published is frozen with its parts, its form and its scale: it may have been released.
"""

from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.defining import completeness
from exams.defining.publishing import DefinitionRefused
from exams.models import Exam, ExamPart
from learners import audit
from learners.models import Programme, User

Row = TypeVar("Row", bound=Model)
ITS_OWN = frozenset({"id", "number", "created_at", "published_at"})


@transaction.atomic
def begin(*, programme: Programme, by: User) -> Exam:
    """Return the version that is being made: the one there is, else a copy of the newest with all
    that it asks."""
    Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    if being_made := draft_of(programme):
        return being_made
    last = programme.exams.first()
    number = last.number + 1 if last else 1
    made = _copied(last, number=number) if last else Exam.objects.create(programme=programme)
    for part in last.parts.all() if last else ():
        _copy_part(part, made)
    audit.record(action="exams.exam_begun", on=made, by=by)
    return made


def draft_of(programme: Programme) -> Exam | None:
    """Return the version that is not published yet, if there is one."""
    return programme.exams.filter(published_at=None).first()


def locked(exam: Exam) -> Exam:
    """Return an exam that nobody else changes or publishes meanwhile. Raises `DefinitionRefused`
    where it was published, or thrown away."""
    found = Exam.objects.select_for_update(of=("self",)).filter(pk=exam.pk).first()
    if found is None:
        raise DefinitionRefused(_gone())
    if found.is_frozen:
        raise DefinitionRefused(
            _("This version was published meanwhile. Copy what you typed, and make a new one.")
        )
    return found


@transaction.atomic
def publish(*, exam: Exam, by: User, at: datetime | None = None) -> Exam:
    """Publish a version; from then on it is frozen, on the scale that holds now, and it is the one
    that is released. Published already, it stays as it is. Raises `DefinitionRefused` with all that
    is missing."""
    rows = Exam.objects.select_related("programme__organisation")
    found = rows.select_for_update(of=("self",)).filter(pk=exam.pk).first()
    if found is None:
        raise DefinitionRefused(_gone())
    if found.is_frozen:
        return found
    if missing := completeness.whats_missing(found):
        raise DefinitionRefused(" ".join(one.said for one in missing))
    found.scale = found.grade_scale if found.is_taken_here else found.scale
    found.published_at = at or timezone.now()
    found.save(update_fields=["scale", "published_at"])
    changes = {"number": found.number, "scale": found.scale}
    audit.record(action="exams.exam_published", on=found, by=by, changes=changes)
    return found


@transaction.atomic
def throw_away(*, exam: Exam, by: User) -> None:
    """Remove a version that is being made, with all in it. Raises `DefinitionRefused` for one that
    was published."""
    found = locked(exam)
    audit.record(action="exams.exam_thrown_away", on=found, by=by)
    found.delete()


@transaction.atomic
def remove_part(*, part: ExamPart, by: User) -> None:
    """Remove a part of a version that is being made. Raises `DefinitionRefused` where that was
    published."""
    locked(part.exam)
    audit.record(action="exams.exampart_removed", on=part, by=by)
    part.delete()


def _gone() -> str:
    return _("This version was thrown away meanwhile.")


def _copy_part(part: ExamPart, exam: Exam) -> None:
    made = _copied(part, exam=exam)
    for rows in (part.pages, part.expected_files, part.criteria):
        for row in rows.all():
            _copied(row, part=made)


def _copied(row: Row, **other: object) -> Row:
    """Store a copy of a row, in which this is otherwise."""
    names = [f.attname for f in row._meta.concrete_fields if f.name not in ITS_OWN | other.keys()]
    values = {name: getattr(row, name) for name in names}
    return type(row)._default_manager.create(**{**values, **other})
