"""Saving a register: one transaction, all of it or, where something is wrong, nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from attendance.marking import differences, marks, notes, registers
from attendance.models import RegisterSaving
from attendance.register import checks, plans
from attendance.register.answers import AS_TYPED, Answers
from attendance.register.drafts import Typed
from attendance.register.plans import Plan
from attendance.register.problems import Problem, Problems
from learners.models import Run, User
from learners.studying import status_locks, study_status
from learners.studying.points import MaximumIgnored
from learners.studying.status_wishes import Wish
from learners.studying.study_status import StatusRefused


class RegisterRefused(Exception):
    """The form cannot be saved; its problems say why, and nothing was written."""

    def __init__(self, problems: Problems) -> None:
        super().__init__("; ".join(problem.text for problem in problems))
        self.problems = problems


@transaction.atomic
def save_register(
    *,
    run: Run,
    typed: Typed,
    by: User,
    answers: Answers = AS_TYPED,
    at: datetime | None = None,
    tells_learners: bool = True,
) -> RegisterSaving | None:
    """Save a form of a register, once; None where all of it stood there already.

    Locks the run, then its participants; compares versions; writes marks, notes and statuses with
    their history. Cells that somebody else changed meanwhile are kept apart as differences. Raises
    `RegisterRefused`, with everything that is wrong, before anything is written. `at` is now, but
    for what is recorded afterwards as it was then; without `tells_learners` nobody is told of what
    follows from it.
    """
    at = at or timezone.now()
    run = locked(run, by)
    if saved := RegisterSaving.objects.filter(token=typed.token).first():
        if saved.summary.get("digest") == typed.digest:
            return saved
        typed = replace(typed, token=uuid4())  # the same form, but with something else in it
    plan = plans.make(run=run, typed=typed, by=by, lock=True, now=at)
    if problems := checks.find_problems(plan, by=by):
        raise RegisterRefused(problems)
    plan = answers.apply_to(plan)
    if not plan.changes_something:
        return None
    return _write(plan, by=by, at=at, tells_learners=tells_learners)


def _write(plan: Plan, *, by: User, at: datetime, tells_learners: bool) -> RegisterSaving:
    run, typed = plan.run, plan.typed
    saving = RegisterSaving.objects.create(
        token=typed.token, run=run, by=by, at=at, summary=_summary(plan)
    )
    ignoring = MaximumIgnored(reason=typed.reason) if typed.ignore_maximum else None
    marks.write(
        steps=plan.marks,
        people=plan.people,
        run=run,
        by=by,
        saving=saving,
        ignoring_maximum=ignoring,
    )
    notes.write(steps=plan.notes, by=by)
    wishes = [
        Wish(enrolment_id=step.enrolment.pk, to=step.to, tells_learner=tells_learners)
        for step in plan.statuses
    ]
    _change_statuses(plan, wishes, saving, by=by, ignoring_maximum=ignoring)
    return saving


def locked(run: Run, by: User) -> Run:
    """Lock a run and return it as a register needs it."""
    return registers.runs_for(by).select_for_update(of=("self",)).get(pk=run.pk)


def _change_statuses(
    plan: Plan,
    wishes: Sequence[Wish],
    saving: RegisterSaving,
    *,
    by: User,
    ignoring_maximum: MaximumIgnored | None,
) -> None:
    """Change the statuses through the one function; what it refuses refuses the whole form."""
    if not wishes:
        return
    wanted = {wish.enrolment_id: wish.to for wish in wishes}
    try:
        changes = study_status.change_locked(
            locked=status_locks.lock_register(plan.run, plan.people.values(), wanted, saving.at),
            wishes=wishes,
            by=by,
            actor=registers.acts_as(by),
            ignoring_maximum=ignoring_maximum,
            at=saving.at,
        )
    except StatusRefused as refused:
        found = [
            Problem(where="status", text=why, enrolment_id=pk)
            for pk, why in refused.reasons.items()
        ]
        raise RegisterRefused(Problems(found=found)) from refused
    saving.status_changes.add(*changes)


def _summary(plan: Plan) -> dict:
    """Keep what the page after saving says and cannot be found elsewhere."""
    typed = plan.typed
    return {
        "digest": typed.digest,
        "passed_over": [[p.column.pk, p.state] for p in plan.passed_over],
        "notes": [[s.enrolment.pk, s.field, s.before, s.to] for s in plan.notes],
        "differences": differences.with_authors(plan.differences),
        "ignored_maximum": typed.reason if typed.ignore_maximum else "",
    }


def of_form(*, run: Run, by: User, token: UUID | None) -> RegisterSaving | None:
    """Return the saving of this form; for one that had nothing new, this person's last one."""
    mine = RegisterSaving.objects.filter(run=run, by=by)
    saved = mine.filter(token=token).first() if token else None
    return saved or mine.filter(undone_at=None).first()
