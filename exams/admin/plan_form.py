"""The form of an exam plan: what it means for people is said, and agreed to, before it is saved."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exams.assignments import planning
from exams.assignments.planning import Reach
from exams.models import ExamPlan
from learners.models import CompletedBy, Programme

AGREED = "plan-agreed"


def refuse_without_exam(programme: Programme | None) -> None:
    """Raise a `ValidationError` for a programme that no exam completes."""
    if programme is not None and programme.completed_by != CompletedBy.EXAM:
        raise ValidationError(
            _("Only a programme that is completed by an exam has assignments; say so there first.")
        )


class PlanForm(forms.ModelForm):
    """From how many XP the exam is in reach, when XP is earned, and how large a sample is."""

    class Meta:
        model = ExamPlan
        fields = ("programme", "needed_xp", "xp_from", "sample_size")

    def clean_programme(self) -> Programme:
        programme: Programme = self.cleaned_data["programme"]
        refuse_without_exam(programme)
        return programme

    def clean(self) -> dict[str, Any]:
        """Ask no more XP than there are; say who comes in reach, and ask for a tick."""
        said = super().clean() or {}
        if self.errors:
            return said
        plan = self.instance
        if not plan.pk:
            plan = ExamPlan(programme=said["programme"])
        if "needed_xp" in self.changed_data and (why := planning.too_much(plan, said["needed_xp"])):
            self.add_error("needed_xp", why)
        elif plan.pk and {"needed_xp", "xp_from"} & set(self.changed_data):
            self._ask(plan, said["needed_xp"], said["xp_from"])
        return said

    def _ask(self, plan: ExamPlan, needed_xp: int, xp_from: str) -> None:
        agreed = f"{needed_xp},{xp_from}"
        if self.data.get(AGREED) == agreed:
            return
        reach = planning.reach_of(plan=plan, needed_xp=needed_xp, xp_from=xp_from)
        if reach:
            raise ValidationError(_question(reach, agreed))


def _question(reach: Reach, agreed: str) -> SafeString:
    """Return what changes for people, with the tick that agrees to it."""
    said = format_html_join("", "<p>{}</p>", ((words,) for words in _words(reach)))
    return format_html(
        '{}<label class="remove-asked"><input type="checkbox" name="{}" value="{}"> {}</label>',
        said,
        AGREED,
        agreed,
        _("Yes, change the plan. Tick here, and save again."),
    )


def _words(reach: Reach) -> list[str]:
    words = []
    if n := reach.earning:
        earning = ngettext(
            "XP is given at once for %(n)d piece of work that was handed in already.",
            "XP is given at once for %(n)d pieces of work that were handed in already.",
            n,
        )
        words.append(earning % {"n": n})
    if n := reach.comes_in:
        comes = ngettext(
            "For %(n)d person who follows the programme the exam comes in reach.",
            "For %(n)d people who follow the programme the exam comes in reach.",
            n,
        )
        words.append(comes % {"n": n})
    if n := reach.falls_out:
        falls = ngettext(
            "For %(n)d person who follows the programme the exam is no longer in reach.",
            "For %(n)d people who follow the programme the exam is no longer in reach.",
            n,
        )
        words.append(falls % {"n": n})
    return words
