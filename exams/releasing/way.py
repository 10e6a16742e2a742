"""How somebody stands on the way to their exam: which step they are at, and who acts next. One
reading for the learner's page, the coach's, home and every rule.

locked → in reach → sample → approved → released → started; or refused → improved → asked again.
XP and sample may come in either order: a coach may draw a sample before anybody applies.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from exams.assignments import standing as standings
from exams.assignments.standing import Standing
from exams.models import Application, Attempt, AttemptState, Sample, SampleItem, SampleState
from exams.sampling.samples import NOT_IMPROVED
from learners.models import Enrolment


class Step(Enum):
    """Where somebody is; the first that holds, from the end of the way."""

    STARTED = "started"
    RELEASED = "released"
    TO_RELEASE = "to_release"  # XP and sample suffice: the coach releases
    APPROVED = "approved"  # the sample does, XP does not yet
    SAMPLE = "sample"  # a sample waits for the coach
    ASKED_AGAIN = "asked_again"  # the coach draws a new sample
    IMPROVED = "improved"  # the learner can ask for a new sample
    REFUSED = "refused"  # the learner improves
    IN_REACH = "in_reach"  # the learner can apply
    LOCKED = "locked"  # XP is lacking


WITH_COACH = frozenset({Step.TO_RELEASE, Step.SAMPLE, Step.ASKED_AGAIN})


@dataclass(frozen=True)
class Way:
    """Somebody's way to their exam: their newest sample, their open application, and the attempt
    once the exam was released."""

    standing: Standing
    sample: Sample | None = None
    application: Application | None = None
    attempt: Attempt | None = None
    is_improved: bool = True

    @property
    def step(self) -> Step:
        if self.attempt:
            started = self.attempt.state != AttemptState.RELEASED
            return Step.STARTED if started else Step.RELEASED
        if self.sample and self.sample.is_open:
            return Step.SAMPLE
        if self.has_approved_sample:
            return Step.TO_RELEASE if self.standing.is_in_reach else Step.APPROVED
        if self.application:
            return Step.ASKED_AGAIN
        if self.sample:
            return self._after_refusal
        return Step.IN_REACH if self._may_be_asked else Step.LOCKED

    @property
    def has_approved_sample(self) -> bool:
        return self.sample is not None and self.sample.state == SampleState.APPROVED

    @property
    def is_with_coach(self) -> bool:
        """Whether who coaches them acts next."""
        return self.step in WITH_COACH

    @property
    def is_applied_for(self) -> bool:
        """Whether the newest sample answers an application of its learner."""
        return bool(getattr(self.sample, "answers", False))

    @property
    def may_be_applied_for(self) -> bool:
        """Whether their learner can ask for the exam, or for a new sample."""
        return self.step in (Step.IN_REACH, Step.IMPROVED) and self._may_be_asked

    @property
    def waits_since(self) -> datetime | None:
        """Since when a coach has it; None where none has."""
        if self.step is Step.TO_RELEASE:
            return self.sample.decided_at if self.sample else None
        if self.step is Step.SAMPLE:
            return self.sample.drawn_at if self.sample else None
        return self.application.applied_at if self.application else None

    @property
    def expected_on(self) -> date | None:
        """By when its learner may expect to hear; None where nobody has to say anything."""
        if self.step is Step.SAMPLE and self.sample:
            return self.sample.expected_on
        return self.application.expected_on if self.application else None

    @property
    def _after_refusal(self) -> Step:
        return Step.IMPROVED if self.is_improved else Step.REFUSED

    @property
    def _may_be_asked(self) -> bool:
        found = self.standing
        return found.plan is not None and found.is_in_reach and found.handed_in > 0


def of(enrolment: Enrolment, standing: Standing | None = None) -> Way:
    """Return how somebody stands on the way to their exam: three queries, and those of their
    standing where it is not known."""
    known = standing or standings.of(enrolment)
    return of_many([known])[enrolment.pk]


def of_many(stands: Iterable[Standing]) -> dict[int, Way]:
    """Return how each of these stands on their way, by enrolment, in three queries for any number
    of them."""
    known = {one.enrolment.pk: one for one in stands}
    attempts = _newest(Attempt.objects.select_related("exam"), known)
    samples = _newest(newest_samples(), known)
    asked = Application.objects.filter(enrolment__in=known, sample=None)
    applications = {one.enrolment_id: one for one in asked}
    return {
        pk: Way(
            one,
            sample=samples.get(pk),
            application=applications.get(pk),
            attempt=attempts.get(pk),
            is_improved=not getattr(samples.get(pk), "has_unimproved", False),
        )
        for pk, one in known.items()
    }


def newest_samples() -> QuerySet[Sample]:
    """Return samples, the newest first, with whether something that was refused in them was not
    improved, and whether they answer an application."""
    poor = SampleItem.objects.filter(NOT_IMPROVED, sample=OuterRef("pk"))
    answered = Application.objects.filter(sample=OuterRef("pk"))
    return Sample.objects.annotate(has_unimproved=Exists(poor), answers=Exists(answered))


def _newest(rows: QuerySet, enrolments: Iterable[int]) -> dict[int, Any]:
    """Return the newest of these rows of each enrolment."""
    found = rows.filter(enrolment__in=list(enrolments)).order_by("number")
    return {row.enrolment_id: row for row in found}
