"""What becomes of a waiting list that somebody leaves, who stands in for a coach, a code for paid
time, and what goes into the knowledge centre."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from learners.files import keeping
from learners.models import Enrolment, Material, Organisation, Role, User
from learners.people import codes
from learners.uploading.fields import UploadField


class DayInput(forms.DateInput):
    """A day, as a browser lets one choose it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d", **options)


class CodeForm(forms.Form):
    """A code that becomes paid time, typed in whatever way."""

    code = forms.CharField(
        label=_("I have a code"),
        max_length=codes.LONGEST_TYPED,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "code-input",
            }
        ),
    )


class LeaveForm(forms.Form):
    """What becomes of somebody who leaves a waiting list."""

    STAY, WITHDRAW = "stay", "withdraw"

    then = forms.ChoiceField(
        label=_("And then?"),
        widget=forms.RadioSelect,
        choices=[
            (STAY, _("I choose another run of this course")),
            (WITHDRAW, _("I withdraw from this course, with a valid reason")),
        ],
    )

    @classmethod
    def usual(cls, enrolment: Enrolment) -> str:
        """Who follows it in a programme mostly wants another run; who came for this one, none."""
        return cls.STAY if enrolment.part_of_id else cls.WITHDRAW


class StandInForm(forms.Form):
    """Who stands in for a coach, at which of their institutions, and from when until when."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Institution"), empty_label=None
    )
    stand_in = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Stand-in"),
        empty_label=_("Choose a coach"),
        help_text=_("Another coach of the institution."),
    )
    starts_on = forms.DateField(label=_("First day"), widget=DayInput)
    ends_on = forms.DateField(
        label=_("Last day"), widget=DayInput, help_text=_("This day counts too.")
    )

    def __init__(self, *args: Any, coach: User, **kwargs: Any) -> None:
        """Offer where this person coaches, and who else does there."""
        super().__init__(*args, **kwargs)
        self.institutions = list(
            Organisation.objects.filter(memberships__user=coach, memberships__role=Role.COACH)
        )
        ids = [institution.pk for institution in self.institutions]
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=ids)  # type: ignore[attr-defined]
        others = User.objects.filter(
            memberships__organisation__in=ids, memberships__role=Role.COACH, is_active=True
        )
        self.fields["stand_in"].queryset = others.exclude(pk=coach.pk).distinct()  # type: ignore[attr-defined]
        if len(ids) < 2:
            del self.fields["organisation"]

    @property
    def organisation_chosen(self) -> Organisation:
        """The institution that was chosen, or the only one."""
        return self.cleaned_data.get("organisation") or self.institutions[0]


class MaterialForm(forms.ModelForm):
    """Something for the knowledge centre: a new file, or a link. `by` owns what is uploaded."""

    by: User | None = None
    upload = UploadField(label=_("file"), required=False)

    class Meta:
        model = Material
        fields = ["course", "position", "title", "upload", "link"]

    def clean(self) -> dict[str, object]:
        """A file or a link, not both; a new file takes the place of the one before."""
        cleaned = super().clean() or {}
        has_file = bool(cleaned.get("upload") or (self.instance.file_id and not cleaned["link"]))
        if "upload" in cleaned and has_file == bool(cleaned.get("link")):
            self.add_error("upload", _("Give a file or a link, not both."))
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """The constraint on file and link is looked at above: the file is claimed on saving."""
        return {*super()._get_validation_exclusions(), "file", "link"}  # type: ignore[misc]

    def save(self, commit: bool = True) -> Material:
        """Claim the file, and point the material to it."""
        if stored := self.cleaned_data.get("upload"):
            self.instance.file = keeping.claim(stored=stored)
        elif self.cleaned_data.get("link"):
            self.instance.file = None
        return super().save(commit)
