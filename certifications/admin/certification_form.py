"""The form in which administrators say what a certification is."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certifications.models import Certification
from learners.files import file_kinds, keeping
from learners.models import Membership, User
from learners.uploading.fields import UploadField

TITLES = ("title_nl", "title_en", "summary_nl", "summary_en")
MAX_BADGE = 2 * keeping.MEGABYTE


class CertificationForm(forms.ModelForm):
    """What a certification is; `by` owns the picture that is uploaded."""

    by: User | None = None
    upload = UploadField(
        label=_("Picture of the badge"),
        required=False,
        kinds=(file_kinds.PNG, file_kinds.JPEG, file_kinds.WEBP),
        max_size=MAX_BADGE,
        help_text=_("Square; without one it is drawn from the title and the colour."),
    )

    class Meta:
        model = Certification
        fields = (
            *("organisation", "code", "kind", *TITLES, "issuer", "open_to_learners"),
            *("upload", "badge_colour", "approvers"),
            *("remind_due_days", "remind_days", "reminds_coach"),
        )

    def clean(self) -> dict[str, Any] | None:
        """Only who works at the institution can be named to judge its evidence."""
        cleaned = super().clean() or {}
        organisation, named = cleaned.get("organisation"), cleaned.get("approvers")
        if organisation and named:
            here = Membership.objects.at_work().filter(organisation=organisation)
            if strangers := list(named.exclude(pk__in=here.values("user"))):
                message = _("At %(institution)s these people are learners at most: %(names)s.")
                names = ", ".join(person.name for person in strangers)
                self.add_error("approvers", message % {"institution": organisation, "names": names})
        return cleaned

    def save(self, commit: bool = True) -> Certification:
        """Claim the picture, and let it be the badge."""
        if stored := self.cleaned_data.get("upload"):
            self.instance.badge = keeping.claim(stored=stored)
        return super().save(commit)
