"""How somebody stands on the way to their exam, for lists where a query is dear: read along with
their enrolments, with no more of samples and attempts than says which step it is, since and until
when."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from exams.assignments.standing import Standing
from exams.models import Application, Attempt, Exam, Sample
from exams.releasing.way import Way, newest_samples
from learners.models import Enrolment
from learners.models.enrolment import EnrolmentQuerySet

OF_ATTEMPT = ("state", "reason", "released_at", "started_at", "exam__kind")
OF_SAMPLE = (
    *("state", "number", "drawn_at", "decided_at", "expected_on"),
    *("has_unimproved", "answers"),
)
OF_APPLICATION = ("applied_at", "expected_on")


def annotated(enrolments: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Add to enrolments what `of` reads of their way."""
    mine = {"enrolment": OuterRef("pk")}
    return enrolments.annotate(
        **_first("attempt", Attempt.objects.filter(**mine).order_by("-number"), OF_ATTEMPT),
        **_first("sample", newest_samples().filter(**mine), OF_SAMPLE),
        **_first("asked", Application.objects.filter(**mine, sample=None), OF_APPLICATION),
    )


def of(standing: Standing) -> Way:
    """Return how somebody stands on their way, of whose enrolment `annotated` was fetched."""
    return _way(standing, standing.enrolment.__dict__)


def is_released(enrolment: Enrolment) -> bool:
    """Whether an exam was released, of an enrolment of which `annotated` was fetched."""
    return enrolment.attempt__state is not None  # type: ignore[attr-defined]


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
