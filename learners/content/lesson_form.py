"""The form of a lesson: it has what its kind needs, and says beside the field what it lacks."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from learners.files import captions, file_kinds, showing, uploads
from learners.files.fields import UploadField
from learners.models import IS_A_FILE, Lesson, LessonKind, StoredFile, User

MAX_CAPTIONS = uploads.MEGABYTE
FILES_OF = {
    LessonKind.PICTURE: file_kinds.IMAGES,
    LessonKind.VIDEO: (file_kinds.MP4, file_kinds.QUICKTIME),
    LessonKind.PDF: (file_kinds.PDF,),
    LessonKind.FILE: file_kinds.MATERIALS,
}
# What only lessons of one kind have, and what is said to who gives it to another.
ONLY_OF = {
    "link": (LessonKind.LINK, _("Only a lesson of the kind “link” has one.")),
    "alt_nl": (LessonKind.PICTURE, _("Only a picture is described.")),
    "alt_en": (LessonKind.PICTURE, _("Only a picture is described.")),
    "upload_captions_nl": (LessonKind.VIDEO, _("Only a video has captions.")),
    "upload_captions_en": (LessonKind.VIDEO, _("Only a video has captions.")),
}
NEEDED = {
    LessonKind.TEXT: ("body_nl", _("Write the text in Dutch.")),
    LessonKind.PICTURE: ("alt_nl", _("Say what the picture shows, for who cannot see it.")),
    LessonKind.LINK: ("link", _("Give the address to which the link leads.")),
}


class CaptionsField(UploadField):
    """Captions, of which the times are looked at."""

    def __init__(self, **fields: Any) -> None:
        super().__init__(
            kinds=(file_kinds.VTT,),
            max_size=MAX_CAPTIONS,
            required=False,
            help_text=_("WebVTT, as video programmes write it."),
            **fields,
        )

    def clean(self, data: object, initial: object = None) -> UploadedFile | None:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            captions.check(upload.read())
            upload.seek(0)
        return upload


class LessonForm(forms.ModelForm):
    """A lesson, with a new file where it needs one. `by` owns what is uploaded."""

    by: User | None = None
    upload = UploadField(
        label=_("file"),
        required=False,
        help_text=_(
            "A picture (PNG, JPG, WEBP), a video (MP4 or MOV, with H.264), a PDF, or any file to "
            "download."
        ),
    )
    upload_captions_nl = CaptionsField(label=_("captions (Dutch)"))
    upload_captions_en = CaptionsField(label=_("captions (English)"))
    drop_captions_nl = forms.BooleanField(label=_("remove the Dutch captions"), required=False)
    drop_captions_en = forms.BooleanField(label=_("remove the English captions"), required=False)

    class Meta:
        model = Lesson
        fields = [
            *("course", "position", "kind", "title_nl", "title_en", "minutes"),
            *("body_nl", "body_en", "upload", "alt_nl", "alt_en"),
            *("upload_captions_nl", "drop_captions_nl"),
            *("upload_captions_en", "drop_captions_en", "link"),
        ]
        help_texts = {
            "body_nl": _("Markdown: # heading, **bold**, - list, [words](https://address)."),
            "minutes": _("About; it is shown beside the title."),
        }

    def clean(self) -> dict[str, Any]:
        """What the kind needs is there, and nothing that it does not show."""
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        for name, (only_kind, said) in ONLY_OF.items():
            if cleaned.get(name) and kind != only_kind:
                self.add_error(name, said)
        if needed := NEEDED.get(LessonKind(kind)) if kind else None:
            name, said = needed
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, said)
        if "upload" in cleaned:
            self._check_file(kind, cleaned.get("upload"))
        return cleaned

    def _check_file(self, kind: str | None, upload: UploadedFile | None) -> None:
        """A picture is a picture, and a video one that every browser plays."""
        if kind not in IS_A_FILE:
            if upload:
                self.add_error("upload", _("A lesson of this kind has no file."))
            return
        kinds = FILES_OF[LessonKind(kind)]
        if upload:
            try:
                found = uploads.check(upload=upload, kinds=kinds, max_size=uploads.MAX_MATERIAL)
                if kind == LessonKind.VIDEO:
                    _refuse_not_played(upload, found)
            except forms.ValidationError as refused:
                self.add_error("upload", refused)
        elif not self.instance.file or self.instance.file.kind not in {k.mime for k in kinds}:
            words = _("Choose a file: %(kinds)s.") % {"kinds": file_kinds.named(kinds)}
            self.add_error("upload", words)

    def _get_validation_exclusions(self) -> set[str]:
        """The constraints on what a kind needs are looked at above: files are stored on saving."""
        return {*super()._get_validation_exclusions(), "kind"}  # type: ignore[misc]

    def save(self, commit: bool = True) -> Lesson:
        """Store and claim the files, and let go of what the kind does not show."""
        lesson = self.instance
        lesson.file = self._stored("upload", lesson.file) if lesson.kind in IS_A_FILE else None
        for name in ("captions_nl", "captions_en"):
            before = None if self.cleaned_data.get(f"drop_{name}") else getattr(lesson, name)
            kept = self._stored(f"upload_{name}", before)
            setattr(lesson, name, kept if lesson.kind == LessonKind.VIDEO else None)
        return super().save(commit)

    def _stored(self, name: str, before: StoredFile | None) -> StoredFile | None:
        """Return the new file of a field, or the one of before."""
        upload, field = self.cleaned_data.get(name), self.fields[name]
        assert isinstance(field, UploadField)
        if not upload:
            return before
        stored = uploads.store(
            upload=upload, owner=self.by, kinds=field.kinds, max_size=field.max_size
        )
        return uploads.claim(stored=stored)


def _refuse_not_played(upload: UploadedFile, kind: file_kinds.Kind) -> None:
    """Raise `ValidationError` for a film that not every browser plays."""
    shown = showing.of_content(upload.file, kind)  # type: ignore[arg-type]
    upload.seek(0)
    if shown.as_ is None:
        raise forms.ValidationError(shown.words, code="not_played")
