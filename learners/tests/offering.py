"""Small apps that answer what the ground and certifications ask, for the length of a test."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date

from learners.hooks import registry
from learners.hooks.offer import no_words
from learners.hooks.questions import Awaited, Closing, Completes, Open
from learners.models import CompletedBy

LABEL = "certifications"  # an app that is installed, and answers nothing of this itself


@contextmanager
def offering(label: str = LABEL, **answers: object) -> Iterator[None]:
    """Let an app offer these besides what it offers."""
    before = registry.offer_of(label)
    registry.register(label, replace(before, **answers))
    try:
        yield
    finally:
        registry.register(label, before)


@contextmanager
def silent(*questions: str) -> Iterator[None]:
    """Let no app that is installed answer these, as where none knows anything of it."""
    with ExitStack() as stack:
        for label in tuple(registry._registered):
            stack.enter_context(offering(label, **dict.fromkeys(questions, no_words)))
        yield


class Exams:
    """A board's notebook: which programmes' exams were passed and from which day that counts, when
    each was released, and which results are awaited, all by enrolment."""

    def __init__(self) -> None:
        self.passed: dict[int, date] = {}
        self.released: dict[int, date] = {}
        self.awaited: dict[int, Awaited] = {}

    def completed(self, wholes):
        return {
            whole.enrolment.pk: self.passed[whole.enrolment.pk]
            for whole in wholes
            if whole.enrolment.pk in self.passed and whole.courses_are_done
        }

    def in_time_on(self, enrolments):
        return {e.pk: self.released[e.pk] for e in enrolments if e.pk in self.released}

    def awaits_result(self, enrolments):
        return {e.pk: self.awaited[e.pk] for e in enrolments if e.pk in self.awaited}

    def offered(self):
        """Answer as an app that gives exams would."""
        late = "The study term of %(name)s lapsed before the exam was released."
        answers = Completes(completed=self.completed, in_time_on=self.in_time_on, late=late)
        return offering(completes={CompletedBy.EXAM: answers}, awaits_result=self.awaits_result)


class Opened:
    """Says of every enrolment that was opened what is open in it, and remembers what was asked."""

    def __init__(self) -> None:
        self.opens: dict[int, list[Open]] = {}
        self.asked: list[Closing] = []

    def add(self, enrolment, what: str, text: str = "its work is kept", *, goes_on: bool = False):
        """Open something in an enrolment."""
        self.opens.setdefault(enrolment.pk, []).append(Open(what, text, goes_on))

    def what_is_open(self, enrolments, closing):
        self.asked.append(closing)
        return {e.pk: self.opens[e.pk] for e in enrolments if e.pk in self.opens}

    @contextmanager
    def offered(self):
        """Answer as an app with open work would, alone."""
        with silent("what_is_open"), offering(what_is_open=self.what_is_open):
            yield
