"""The form with which one assigns a certification to people whom one chooses by name."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import (
    AdminDateWidget,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from certifications.assigning.giving import Planned
from certifications.models import AssigningMode, Certification, CertificationAssignment
from learners.models import Enrolment, User

LOOK_AGAIN = _("This is not what was shown any more: look again at what it would do.")
ASSIGNABLE = [c for c in AssigningMode.choices if c[0] != AssigningMode.CHOSEN]
MOST = 1_000


class AssignForm(forms.Form):
    """Which certification, for whom, how, and by when."""

    certification = forms.ModelChoiceField(
        queryset=Certification.objects.select_related("organisation"),
        label=_("certification"),
        widget=AutocompleteSelect(
            CertificationAssignment._meta.get_field("certification"), admin.site
        ),
    )
    learners = forms.ModelMultipleChoiceField(
        queryset=User.objects.all(),
        label=_("people"),
        widget=AutocompleteSelectMultiple(Enrolment._meta.get_field("learner"), admin.site),
        help_text=_("One, or as many as you like: type a name and choose."),
    )
    mode = forms.ChoiceField(
        label=_("how"),
        choices=ASSIGNABLE,
        help_text=_("Who is nominated may accept or decline; what is mandatory runs at once."),
    )
    due_on = forms.DateField(
        label=_("to be completed by"),
        required=False,
        widget=AdminDateWidget,
        help_text=_("Empty follows the deadline of the certification, if it has one."),
    )

    def clean_learners(self) -> list[User]:
        chosen = list(self.cleaned_data["learners"][: MOST + 1])
        if len(chosen) > MOST:
            raise forms.ValidationError(_("Choose at most %(n)d at a time.") % {"n": MOST})
        return chosen


def seal_of(said: Mapping[str, Any], planned: Sequence[Planned]) -> str:
    """Return what a list that was shown is known again by: what is assigned, to whom, how, and
    both dates of each."""
    lines = [
        (p.learner.pk, p.mode, str(p.due_before), str(p.due_on), str(p.refusal)) for p in planned
    ]
    return salted_hmac(
        "certifications.assigning", repr((said["certification"].pk, lines))
    ).hexdigest()


def is_as_shown(request: HttpRequest, said: Mapping[str, Any], planned: Sequence[Planned]) -> bool:
    """Whether this is the list to which somebody agreed: nothing was typed or changed since."""
    now = seal_of(said, planned)
    return request.POST.get("shown", now) == now
