"""What people type: the code of a certificate, and which certifications they look for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from certifications import codes, evidence
from certifications.evidence import Facts
from certifications.models import CycleState
from learners.files import file_kinds
from learners.models import User
from learners.uploading.fields import UploadsField


class CodeForm(forms.Form):
    """The code that stands on a certificate, typed in whatever way."""

    code = forms.CharField(
        label=_("Code"),
        max_length=codes.LONGEST_TYPED,
        help_text=_("Twelve letters and digits, at the bottom of the certificate: 7F3K-92QX-MB4T."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "code-input",
            }
        ),
    )

    def clean_code(self) -> str:
        """Read what was typed; a code has twelve letters and digits."""
        if codes.is_number(self.cleaned_data["code"]):
            raise ValidationError(
                _(
                    "This is the number of a certificate. What is asked here is its code: twelve "
                    "letters and digits, at the end of the web address at the bottom of the "
                    "certificate."
                )
            )
        code = codes.read(self.cleaned_data["code"])
        if not code:
            raise ValidationError(
                _("This is not a code: it has twelve letters and digits, such as 7F3K-92QX-MB4T.")
            )
        return code


class CertificationFilter(forms.Form):
    """Which of somebody's certifications are shown, and in which order."""

    mode = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Title"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("All")), *((s.value, capfirst(s.label)) for s in CycleState)],
    )
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[
            ("", _("Relevance")),
            ("published", _("Date of publication")),
            ("title", _("Title")),
        ],
    )


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FactsForm(forms.Form):
    """What evidence says of itself; nothing of it has to be known."""

    obtained_on = DayField(label=_("Obtained on"), required=False)
    ends_on = DayField(
        label=_("Valid until"), required=False, help_text=_("If it says so: its last valid day.")
    )
    issuer = forms.CharField(label=_("Issued by"), required=False, max_length=120)
    number = forms.CharField(label=_("Number"), required=False, max_length=60)

    def clean(self) -> dict[str, object]:
        """Evidence does not end before it was obtained."""
        said = super().clean() or {}
        obtained_on, ends_on = said.get("obtained_on"), said.get("ends_on")
        if obtained_on and ends_on and ends_on < obtained_on:
            self.add_error("ends_on", _("It cannot end before it was obtained."))
        return said

    @property
    def facts(self) -> Facts:
        """What was typed."""
        return Facts(**{name: self.cleaned_data[name] for name in Facts.__dataclass_fields__})


class EvidenceForm(FactsForm):
    """The files that prove it, and what they say as far as the learner knows."""

    field_order = ["file", "obtained_on", "ends_on", "issuer", "number"]
    file = UploadsField(
        label=_("Proof"),
        kinds=evidence.KINDS,
        max_size=evidence.MAX_SIZE,
        most=evidence.MOST_FILES,
        photo="photo",
        help_text=format_lazy(
            "{several} {kinds}",
            several=_("You can choose several files at once, for the front and the back."),
            kinds=file_kinds.named(evidence.KINDS),
        ),
        error_messages={"required": _("Choose the file that is your proof.")},
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by


class JudgeForm(FactsForm):
    """What whoever judges evidence read on it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["obtained_on"].required = True
