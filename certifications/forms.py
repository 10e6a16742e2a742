"""The form in which somebody types a code."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from certifications import codes


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
        code = codes.read(self.cleaned_data["code"])
        if not code:
            raise ValidationError(
                _("This is not a code: it has twelve letters and digits, such as 7F3K-92QX-MB4T.")
            )
        return code
