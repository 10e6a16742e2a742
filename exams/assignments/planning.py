"""Changing the plan of a programme: from how many XP its exam is in reach, and when XP is earned,
with who comes in reach by it said first. Only administrators do."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from exams.assignments import experience, standing
from exams.defining import outline
from exams.defining.publishing import DefinitionRefused, following
from exams.models import ExamPlan
from learners import audit
from learners.models import User

AT_ONCE = 500  # people whose standing is worked out together


@dataclass(frozen=True)
class Reach:
    """How many people come in reach of the exam by a change of the plan, how many fall out of it,
    and to how many pieces of work XP is given by it."""

    comes_in: int = 0
    falls_out: int = 0
    earning: int = 0

    def __bool__(self) -> bool:
        return bool(self.comes_in or self.falls_out or self.earning)


@transaction.atomic
def change_plan(
    *, plan: ExamPlan, by: User, needed_xp: int, xp_from: str, sample_size: int | None = None
) -> ExamPlan:
    """Change from how many XP the exam is in reach, when they are earned, and how large samples are
    that are drawn from now on; what is earned by it is given at once, and what was earned stays.
    Raises `DefinitionRefused` for more XP than there are."""
    locked = ExamPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    size = sample_size or locked.sample_size
    after = {"needed_xp": needed_xp, "xp_from": str(xp_from), "sample_size": size}
    before = {name: getattr(locked, name) for name in after}
    if before == after:
        return locked
    if needed_xp != locked.needed_xp and (why := too_much(locked, needed_xp)):
        raise DefinitionRefused(why)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    locked.sample_size = size
    _change(locked, needed_xp, xp_from)
    audit.record(action="exams.plan_changed", on=locked, by=by, changes=changes)
    return locked


def too_much(plan: ExamPlan, needed_xp: int) -> str:
    """Say that a plan asks more XP than there are; '' where it does not."""
    total = outline.of(plan.programme).total_xp
    if needed_xp <= total:
        return ""
    words = _("The published assignments give %(n)d XP in all: ask for fewer, or publish more.")
    return words % {"n": total}


def reach_of(*, plan: ExamPlan, needed_xp: int, xp_from: str) -> Reach:
    """Say whom such a plan would bring in reach of the exam: done, looked at, and taken back."""
    before = frozenset(_in_reach(plan))
    with transaction.atomic():
        row = ExamPlan.objects.get(pk=plan.pk)
        earning = _change(row, needed_xp, xp_from)
        after = frozenset(_in_reach(row))
        transaction.set_rollback(True)
    return Reach(len(after - before), len(before - after), earning)


def _change(plan: ExamPlan, needed_xp: int, xp_from: str) -> int:
    plan.needed_xp, plan.xp_from = needed_xp, xp_from
    plan.save(update_fields=["needed_xp", "xp_from", "sample_size"])
    return experience.make_up(plan)


def _in_reach(plan: ExamPlan) -> Iterator[int]:
    """Yield who is in reach of the exam, of all who follow the programme."""
    rows = list(following([plan.programme_id]).order_by("pk"))
    for first in range(0, len(rows), AT_ONCE):
        standings = standing.of_many(rows[first : first + AT_ONCE])
        yield from (pk for pk, one in standings.items() if one.is_in_reach)
