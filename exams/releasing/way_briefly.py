"""How somebody stands on the way to their exam, for lists where a query is dear: one for any number
of people, with no more of samples and attempts than says which step it is, since and until when."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from exams.assignments.standing import Standing
from exams.models import Application, Attempt, Exam, Sample
from exams.releasing.way import Way, newest_samples
from learners.models import Enrolment

OF_ATTEMPT = ("state", "reason", "released_at", "started_at", "exam__kind")
OF_SAMPLE = (
    *("state", "number", "drawn_at", "decided_at", "expected_on"),
    *("has_unimproved", "answers"),
)
OF_APPLICATION = ("applied_at", "expected_on")


def of_many(stands: Iterable[Standing]) -> dict[int, Way]:
    """Return how each of these stands on their way, by enrolment, in one query."""
    known = {one.enrolment.pk: one for one in stands}
    if not known:
        return {}
    rows = Enrolment.objects.filter(pk__in=known).order_by().values("pk")
    mine = {"enrolment": OuterRef("pk")}
    rows = rows.annotate(
        **_first("attempt", Attempt.objects.filter(**mine).order_by("-number"), OF_ATTEMPT),
        **_first("sample", newest_samples().filter(**mine), OF_SAMPLE),
        **_first("asked", Application.objects.filter(**mine, sample=None), OF_APPLICATION),
    )
    return {row["pk"]: _way(known[row["pk"]], row) for row in rows}


def _first(name: str, rows: QuerySet, fields: Iterable[str]) -> dict[str, Subquery]:
    return {f"{name}__{field}": Subquery(rows.values(field)[:1]) for field in fields}


def _way(standing: Standing, row: Mapping[str, Any]) -> Way:
    """Put together what was read; none of it is ever stored."""
    attempt, sample, asked = (
        {key.removeprefix(f"{name}__"): row[key] for key in row if key.startswith(f"{name}__")}
        for name in ("attempt", "sample", "asked")
    )
    enrolment = standing.enrolment
    exam = Exam(kind=attempt.pop("exam__kind"))
    has_unimproved, answers = sample.pop("has_unimproved"), sample.pop("answers")
    made = Sample(enrolment=enrolment, **sample) if sample["state"] else None
    if made:
        made.answers = answers  # type: ignore[attr-defined]
    return Way(
        standing,
        sample=made,
        application=Application(enrolment=enrolment, **asked) if asked["applied_at"] else None,
        attempt=Attempt(enrolment=enrolment, exam=exam, **attempt) if attempt["state"] else None,
        is_improved=not has_unimproved,
    )
