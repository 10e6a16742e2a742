"""Fields of forms that take files; what is wrong with one is said beside the field."""

from typing import TYPE_CHECKING

from django import forms
from django.core.files.uploadedfile import UploadedFile

from learners.files import file_kinds, uploads

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


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
