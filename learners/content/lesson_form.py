"""The form of a lesson: it has what its kind needs, and says beside the field what it lacks."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from learners.files import captions, file_kinds, keeping, showing
from learners.models import IS_A_FILE, Lesson, LessonKind, StoredFile, User
from learners.uploading.fields import UploadField

MAX_CAPTIONS = keeping.MEGABYTE
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

    def look_at(self, stored: StoredFile) -> None:
        """Read them; raises what is wrong with them."""
        with stored.open() as content:
            captions.check(content.read())


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

    def _check_file(self, kind: str | None, stored: StoredFile | None) -> None:
        """A picture is a picture, and a video one that every browser plays."""
        if kind not in IS_A_FILE:
            if stored:
                self.add_error("upload", _("A lesson of this kind has no file."))
            return
        kinds = FILES_OF[LessonKind(kind)]
        mimes = {one.mime for one in kinds}
        if stored:
            self._check_stored(LessonKind(kind), stored, kinds)
        elif not self.instance.file or self.instance.file.kind not in mimes:
            words = _("Choose a file: %(kinds)s.") % {"kinds": file_kinds.named(kinds)}
            self.add_error("upload", words)

    def _check_stored(
        self, kind: LessonKind, stored: StoredFile, kinds: Sequence[file_kinds.Kind]
    ) -> None:
        """Say of a file that was sent that it is of another kind, or that not every browser plays
        it."""
        if stored.kind not in {one.mime for one in kinds}:
            self.add_error("upload", keeping.wrong_kind(kinds))
        elif kind == LessonKind.VIDEO and (shown := showing.of_stored(stored)).as_ is None:
            self.add_error("upload", forms.ValidationError(shown.words, code="not_played"))

    def _get_validation_exclusions(self) -> set[str]:
        """The constraints on what a kind needs are looked at above: files are claimed on saving."""
        return {*super()._get_validation_exclusions(), "kind"}  # type: ignore[misc]

    def save(self, commit: bool = True) -> Lesson:
        """Claim the files, and let go of what the kind does not show."""
        lesson = self.instance
        lesson.file = self._stored("upload", lesson.file) if lesson.kind in IS_A_FILE else None
        for name in ("captions_nl", "captions_en"):
            before = None if self.cleaned_data.get(f"drop_{name}") else getattr(lesson, name)
            kept = self._stored(f"upload_{name}", before)
            setattr(lesson, name, kept if lesson.kind == LessonKind.VIDEO else None)
        return super().save(commit)

    def _stored(self, name: str, before: StoredFile | None) -> StoredFile | None:
        """Return the new file of a field, or the one of before."""
        stored = self.cleaned_data.get(name)
        return keeping.claim(stored=stored) if stored else before
