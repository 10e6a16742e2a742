"""The assignments of a programme as its learner sees them: rows by theme, among them courses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exams.assignments import standing as standings
from exams.assignments import works
from exams.assignments.standing import Asked, InTheme, Standing
from exams.models import Exam, Theme, ThemeCourse, Work, WorkState
from exams.pages import told as tellings
from exams.pages.told import Told
from exams.releasing import way as ways
from exams.releasing.way import Way
from learners.models import Enrolment
from learners.pages.programme_page import Line
from learners.people.subscriptions import Access

ACTIONS = {WorkState.SENT_BACK: _("Improve"), WorkState.TO_DO: _("Start")}
GO_ON = _("Go on")


@dataclass(frozen=True)
class Row:
    """An assignment in its theme, or a course among them; `action` is empty where there is nothing
    to do now. One `is_waived` that an early release of the exam left open."""

    asked: Asked | None = None
    text: str = ""
    url: str = ""
    action: str | Promise = ""
    has_news: bool = False
    line: Line | None = None
    is_needed: bool = True
    is_waived: bool = False

    @property
    def has_draft(self) -> bool:
        """Whether something was typed that was never handed in."""
        return self.action is GO_ON

    @property
    def counts(self) -> bool:
        """Whether it is one of those that are counted in the head of its theme."""
        return self.asked is None or not self.asked.is_exempt

    @property
    def is_through(self) -> bool:
        """Whether it was handed in, or done."""
        if self.asked is None:
            return self.line is not None and self.line.is_done
        work = self.asked.work
        return work is not None and work.number > 0

    @property
    def is_done(self) -> bool:
        """Whether completing waits for nothing here."""
        if self.asked is None:
            return self.line is not None and self.line.is_done
        return self.is_waived or self.asked.is_finished


@dataclass(frozen=True)
class ThemeCard:
    """A theme, and its rows in their order."""

    theme: Theme
    rows: Sequence[Row]

    @cached_property
    def total(self) -> int:
        return sum(row.counts for row in self.rows)

    @cached_property
    def through(self) -> int:
        return sum(row.counts and row.is_through for row in self.rows)


@dataclass
class ProgrammeWork:
    """What somebody makes of the assignments of a programme that was fetched by
    `programme_page.fetch`; each part is asked for once."""

    enrolment: Enrolment

    @cached_property
    def standing(self) -> Standing:
        return standings.of(self.enrolment)

    @cached_property
    def way(self) -> Way:
        """How they stand on the way to the exam."""
        return ways.of(self.enrolment, self.standing)

    @cached_property
    def exam(self) -> Exam | None:
        """The exam that was released to them, else the one that would be."""
        if self.way.attempt:
            return self.way.attempt.exam
        return Exam.objects.published().filter(programme=self.enrolment.programme_id).first()

    @property
    def leads_to_exam(self) -> bool:
        """Whether an exam is at the end of what is asked here."""
        return bool(self.standing.plan or self.way.sample or self.way.attempt or self.exam)

    @cached_property
    def today(self) -> date:
        return self.enrolment.organisation.today()

    @property
    def has_any(self) -> bool:
        """Whether anything is asked here."""
        return bool(self.standing.asked)

    @cached_property
    def told(self) -> dict[int, Told]:
        """What there is to tell of each work, by its key."""
        return dict(tellings.of(self.enrolment, is_coached=self.has_coach))

    @property
    def access(self) -> Access:
        return self.enrolment.access  # type: ignore[attr-defined]

    @cached_property
    def why_closed(self) -> str:
        return works.why_closed(self.enrolment, self.access)

    @cached_property
    def needs_subscription(self) -> bool:
        """Whether nothing but a subscription keeps its learner from going on."""
        return works.needs_subscription(self.enrolment, self.access)

    @property
    def has_coach(self) -> bool:
        """Whether somebody coaches them who is at work; else the board reviews."""
        return bool(self.enrolment.coached)  # type: ignore[attr-defined]

    @cached_property
    def courses(self) -> set[int]:
        """The courses that stand in a theme."""
        every = (one for each in self.standing.themes for one in each.courses)
        return {one.programme_course.course_id for one in every}

    @cached_property
    def themes(self) -> list[ThemeCard]:
        """The themes in which something is asked."""
        cards = (ThemeCard(each.theme, self._rows(each)) for each in self.standing.themes)
        return [card for card in cards if card.rows]

    @cached_property
    def needed(self) -> list[Row]:
        """What completing the programme asks, in its order: what stands in a theme, then the
        courses that stand in none."""
        mine = [row for card in self.themes for row in card.rows if row.is_needed]
        others = (one for one in self._lines if one.course.pk not in self.courses)
        return [*mine, *(Row(line=one) for one in others if one.is_needed)]

    @cached_property
    def newest(self) -> Work | None:
        """The work of which something was handed in last."""
        done = [one.work for one in self.standing.asked if one.work and one.work.number]
        return max(done, key=self._last_change, default=None)

    def told_of(self, work: Work | None) -> Told:
        """Return what there is to tell of a work, or of one that was not begun."""
        return self.told.get(work.pk, tellings.NOTHING) if work else tellings.NOTHING

    def row(self, one: Asked) -> Row:
        """Return an assignment as a row."""
        told, attempt = self.told_of(one.work), self.way.attempt
        waived = attempt is not None and attempt.is_early and not one.is_finished
        said = tellings.line(one, told, self.today)
        return Row(
            asked=one,
            text=" · ".join([said, gettext("waived")]) if waived else said,
            url=address(self.enrolment, one),
            action="" if self.why_closed else action(one, told),
            has_news=told.has_news,
            is_needed=one.assignment.is_needed,
            is_waived=waived,
        )

    def _last_change(self, work: Work) -> datetime:
        return self.told_of(work).handed_in_at or work.created_at

    @property
    def _lines(self) -> list[Line]:
        return self.enrolment.lines  # type: ignore[attr-defined]

    def _rows(self, each: InTheme) -> list[Row]:
        lines = {line.course.pk: line for line in self._lines}
        return [
            self._course(one, lines) if isinstance(one, ThemeCourse) else self.row(one)
            for one in each.in_order
        ]

    def _course(self, one: ThemeCourse, lines: dict[int, Line]) -> Row:
        part = one.programme_course
        return Row(line=lines.get(part.course_id), is_needed=part.is_needed)


def of(enrolment: Enrolment) -> ProgrammeWork:
    """Return what somebody makes of a programme; looked at once each time that it is fetched."""
    if "_work" not in enrolment.__dict__:
        enrolment.__dict__["_work"] = ProgrammeWork(enrolment)
    found: ProgrammeWork = enrolment.__dict__["_work"]
    return found


def address(enrolment: Enrolment, one: Asked) -> str:
    """Return the page on which an assignment is made, begun or not."""
    return Work(enrolment=enrolment, assignment=one.assignment).get_absolute_url()


def action(one: Asked, told: Told) -> str | Promise:
    """Return what a button beside an assignment says; nothing where nothing is to do."""
    if one.state == WorkState.TO_DO and told.has_draft:
        return GO_ON
    return ACTIONS.get(one.state, "")
