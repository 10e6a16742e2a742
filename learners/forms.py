"""Filters of the learner's lists, and what somebody types or uploads."""

from typing import TYPE_CHECKING

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from learners.files import file_kinds, uploads
from learners.models import CourseKind, Enrolment, Material, User

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class CourseFilter(forms.Form):
    """Which of somebody's courses are shown, and in which order."""

    text = forms.CharField(label=_("Title or code"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", _("All")),
            ("open", _("Under way")),
            ("done", _("Completed or exempt")),
            ("ended", _("Ended otherwise")),
            ("archived", capfirst(_("archived"))),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[
            ("", _("Under way first")),
            ("newest", _("Newest first")),
            ("title", _("Title")),
            ("term", _("End of the study term")),
        ],
    )


class CatalogueFilter(forms.Form):
    """Which courses of the catalogue are shown."""

    text = forms.CharField(label=_("Title or code"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("All")), *((kind, capfirst(name)) for kind, name in CourseKind.choices)],
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=100)
    room = forms.BooleanField(label=_("with room left"), required=False)


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


class CoachedFilter(forms.Form):
    """Which of the people whom somebody coaches are shown."""

    text = forms.CharField(label=_("Name"), required=False, max_length=100)


class UploadField(forms.FileField):
    """A file whose kind is read from its content and whose name is made safe."""

    def __init__(
        self,
        *,
        kinds: tuple[file_kinds.Kind, ...] = file_kinds.MATERIALS,
        max_size: int = uploads.MAX_MATERIAL,
        label: "_StrOrPromise | None" = None,
        required: bool = True,
        help_text: "_StrOrPromise" = "",
        widget: forms.FileInput | None = None,
    ) -> None:
        super().__init__(
            label=label,
            required=required,
            widget=widget,
            help_text=help_text or file_kinds.named(kinds),
            allow_empty_file=True,  # `uploads` says it in words of our own
        )
        self.kinds = kinds
        self.max_size = max_size
        endings = ",".join(f".{e}" for kind in kinds for e in kind.endings)
        self.widget.attrs.setdefault("accept", endings)

    def clean(self, data: object, initial: object = None) -> UploadedFile | None:
        """Refuse what `uploads.store` would refuse, beside the field."""
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            uploads.check(upload=upload, kinds=self.kinds, max_size=self.max_size)
        return upload


class SeveralFiles(forms.FileInput):
    """The browser's own choice of files, of which one may take several."""

    allow_multiple_selected = True


class UploadsField(UploadField):
    """Several files, each looked at by itself; what is wrong with one is said with its name. `good`
    are those that are right, also where another one is refused, for a form that keeps them."""

    widget = SeveralFiles
    good: tuple[UploadedFile, ...] = ()

    def clean(self, data: object, initial: object = None) -> list[UploadedFile]:  # type: ignore[override]
        """Return the files; raises what is wrong with each."""
        given = [one for one in data or [] if one]  # type: ignore[attr-defined]
        problems = {one: self.problems_of(one) for one in given}
        self.good = tuple(one for one in given if not problems[one])
        if words := [said for one in given for said in problems[one]]:
            raise forms.ValidationError(words)
        if self.required and not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return given

    def problems_of(self, upload: UploadedFile) -> list[str]:
        """Say what is wrong with one of the files."""
        try:
            super().clean(upload)
        except forms.ValidationError as refused:
            return [f"{upload.name}: {words}" for words in refused.messages]
        return []


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
        """The constraint on file and link is looked at above: the file is stored on saving."""
        return {*super()._get_validation_exclusions(), "file", "link"}  # type: ignore[misc]

    def save(self, commit: bool = True) -> Material:
        """Store and claim the file, and point the material to it."""
        upload = self.cleaned_data.get("upload")
        if upload:
            field = self.fields["upload"]
            assert isinstance(field, UploadField)
            stored = uploads.store(
                upload=upload, owner=self.by, kinds=field.kinds, max_size=field.max_size
            )
            self.instance.file = uploads.claim(stored=stored)
        elif self.cleaned_data.get("link"):
            self.instance.file = None
        return super().save(commit)
