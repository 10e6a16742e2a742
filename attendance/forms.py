"""The few forms of teaching that are not the register itself."""

from datetime import date, timedelta

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

A_WEEK = timedelta(days=7)


class Moment(models.TextChoices):
    TODAY = "today", _("Today")
    COMING = "coming", _("Coming")
    PAST = "past", _("Past")


class RunFilterForm(forms.Form):
    """Which of my runs to list; its state is the address."""

    q = forms.CharField(
        label=_("Course or place"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search"}),
    )
    when = forms.ChoiceField(
        label=_("When"),
        required=False,
        choices=[("", _("All")), *Moment.choices],
        widget=forms.Select(attrs={"class": "form-select", "data-submit": ""}),
    )


class ReopenForm(forms.Form):
    """Until when a closed register opens again, and why."""

    until = forms.DateField(
        label=_("Open until and including"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The teachers of this run are told."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the history, and the teachers read it."),
    )

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.today = today
        self.fields["until"].initial = today + A_WEEK

    def clean_until(self) -> date:
        """A day that is over opens nothing."""
        until: date = self.cleaned_data["until"]
        if until < self.today:
            raise forms.ValidationError(_("Choose today or a later day."))
        return until
