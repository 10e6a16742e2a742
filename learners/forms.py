"""What becomes of a waiting list that somebody leaves, and what goes into the knowledge centre."""

from django import forms
from django.utils.translation import gettext_lazy as _

from learners.files import keeping
from learners.models import Enrolment, Material, User
from learners.uploading.fields import UploadField


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
