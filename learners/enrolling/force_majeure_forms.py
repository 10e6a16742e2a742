"""The forms with which somebody withdraws and evidence of force majeure is handed in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from learners.enrolling import force_majeure
from learners.evidence import judging
from learners.models import User
from learners.uploading.fields import UploadsField


class ForceMajeureForm(forms.Form):
    """One or more files and a line of text; `by` sends them, for themselves or for a learner.

    Evidence is sent as `proof`, as by a page that was open at an upgrade: its files are not lost.
    """

    proof = UploadsField(
        kinds=judging.KINDS,
        max_size=judging.MAX_SIZE,
        most=force_majeure.MOST_FILES,
        photo="photo",
        label=_("Proof"),
        required=False,
        error_messages={"required": _("Choose the file that is your proof.")},
    )
    explanation = forms.CharField(
        label=_("Explanation (you may leave it open)"),
        required=False,
        max_length=500,
        help_text=_("Only who judges the proof reads it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, by: User, is_required: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["proof"].required = is_required


class WithdrawalDayForm(forms.Form):
    """On which day somebody let know that they would not come."""

    notified_on = forms.DateField(
        label=_("The day they let know"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Not the day on which you type it in."),
    )
