"""One page of a register as it is shown: what is recorded, with what was typed laid over it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone

from attendance.marking import registers
from attendance.marking.registers import MeetingColumn
from attendance.models import LONGEST_EXCUSE
from attendance.register import checks, closing
from attendance.register.drafts import Typed
from attendance.register.shown_rows import ShownRow, show_row
from learners.models import Course, Enrolment, Run, User

SIZES = (25, 50, 100)
DEFAULT_SIZE = 100


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which part of a register somebody wants to see."""

    text: str = ""
    page: str = "1"
    size: int = DEFAULT_SIZE
    meetings: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RegisterPage:
    """Everything that one page of a register says."""

    run: Run
    columns: Sequence[MeetingColumn]
    chosen: frozenset[int]
    typed: Typed
    rows: Sequence[ShownRow]
    page: Page
    asked: Asked
    is_writable: bool
    may_ignore_maximum: bool

    @property
    def course(self) -> Course:
        return self.run.course

    @cached_property
    def chosen_columns(self) -> list[MeetingColumn]:
        return [column for column in self.columns if column.pk in self.chosen]

    @property
    def recordable(self) -> list[MeetingColumn]:
        return [column for column in self.columns if column.is_recordable]

    @property
    def seen(self) -> str:
        """The meetings whose marks this page shows, as the form says it."""
        return " ".join(map(str, sorted(self.chosen)))

    @property
    def held_until(self) -> datetime | None:
        """The end of the last meeting, while certificates would be held until then."""
        ends_at = self.run.ends_at
        return ends_at if ends_at and ends_at > timezone.now() + settings.UNDO_TIME else None

    @property
    def is_closed(self) -> bool:
        """Whether its teachers may only read it; administrators may still write."""
        return not closing.is_open(self.run)

    @property
    def may_close(self) -> bool:
        """Whether its last meeting is over, so that it can be closed by hand."""
        is_over = self.run.ends_at is not None and self.run.ends_at <= timezone.now()
        return is_over and self.is_writable and not self.is_closed

    @cached_property
    def whom_to_ask(self) -> list[User]:
        return list(closing.whom_to_ask())

    @property
    def may_mark(self) -> bool:
        return self.is_writable and bool(self.recordable)

    @property
    def longest_excuse(self) -> int:
        return LONGEST_EXCUSE

    @property
    def sizes(self) -> tuple[int, ...]:
        return SIZES

    @property
    def may_resize(self) -> bool:
        return self.page.paginator.count > SIZES[0]

    @property
    def unrecorded(self) -> int:
        """How many marks the one chosen meeting still misses."""
        return self.chosen_columns[0].unrecorded if len(self.chosen_columns) == 1 else 0

    @property
    def left(self) -> int:
        """How many stand in the register who are not expected: they withdrew or are exempt."""
        return self.run.participants - self.run.booked  # type: ignore[attr-defined]

    @property
    def touched_elsewhere(self) -> int:
        """How many rows were typed in that are not on this page."""
        here = {row.pk for row in self.rows}
        return sum(pk not in here for pk in self.typed.rows)


class _CountedPaginator(Paginator):
    """Pages of rows whose number is known."""

    def __init__(self, rows: QuerySet[Enrolment], size: int, count: int) -> None:
        super().__init__(rows, size)
        self.__dict__["count"] = count


def read_page(
    run: Run,
    *,
    user: User,
    asked: Asked,
    typed: Typed,
    now: datetime,
    errors: Mapping[int, Mapping[str, str]] | None = None,
) -> RegisterPage:
    """Return a page of the register of a run that came from `registers.runs_for`."""
    is_writable = registers.may_write(run, user)
    columns = registers.meetings_of(run, now=now, booked=run.booked, is_locked=not is_writable)  # type: ignore[attr-defined]
    chosen = _chosen(columns, asked, typed)
    page = _page_of(run, asked)
    actor = registers.acts_as(user)
    participants = registers.read_participants(list(page), run=run, actor=actor)
    wrong = errors or {}
    rows = [show_row(p, typed, chosen, wrong.get(p.pk, {})) for p in participants]
    return RegisterPage(
        run=run,
        columns=columns,
        chosen=chosen,
        typed=typed,
        rows=rows,
        page=page,
        asked=asked,
        is_writable=is_writable,
        may_ignore_maximum=checks.may_ignore_maximum(user),
    )


def _chosen(columns: Sequence[MeetingColumn], asked: Asked, typed: Typed) -> frozenset[int]:
    """Return the meetings whose marks are shown: the ones asked for, else typed, else the one that
    is chosen beforehand."""
    recordable = {column.pk for column in columns if column.is_recordable}
    if typed.all_meetings:
        return frozenset(recordable)
    readable = {column.pk for column in columns if column.is_readable}
    wanted = readable & set(asked.meetings or typed.meetings)
    if wanted or typed.is_worth_keeping:
        return frozenset(wanted)
    beforehand = registers.chosen_beforehand(columns)
    return frozenset({beforehand.pk} if beforehand else ())


def _page_of(run: Run, asked: Asked) -> Page:
    enrolments = registers.participants_of(run)
    count = run.participants  # type: ignore[attr-defined]
    if asked.text:
        found = User.objects.matching(asked.text)
        enrolments = enrolments.filter(learner__in=found)
        count = enrolments.count()
    return _CountedPaginator(enrolments, asked.size, count).get_page(asked.page)
