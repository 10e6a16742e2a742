"""One page of a register as it is shown: what is recorded, with what was typed laid over it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst

from attendance import drafts, registers
from attendance.drafts import Typed, TypedRow
from attendance.models import Presence
from attendance.registers import MeetingColumn, Participant
from learners.models import Course, Effort, Enrolment, Run, User
from learners.study_status import TEACHERS_CHOICE

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
class Option:
    """A line of the dropdown 'adjust study status'."""

    value: str
    label: str
    is_chosen: bool
    is_disabled: bool


@dataclass(frozen=True, kw_only=True)
class ShownRow:
    """A participant with what was typed about them."""

    participant: Participant
    typed: TypedRow
    recorded: str  # present, absent, mixed or '' for the meetings that are shown
    is_filled: bool  # 'all present' will fill it
    options: Sequence[Option]
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def pk(self) -> int:
        return self.participant.pk

    @property
    def enrolment(self) -> Enrolment:
        return self.participant.enrolment

    @property
    def mark(self) -> str:
        """Return what the tick says: what was typed, else what is recorded."""
        return self.typed.mark or (Presence.PRESENT.value if self.is_filled else self.recorded)

    @property
    def is_ticked(self) -> bool:
        return self.mark == Presence.PRESENT

    @property
    def is_touched(self) -> bool:
        return self.typed.is_touched

    @property
    def is_touched_beside_mark(self) -> bool:
        return replace(self.typed, mark="").is_touched

    @property
    def base(self) -> str:
        return self.typed.base or drafts.write_base(self.participant)

    @property
    def effort(self) -> str:
        typed = self.typed.effort
        return self.enrolment.effort if typed is None else typed

    @property
    def remark(self) -> str:
        typed = self.typed.remark
        return self.enrolment.remark if typed is None else typed

    @property
    def can_choose(self) -> bool:
        return any(not option.is_disabled for option in self.options)


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
    def may_mark(self) -> bool:
        return self.is_writable and bool(self.recordable)

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
    def efforts(self) -> list[tuple[str, str]]:
        return [(value, str(capfirst(label))) for value, label in Effort.choices]

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
    rows = [_shown(p, typed, chosen, wrong.get(p.pk, {})) for p in participants]
    return RegisterPage(
        run=run,
        columns=columns,
        chosen=chosen,
        typed=typed,
        rows=rows,
        page=page,
        asked=asked,
        is_writable=is_writable,
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


def _shown(
    participant: Participant, typed: Typed, chosen: frozenset[int], errors: Mapping[str, str]
) -> ShownRow:
    row = typed.rows.get(participant.pk, TypedRow())
    recorded = participant.seen_in(chosen)
    found = {participant.marks.get(pk, ("", 0))[0] for pk in chosen}
    is_fillable = participant.is_expected and "" in found and Presence.ABSENT not in found
    return ShownRow(
        participant=participant,
        typed=row,
        recorded=recorded,
        is_filled=typed.all_present and is_fillable,
        options=_options(participant, row),
        errors=errors,
    )


def _options(participant: Participant, row: TypedRow) -> list[Option]:
    return [
        Option(
            value=status.value,
            label=str(capfirst(status.label)),
            is_chosen=row.status == status,
            is_disabled=status not in participant.choices,
        )
        for status in TEACHERS_CHOICE
    ]
