"""The tabs of a programme about its exam: the samples, and what the exam is."""

from django.utils.translation import gettext_lazy as _

from exams.models import Exam
from exams.pages import sampled, way_words
from exams.pages.exam_reading import duration
from exams.pages.programme import ProgrammeWork
from learners.hooks.pages import Section
from learners.telling import markdown


def exam_sections(work: ProgrammeWork) -> list[Section]:
    """Return what the exam is: its announcement, its sort, and its parts; that it is still to be
    published where it leads to one; nothing of a programme without."""
    if not work.leads_to_exam:
        return []
    return [
        Section(
            title=_("The exam"),
            template="exams/programme/_exam.html",
            context=_context(work.exam) if work.exam else {},
            order=5,
        )
    ]


def sample_sections(work: ProgrammeWork) -> list[Section]:
    """Return the samples, a card each, the newest first."""
    shown = sampled.of(work.enrolment, has_exam=work.way.attempt is not None)
    count = len(shown)
    return [
        Section(
            title="",
            template="exams/programme/_sample.html",
            context={"one": one, "count": count, "has_coach": work.has_coach},
            order=15,
        )
        for one in shown
    ]


def _context(exam: Exam) -> dict[str, object]:
    parts = list(exam.parts.all())
    return {
        "exam": exam,
        "announcement": markdown.shown(exam.announcement) if exam.announcement.strip() else "",
        "sort": way_words.what_it_is(exam),
        "parts": [(part, duration(part.minutes)) for part in parts],
        "takes": duration(sum(part.minutes for part in parts)),
    }
