"""What a coach reads before an exam is released: what it is, and what holds from then on."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from exams.assignments import works
from exams.models import Exam, ExamPart
from exams.pages.exam_reading import duration
from exams.releasing import releases, way
from exams.releasing.states import ExamRefused
from exams.releasing.way import Step, Way
from learners.models import Enrolment


@dataclass(frozen=True)
class ReleasePage:
    """The exam that is released to somebody, with its parts and how long each takes; without one
    `why_not` says why none can be."""

    way: Way
    exam: Exam | None = None
    parts: Sequence[tuple[ExamPart, str]] = ()
    why_not: str = ""

    @property
    def lacking(self) -> list[str]:
        """What is lacking; with something lacking it is early."""
        return releases.what_is_lacking(self.way)

    @property
    def is_early(self) -> bool:
        return self.way.step is not Step.TO_RELEASE

    @property
    def may_be_early(self) -> bool:
        """Whether the institution allows an exam to be released early."""
        return self.way.standing.enrolment.organisation.early_release

    @property
    def may_release(self) -> bool:
        """Whether the button is there."""
        return not self.why_not and (self.may_be_early or not self.is_early)


def of(enrolment: Enrolment) -> ReleasePage:
    """Return what is released to somebody."""
    found = way.of(enrolment)
    if not works.goes_on(enrolment):
        return ReleasePage(found, why_not=_("This programme is not followed any more."))
    try:
        exam = releases.newest(enrolment)
    except ExamRefused as refused:
        return ReleasePage(found, why_not=str(refused))
    parts = [(part, duration(part.minutes)) for part in exam.parts.all()]
    return ReleasePage(found, exam, parts)
