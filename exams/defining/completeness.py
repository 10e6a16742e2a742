"""What a version of an exam still lacks before it can be published, all of it, part by part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from exams.models import Exam, ExamKind, ExamPart
from learners.models import GradeScale


@dataclass(frozen=True)
class Missing:
    """Something that is missing, of a part or of the exam as a whole."""

    words: str
    part: ExamPart | None = None

    @property
    def said(self) -> str:
        """What is missing, and of which part."""
        if self.part is None:
            return self.words
        return _("%(part)s: %(words)s") % {"part": name_of(self.part), "words": self.words}


def name_of(part: ExamPart) -> str:
    """Return what a part is called; by its place where it has no title yet."""
    return part.title.strip() or _("Part %(n)d") % {"n": part.position}


def parts_of(exam: Exam) -> QuerySet[ExamPart]:
    """Return the parts of an exam with all that they ask, in four queries."""
    return exam.parts.prefetch_related("pages", "expected_files", "criteria")


def whats_missing(exam: Exam, parts: Sequence[ExamPart] | None = None) -> list[Missing]:
    """Return all that a version lacks; nothing where it can be published."""
    found = list(parts_of(exam)) if parts is None else parts
    lacks = [Missing(words) for words in _of_exam(exam, found)]
    if exam.is_taken_here:
        lacks += [Missing(words, part) for part in found for words in of_part(part, exam)]
    return lacks


def of_part(part: ExamPart, exam: Exam) -> list[str]:
    """Return what a part lacks."""
    return [*_to_read(part), *_to_hand_in(part), *_judged_by(part, exam)]


def points_of(part: ExamPart) -> int:
    """Return the points that its criteria give together, of rows that are known already."""
    return sum(one.points for one in part.criteria.all())


def _of_exam(exam: Exam, parts: Sequence[ExamPart]) -> Iterator[str]:
    if not exam.title_nl.strip():
        yield _("It has no Dutch title yet.")
    if exam.kind == ExamKind.OWN and not exam.announcement_nl.strip():
        yield _("An exam of the institution’s own is announced: write the Dutch announcement.")
    if exam.is_taken_here and not parts:
        yield _("It has no parts yet.")


def _to_read(part: ExamPart) -> Iterator[str]:
    if not part.title_nl.strip():
        yield _("It has no Dutch title yet.")
    pages = list(part.pages.all())
    if not pages:
        yield _("It has no page of instruction yet.")
    for number, page in enumerate(pages, 1):
        if not (page.title_nl.strip() and page.text_nl.strip()):
            yield _("Page %(n)d of the instruction has no Dutch title or text.") % {"n": number}


def _to_hand_in(part: ExamPart) -> Iterator[str]:
    if not part.takes_files:
        return
    files = list(part.expected_files.all())
    if not files:
        yield _("It expects no file yet.")
    if any(not one.title_nl.strip() for one in files):
        yield _("A file that is expected has no Dutch title.")
    needed = sum(one.is_required for one in files)
    if needed > part.most_files:
        said = {"needed": needed, "most": part.most_files}
        yield _("Files that are required: %(needed)d; files at most: %(most)d.") % said


def _judged_by(part: ExamPart, exam: Exam) -> Iterator[str]:
    points, criteria = points_of(part), list(part.criteria.all())
    if any(not one.title_nl.strip() for one in criteria):
        yield _("A criterion has no Dutch title.")
    if not points:
        yield _("It has no criterion that gives points yet.")
    elif not part.cut_score:
        yield _("It has no cut score yet.")
    elif part.cut_score > points:
        said = {"cut": part.cut_score, "points": points}
        yield _("Its cut score is %(cut)d, and its criteria give %(points)d in all.") % said
    if exam.grade_scale == GradeScale.WORDS and points:
        yield from _good(part, points)


def _good(part: ExamPart, points: int) -> Iterator[str]:
    if part.good_score is None:
        yield _("The scale has words: say from how many points it is good.")
    elif part.good_score > points:
        said = {"good": part.good_score, "points": points}
        yield (_("It is good from %(good)d, and its criteria give %(points)d in all.") % said)
