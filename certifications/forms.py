"""What people type: the code of a certificate, and which certifications they look for."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from certifications import codes, evidence
from certifications.evidence import Facts
from certifications.models import CycleState
from learners.files import file_kinds
from learners.files.fields import UploadsField
from learners.models import StoredFile, User


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
    """The files that prove it, and what they say as far as the learner knows.

    What is right of the files is stored even where something else is wrong: nobody has to choose
    it, or take a picture, twice.
    """

    field_order = ["file", "photo", "kept", "obtained_on", "ends_on", "issuer", "number"]
    file = UploadsField(
        label=_("Proof"), kinds=evidence.KINDS, max_size=evidence.MAX_SIZE, required=False
    )
    photo = UploadsField(
        label=_("Picture"), kinds=file_kinds.IMAGES, max_size=evidence.MAX_SIZE, required=False
    )
    kept = forms.ModelMultipleChoiceField(queryset=StoredFile.objects.none(), required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.stored: list[StoredFile] = []
        self.fields["kept"].queryset = evidence.unclaimed_of(by)  # type: ignore[attr-defined]
        self.fields["photo"].widget.attrs |= {"accept": "image/*", "capture": "environment"}

    def clean(self) -> dict[str, object]:
        """There is a file, and not more than one can look through."""
        said = super().clean() or {}
        kept: Iterable[StoredFile] = said.get("kept") or ()  # type: ignore[assignment]
        self.stored = [*kept, *self._store_what_is_right()]
        is_wrong = {"file", "photo"} & set(self.errors)
        if not self.stored and not is_wrong:
            self.add_error("file", _("Choose the file that is your proof."))
        elif len(self.stored) > evidence.MOST_FILES:
            most = {"n": evidence.MOST_FILES}
            self.add_error("file", _("At most %(n)d files; leave some out.") % most)
        return said

    def _store_what_is_right(self) -> list[StoredFile]:
        right = []
        for name in ("file", "photo"):
            field = self.fields[name]
            assert isinstance(field, UploadsField)
            given = [one for one in self.files.getlist(name) if one]
            right += [one for one in given if not field.problems_of(one)]
        return evidence.store(files=right[: evidence.MOST_FILES + 1], by=self.by)


class JudgeForm(FactsForm):
    """What whoever judges evidence read on it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["obtained_on"].required = True
