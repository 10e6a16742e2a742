"""Doing what a plan asks for, through the same functions as every other page."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from learners import audit
from learners.enrolling import entering
from learners.importing import following
from learners.importing.deciding import RESULT_OF_FOLLOWING, Step
from learners.importing.following import EnrolmentPlan
from learners.importing.people import introduce
from learners.models import (
    Actor,
    Enrolment,
    ImportJob,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.studying import new_enrolments, outbox
from learners.studying.status_wishes import Wish
from learners.studying.study_status import change_statuses

S = StudyStatus


@dataclass
class EnrolmentApplier:
    """Applies the plans of one job of enrolments; the caller holds the transaction and the locks of
    the runs.

    Raises `StatusRefused` and `EnrolmentRefused` where something changed since it was planned.
    """

    job: ImportJob

    def apply(self, plan: EnrolmentPlan) -> None:
        """Make the people known, then enrol, book and record results, line after line where two
        lines are about the same learner and course; then let them follow programmes, which what
        they follow joins."""
        introduce(plan.newcomers, self.job.organisation)
        begun = [step for step in plan.steps if step.is_new and step.leaves_open]
        for steps in in_turns(plan.steps):
            self._enrol(steps)
            self._book(steps)
            self._fill_days(steps)
            self._record_results(steps)
        if self.job.tells:
            entering.tell_enrolled([step.enrolment for step in begun if step.enrolment])
        following.apply(plan.following, self.job)

    def _enrol(self, steps: Sequence[Step]) -> None:
        new = [step for step in steps if step.is_new]
        news = [
            new_enrolments.NewEnrolment(
                learner=_user(step),
                course=step.course,
                run=step.run,
                registered_on=step.registered_on,
                tells_learner=self.job.tells,
            )
            for step in new
        ]
        # The plan has kept the capacity: who withdrew takes no place.
        made = new_enrolments.enrol_many(
            news=news, by=self.job.by, actor=Actor.ADMINISTRATOR, may_exceed_capacity=True
        )
        for step, enrolment in zip(new, made, strict=True):
            step.enrolment = enrolment

    def _book(self, steps: Sequence[Step]) -> None:
        for step in steps:
            if step.books and step.enrolment and step.run:
                step.enrolment = entering.choose_run(
                    enrolment=step.enrolment, run=step.run, by=self.job.by
                )

    def _fill_days(self, steps: Sequence[Step]) -> None:
        filled: dict[str, list[Enrolment]] = defaultdict(list)
        for step in steps:
            if step.fills_day and step.enrolment and step.registered_on:
                step.enrolment.registered_on = step.registered_on
                filled[step.registered_on.isoformat()].append(step.enrolment)
        enrolments = [enrolment for rows in filled.values() for enrolment in rows]
        Enrolment.objects.bulk_update(enrolments, ["registered_on"], batch_size=2_000)
        for day, rows in filled.items():
            changes = {"registered_on": [None, day]}
            audit.record_all(
                action="learners.enrolment_changed", on=rows, by=self.job.by, changes=changes
            )

    def _record_results(self, steps: Sequence[Step]) -> None:
        results = [step for step in steps if step.to and step.enrolment]
        begun = [
            Wish(enrolment_id=step.enrolment.pk, to=S.STARTED, tells_learner=self.job.tells)
            for step in results
            if step.enrolment
            and step.enrolment.status == S.NOT_STARTED
            and step.to in RESULT_OF_FOLLOWING
        ]
        change_statuses(wishes=begun, by=None, actor=Actor.SYSTEM)
        wishes = [self._wish(step) for step in results]
        made = change_statuses(wishes=wishes, by=self.job.by, actor=Actor.ADMINISTRATOR)
        if not self.job.with_certificates:
            outbox.settle(changes=_completions(made))

    def _wish(self, step: Step) -> Wish:
        assert step.enrolment is not None, "enrolled before"
        assert step.to is not None, "has a result"
        return Wish(
            enrolment_id=step.enrolment.pk,
            to=step.to,
            notified_on=step.notified_on,
            # Certificates are news, where people are told at all; how something else ended long ago
            # is not.
            tells_learner=self.job.tells and step.is_about_completing,
            reason=_("From the file %(name)s, line %(line)d")
            % {"name": self.job.file.name, "line": step.line},
        )


def in_turns(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Yield the first step of each learner and course, then the second ones, and so on: an
    enrolment must have ended before the next one in the same course begins."""
    turns: dict[tuple[str, int], int] = defaultdict(int)
    rounds: dict[int, list[Step]] = defaultdict(list)
    for step in steps:
        turn = turns[step.person.token, step.course.pk]
        turns[step.person.token, step.course.pk] += 1
        rounds[turn].append(step)
    yield from (rounds[turn] for turn in sorted(rounds))


def _user(step: Step) -> User:
    assert step.person.user is not None, "introduced before"
    return step.person.user


def _completions(changes: Iterable[StudyStatusChange]) -> list[StudyStatusChange]:
    return [change for change in changes if change.to_status == S.COMPLETED]
