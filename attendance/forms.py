"""The few forms of teaching that are not the register itself."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _


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
