"""The forms with which somebody withdraws and evidence of force majeure is handed in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from learners.enrolling import force_majeure
from learners.evidence import judging
from learners.files.fields import SeveralFiles, UploadsField
from learners.models import StoredFile, User

KEPT_FOR = 24 * 60 * 60  # seconds; after that the purge of what nobody claimed takes them
EVIDENCE: dict[str, Any] = {"kinds": judging.KINDS, "max_size": judging.MAX_SIZE}


class ForceMajeureForm(forms.Form):
    """One or more files and a line of text. What was uploaded is not lost where something else has
    to be mended: it is stored, and the form that is shown again says which files they are.

    Evidence is sent as `proof`, as by a page that was open at an upgrade: its files are not lost.
    """

    proof = UploadsField(
        **EVIDENCE,
        label=_("Proof"),
        required=False,
        help_text=_("PDF, PNG, JPG or WEBP; at most 5 files of 20 MB."),
    )
    photo = UploadsField(
        **EVIDENCE,
        label=_("Take a picture"),
        required=False,
        widget=SeveralFiles(attrs={"accept": "image/jpeg,image/png", "capture": "environment"}),
    )
    explanation = forms.CharField(
        label=_("Explanation (you may leave it open)"),
        required=False,
        max_length=500,
        help_text=_("Only who judges the proof reads it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, learner: User, by: User, is_required: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.learner, self.by, self.is_required = learner, by, is_required
        self.kept_files: list[StoredFile] = []
        self.good: list[UploadedFile] = []

    def clean(self) -> dict[str, Any]:
        """Count what was chosen now and before; what is wrong with a file its field has said."""
        said = super().clean() or {}
        self.kept_files = self._kept(said.get("kept", ""))
        for name in ("proof", "photo"):
            field = self.fields[name]
            assert isinstance(field, UploadsField), "files are chosen there"
            self.good += field.good
        number = len(self.kept_files) + len(self.good)
        if number > force_majeure.MOST_FILES:
            self.add_error("proof", _("Choose at most 5 files."))
        if self.is_required and not number and not self.errors:
            self.add_error("proof", _("Choose the file that is your proof."))
        return said

    def store(self) -> list[StoredFile]:
        """Store what was uploaded, unclaimed, with what the form had kept."""
        stored = judging.store(files=self.good, by=self.learner)
        self.good = []
        self.kept_files += stored
        return self.kept_files

    def keep(self) -> None:
        """Store what was right, so that it needs not be chosen again."""
        kept = self.store()[: force_majeure.MOST_FILES]
        token = signing.dumps([file.pk for file in kept], salt=self._salt)
        assert isinstance(self.data, QueryDict), "sent by a browser"
        self.data = self.data.copy()
        self.data["kept"] = token

    def _kept(self, token: str) -> list[StoredFile]:
        """Return what an earlier attempt stored: only who uploaded it can name it."""
        try:
            ids: Sequence[int] = signing.loads(token, salt=self._salt, max_age=KEPT_FOR)
        except signing.BadSignature:
            return []
        free = StoredFile.objects.safe().filter(claimed_at=None, let_go_at=None, owner=self.learner)
        return list(free.filter(pk__in=ids).order_by("pk"))

    @property
    def _salt(self) -> str:
        return f"proof of {self.learner.pk} by {self.by.pk}"


class WithdrawalDayForm(forms.Form):
    """On which day somebody let know that they would not come."""

    notified_on = forms.DateField(
        label=_("The day they let know"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Not the day on which you type it in."),
    )
