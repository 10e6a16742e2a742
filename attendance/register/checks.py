"""What makes a form of a register impossible to save: nothing of it is, and everything is kept."""

from collections.abc import Iterator

from django.contrib.auth.models import Permission
from django.db.models import Q
from django.utils.translation import gettext as _

from attendance.marking import registers
from attendance.register import detail_checks
from attendance.register.plans import Plan
from attendance.register.problems import Problem, Problems
from learners.models import Effort, Enrolment, User
from learners.studying import status_rules

LONGEST_REMARK = Enrolment._meta.get_field("remark").max_length or 0
LONGEST_REASON = 500


def may_ignore_maximum(user: User) -> bool:
    """Whether somebody has the permission, themselves or by a group: one query at most."""
    if user.is_superuser:
        return True
    mine = Permission.objects.filter(Q(user=user) | Q(group__user=user))
    return mine.filter(content_type__app_label="learners", codename="ignore_maximum").exists()


def find_problems(plan: Plan, *, by: User) -> Problems:
    """Return everything that is wrong with what was typed."""
    if not plan.is_writable:
        text = _("This register is closed. An administrator can open it again.")
        return Problems(found=[Problem(where="form", text=text)])
    found = [
        *_of_meetings(plan),
        *_of_the_maximum(plan, by),
        *_of_cells(plan),
        *detail_checks.find_problems(plan),
        *_of_statuses(plan, by),
        *_of_nothing(plan),
    ]
    return Problems(found=found)


def _of_meetings(plan: Plan) -> Iterator[Problem]:
    if not plan.typed.touches_presence or plan.meetings:
        return
    if plan.passed_over:
        text = _(
            "Nothing can be recorded for the meetings that you chose: they have yet to come, "
            "were cancelled or are closed."
        )
    else:
        text = _("Choose the meeting or meetings to which these marks belong.")
    yield Problem(where="meetings", text=text)


def _of_the_maximum(plan: Plan, by: User) -> Iterator[Problem]:
    if not plan.typed.ignore_maximum:
        return
    if not may_ignore_maximum(by):
        text = _("Only who has the permission may ignore the maximum. Leave this open.")
        yield Problem(where="ignore_maximum", text=text)
    elif not plan.typed.reason:
        yield Problem(where="reason", text=_("Say why the maximum is ignored."))
    elif len(plan.typed.reason) > LONGEST_REASON:
        yield Problem(
            where="reason", text=_("Use at most %(n)d characters.") % {"n": LONGEST_REASON}
        )


def _of_cells(plan: Plan) -> Iterator[Problem]:
    for pk, row in plan.typed.rows.items():
        if pk not in plan.people:
            continue
        if row.effort and row.effort not in Effort.values:
            text = _("Choose one of the four words.")
            yield Problem(where="effort", text=text, enrolment_id=pk)
        if row.remark and len(row.remark) > LONGEST_REMARK:
            text = _("Use at most %(n)d characters.") % {"n": LONGEST_REMARK}
            yield Problem(where="remark", text=text, enrolment_id=pk)
        if row.status and row.status not in status_rules.THE_FIVE:
            text = _("Choose one of the five.")
            yield Problem(where="status", text=text, enrolment_id=pk)


def _of_statuses(plan: Plan, by: User) -> Iterator[Problem]:
    actor = registers.acts_as(by)
    for step in plan.statuses:
        if step.to not in status_rules.THE_FIVE:
            continue
        if why := status_rules.refusal(step.enrolment, step.to, actor):
            yield Problem(where="status", text=why, enrolment_id=step.enrolment.pk)


def _of_nothing(plan: Plan) -> Iterator[Problem]:
    typed = plan.typed
    if typed.rows or typed.all_present:
        return
    if set(typed.meetings) != set(typed.seen_meetings):
        text = _(
            "The marks of the meetings that you chose are shown now. Change what is not right, "
            "then continue."
        )
    else:
        text = _("You have not changed anything yet.")
    yield Problem(where="form", text=text)
