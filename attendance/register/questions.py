"""What must be said or asked before a form of a register is saved, given what it would write."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from attendance.marking.steps import MarkStep, StatusPeople, StatusStep
from attendance.register import consequences, doubts
from attendance.register.consequences import Consequences
from attendance.register.plans import Plan
from learners.models import WITHDRAWN, Enrolment, Meeting, StudyStatus

SHOWN_OVERWRITTEN = 10


@dataclass(frozen=True, kw_only=True)
class Questions:
    """What is said and asked about a plan; it is true where there is anything."""

    plan: Plan

    def __bool__(self) -> bool:
        return bool(
            self.people_left_open
            or self.overwritten
            or self.filled_elsewhere
            or self.touches_other_pages
            or self._undecided
            or self.marks_though_withdrawn
            or self.consequences
        )

    @cached_property
    def people_left_open(self) -> list[Enrolment]:
        """Return who was left open and is not recorded yet, in the order of their names."""
        ids = {step.enrolment_id for step in self.plan.left_open}
        return [enrolment for pk, enrolment in self.plan.people.items() if pk in ids]

    @cached_property
    def completed_though_absent(self) -> list[Enrolment]:
        """Return whose 'completed' goes against their absence at the last meeting, recorded,
        made or following from being left open."""
        return doubts.completed_though_absent(self.plan.with_left_open())

    @cached_property
    def absent_if_left_open(self) -> list[Enrolment]:
        """Return those of them who are absent only once who was left open is registered so."""
        surely = doubts.completed_though_absent(self.plan)
        return [one for one in self.completed_though_absent if one not in surely]

    @cached_property
    def away_though_present(self) -> list[Enrolment]:
        """Return whose withdrawal or absence as a study status goes against their being there."""
        return doubts.away_though_present(self.plan)

    @cached_property
    def marks_though_withdrawn(self) -> list[MarkStep]:
        """Return the marks that make present who had withdrawn by then."""
        return doubts.present_though_withdrawn(self.plan)

    @property
    def present_though_withdrawn(self) -> list[Enrolment]:
        """Return whose being there goes against their having withdrawn, in the order of names."""
        ids = {step.enrolment_id for step in self.marks_though_withdrawn}
        return [enrolment for pk, enrolment in self.plan.people.items() if pk in ids]

    @cached_property
    def _undecided(self) -> set[int]:
        """Whose study status is asked about, so that what it leads to is not sure yet."""
        asked = [*self.completed_though_absent, *self.away_though_present]
        return {enrolment.pk for enrolment in asked}

    @cached_property
    def overwritten(self) -> list[MarkStep]:
        """Return the earlier marks that change, but for those of the one meeting at which the row
        was touched: there, its earlier mark was seen."""
        typed, chosen = self.plan.typed, {column.pk for column in self.plan.meetings}
        was_seen = len(chosen) == 1 and chosen <= set(typed.seen_meetings)
        if was_seen and not typed.carried:
            return []
        return [step for step in self.plan.marks if step.before.presence]

    @property
    def overwritten_shown(self) -> list[tuple[Enrolment, Meeting, MarkStep]]:
        """Return the first of them, with whose they are and of which meeting."""
        meetings = {column.pk: column.meeting for column in self.plan.meetings}
        first = self.overwritten[:SHOWN_OVERWRITTEN]
        return [(self.plan.people[s.enrolment_id], meetings[s.meeting_id], s) for s in first]

    @property
    def overwritten_more(self) -> int:
        return max(0, len(self.overwritten) - SHOWN_OVERWRITTEN)

    @cached_property
    def filled_elsewhere(self) -> int:
        """How many people are touched who were not on this page."""
        touched = {step.enrolment_id for step in self.plan.marks}
        return len(touched - self.plan.typed.shown) if self.plan.typed.all_present else 0

    @cached_property
    def consequences(self) -> Consequences:
        """Return what happens for certain when this is saved."""
        sure = [step for step in self.plan.statuses if step.enrolment.pk not in self._undecided]
        return self._foresee(sure, self.plan.marks)

    @cached_property
    def consequences_if_meant(self) -> Consequences:
        """Return what happens besides to those about whom a question is still open."""
        asked = [step for step in self.plan.statuses if step.enrolment.pk in self._undecided]
        return self._foresee(asked, []) if asked else Consequences()

    def _foresee(self, steps: Sequence[StatusStep], marks: Sequence[MarkStep]) -> Consequences:
        return consequences.foresee(
            run=self.plan.run,
            steps=[(step.enrolment, step.to) for step in steps],
            attended=Counter(s.enrolment_id for s in marks if _comes(s)),
            people=self.plan.people,
            ignores_maximum=self.plan.typed.ignore_maximum,
        )

    @property
    def touches_other_pages(self) -> bool:
        return any(pk not in self.plan.typed.on_page for pk in self.plan.typed.rows)

    @property
    def details(self) -> list[tuple[Enrolment, MarkStep]]:
        """Return the marks that say more than present or absent."""
        return [(self.plan.people[s.enrolment_id], s) for s in self.plan.marks if s.to.details]

    @property
    def other_statuses(self) -> list[StatusPeople]:
        """Return who gets which status, but for those that the consequences or a question name."""
        said = {StudyStatus.COMPLETED, StudyStatus.NOT_PASSED, *WITHDRAWN}
        other = [step for step in self.plan.statuses if step.to not in said]
        return _by_status(step for step in other if step.enrolment.pk not in self._undecided)

    @property
    def away_groups(self) -> list[StatusPeople]:
        """Return by study status whose status goes against their being there."""
        away = {enrolment.pk for enrolment in self.away_though_present}
        return _by_status(step for step in self.plan.statuses if step.enrolment.pk in away)


def _by_status(steps: Iterable[StatusStep]) -> list[StatusPeople]:
    by_status: dict[StudyStatus, list[Enrolment]] = {}
    for step in steps:
        by_status.setdefault(step.to, []).append(step.enrolment)
    return [StatusPeople(status=to, people=people) for to, people in by_status.items()]


def _comes(step: MarkStep) -> bool:
    """Whether somebody becomes present by it; who was already and came late does not."""
    return step.to.is_present and not step.before.is_present
