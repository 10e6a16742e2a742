"""An exam as it is opened and read: its parts, how long each takes, and their instruction page by
page. The same for its learner and for who looks at it beforehand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from exams.models import Attempt, Exam, ExamPart, InstructionPage, Sample
from exams.pages import files_taken
from exams.pages.files_taken import Expected, Taken
from exams.releasing import releases
from learners.models import Enrolment, User
from learners.telling.days import when_words

HOUR = 60  # minutes


@dataclass(frozen=True)
class Links:
    """Where the pages of an exam are: those of its learner, or of who looks at it beforehand."""

    detail: str
    page: Callable[[ExamPart, int], str]
    is_preview: bool = False


@dataclass(frozen=True)
class PartShown:
    """A part among the others; `waits` while it opens with an invitation of the assessor."""

    part: ExamPart
    waits: bool
    url: str

    @property
    def takes(self) -> str:
        """How long it takes."""
        return duration(self.part.minutes)


@dataclass(frozen=True)
class ExamPage:
    """The page of an exam; without an attempt of somebody it is a preview."""

    exam: Exam
    parts: Sequence[ExamPart]
    links: Links
    attempt: Attempt | None = None
    why_closed: str = ""

    @property
    def is_started(self) -> bool:
        return self.attempt is not None and self.attempt.started_at is not None

    @cached_property
    def has_feedback(self) -> bool:
        """Whether a coach decided a sample, and with that said something to read."""
        if self.attempt is None or self.attempt.sample_id:
            return True
        decided = Sample.objects.filter(decided_at__isnull=False)
        return decided.filter(enrolment=self.attempt.enrolment_id).exists()

    @property
    def needs_subscription(self) -> bool:
        """Whether it is closed only as its learner has no subscription."""
        return bool(self.why_closed) and self.exam.is_taken_here

    @property
    def expected(self) -> str:
        """Say in one sentence what is expected now."""
        if not self.exam.is_taken_here:
            return releases.taken_elsewhere()
        if self.why_closed:
            return _("This exam waits until you have a subscription.")
        if self.attempt and self.attempt.started_at:
            when = when_words(self.attempt.started_at)
            return _("You started %(when)s. Go on with the instruction.") % {"when": when}
        if self.has_feedback:
            return _("Read the feedback of your coach first, then start the exam.")
        return _("Start the exam when you are ready.")

    @property
    def first_url(self) -> str:
        """Where reading begins."""
        first = next(iter(self.parts), None)
        return self.links.page(first, 1) if first and pages_of(first) else self.links.detail

    @cached_property
    def shown(self) -> list[PartShown]:
        """Its parts; the first is read from the start on, others from their invitation on."""
        return [
            PartShown(part, number > 1, self.links.page(part, 1) if self._is_read(part) else "")
            for number, part in enumerate(self.parts, 1)
        ]

    def opens(self, part: ExamPart) -> bool:
        """Whether the instruction of a part can be read now."""
        if self.links.is_preview:
            return True
        return self.is_started and not self.why_closed and part == self.parts[0]

    def _is_read(self, part: ExamPart) -> bool:
        return self.opens(part) and pages_of(part) > 0


@dataclass(frozen=True)
class Reading:
    """A page of the instruction of a part; after the last one, where files are asked, what these
    are."""

    page: ExamPage
    part: ExamPart
    number: int
    pages: Sequence[InstructionPage]

    @property
    def total(self) -> int:
        return pages_of(self.part)

    @property
    def shown(self) -> InstructionPage | None:
        """What is read; None on the page that says what is handed in."""
        return self.pages[self.number - 1] if self.number <= len(self.pages) else None

    @property
    def title(self) -> str:
        return self.shown.title if self.shown else _("What you hand in")

    @property
    def language(self) -> str:
        """The language in which its text is."""
        is_english = (get_language() or "nl").startswith("en")
        return "en" if is_english and self.shown and self.shown.text_en else "nl"

    @property
    def previous_url(self) -> str:
        return self.page.links.page(self.part, self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        has_next = self.number < self.total
        return self.page.links.page(self.part, self.number + 1) if has_next else ""

    @cached_property
    def expected_files(self) -> list[Expected]:
        return [Expected(file) for file in self.part.expected_files.all()]

    @property
    def taken(self) -> list[Taken]:
        """Which kinds of files are taken."""
        return files_taken.taken_for(one.file for one in self.expected_files)

    @property
    def limits(self) -> str:
        """How many files it takes, and how large each may be."""
        words = ngettext(
            "%(n)d file at most, of %(size)d MB at most.",
            "%(n)d files at most, each of %(size)d MB at most.",
            self.part.most_files,
        )
        return words % {"n": self.part.most_files, "size": self.part.most_megabytes}


def fetch(user: User, enrolment_pk: int) -> ExamPage:
    """Return the page of an exam that was released to somebody. Raises `Attempt.DoesNotExist`."""
    rows = Attempt.objects.for_user(user).select_related(
        "exam", "enrolment__programme__organisation"
    )
    attempt = rows.filter(enrolment=enrolment_pk).first()
    if attempt is None:
        raise Attempt.DoesNotExist
    enrolment: Enrolment = attempt.enrolment
    enrolment.learner = user
    links = Links(attempt.get_absolute_url(), _page_of(enrolment_pk))
    why = releases.why_closed(enrolment, attempt)
    return ExamPage(attempt.exam, parts_of(attempt.exam), links, attempt, why)


def parts_of(exam: Exam) -> list[ExamPart]:
    """Return the parts of an exam, each with how many pages its instruction has."""
    return list(exam.parts.annotate(n_pages=Count("pages")).order_by("position", "pk"))


def pages_of(part: ExamPart) -> int:
    """Return how many pages there are to read of a part that `parts_of` fetched; the last says what
    is handed in, where files are. One that is being made may have none."""
    return part.n_pages + part.takes_files  # type: ignore[attr-defined]


def of_part(page: ExamPage, part_pk: int, number: int) -> Reading:
    """Return a page of the instruction of a part. Raises `LookupError` where there is none."""
    part = next((one for one in page.parts if one.pk == part_pk), None)
    if part is None:
        raise LookupError(part_pk)
    reading = Reading(page, part, number, list(part.pages.all()))
    if not 1 <= number <= reading.total:
        raise LookupError(number)
    return reading


def duration(minutes: int) -> str:
    """Say how long something takes."""
    hours, rest = divmod(minutes, HOUR)
    said = []
    if hours:
        said.append(ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours})
    if rest:
        said.append(ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest})
    return " ".join(said)


def _page_of(enrolment_pk: int) -> Callable[[ExamPart, int], str]:
    def page(part: ExamPart, number: int) -> str:
        return reverse("exams:instruction_detail", args=[enrolment_pk, part.pk, number])

    return page
