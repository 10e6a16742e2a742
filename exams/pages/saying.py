"""The form of a conversation about a piece of work, at both of its sides."""

import secrets

from django import forms
from django.utils.translation import gettext_lazy as _

from exams.conversing import conversations


class SayForm(forms.Form):
    """Something to say to who is at the other side; `sent_as` names the form, so that it is said
    once."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=conversations.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write something.")},
    )
    sent_as = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    @classmethod
    def new(cls, text: str = "") -> "SayForm":
        """Return one that was not sent yet, under a name of its own."""
        return cls(initial={"sent_as": secrets.token_urlsafe(12), "text": text})
