"""Fields of forms that take files, whole with the form or in pieces before it.

What a field cleans is stored, unclaimed: where something else in the form has to be mended, nobody
chooses a file twice. Its form says in `by` whose files these are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.loader import render_to_string
from django.urls import reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from learners.files import file_kinds, keeping
from learners.models import StoredFile, User
from learners.uploading import chosen, room
from learners.uploading.tickets import Ticket

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

Given = tuple[Sequence[UploadedFile], Sequence[str]]  # whole files, and tokens of others
Found = tuple[Callable[[], StoredFile | None], str]  # how to get at a file, and its name


class UploadWidget(forms.Widget):
    """Choose, drop or photograph: a plain choice of files, which scripts make into more. `photo`
    is the name under which the camera sends its own, where it may."""

    template_name = "components/forms/upload.html"
    needs_multipart_form = True

    def __init__(self, ticket: Ticket, *, most: int, photo: str) -> None:
        super().__init__()
        self.ticket, self.most, self.photo = ticket, most, photo
        self.files: Sequence[StoredFile] = ()

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> Given:
        """Return the files that came along, and the tokens of those that came before."""
        whole = [*_all(files, name), *_all(files, self.photo)]
        tokens = dict.fromkeys(token for token in _all(data, _kept(name)) if "\0" not in token)
        return [one for one in whole if one], list(tokens)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files and _kept(name) not in data

    def use_required_attribute(self, initial: Any) -> bool:
        """Where a file is there in pieces, the browser has none to send."""
        return False

    def render(
        self, name: str, value: object, attrs: Any = None, renderer: object = None
    ) -> SafeString:
        """Draw it with our own templates, which Django's renderer of forms does not know."""
        return render_to_string(self.template_name, self.get_context(name, value, attrs))

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        return context | {
            "kept_name": _kept(name),
            "files": self.files,
            "most": self.most,
            "photo_name": self.photo,
            "max_size": self.ticket.max_size,
            "accept": ",".join(f".{end}" for kind in self.ticket.kinds for end in kind.endings),
            "kinds": file_kinds.named(self.ticket.kinds),
            "ticket": self.ticket.sign(),
            "address": reverse_lazy("learners:upload_begin"),
        }


class UploadsField(forms.Field):
    """Files of these kinds, at most `most` of them; what is wrong with one is said with its name,
    and those that are right are kept. Cleans to a list of stored files, unclaimed."""

    widget: UploadWidget

    def __init__(
        self,
        *,
        kinds: tuple[file_kinds.Kind, ...] = file_kinds.MATERIALS,
        max_size: int = keeping.MAX_MATERIAL,
        most: int = 1,
        label: "_StrOrPromise | None" = None,
        required: bool = True,
        help_text: "_StrOrPromise" = "",
        photo: str = "",
        **more: Any,
    ) -> None:
        self.ticket = Ticket(kinds, max_size)
        self.most = most
        self.owner: User | None = None
        super().__init__(
            label=label,
            required=required,
            widget=UploadWidget(self.ticket, most=most, photo=photo),
            help_text=help_text or file_kinds.named(kinds),
            **more,
        )

    def get_bound_field(self, form: Any, field_name: str) -> forms.BoundField:
        """Let the form say whose files these are."""
        self.owner = form.by
        return super().get_bound_field(form, field_name)

    def clean(self, value: Given) -> Any:
        """Return the files; raises what is wrong with each."""
        whole, tokens = value
        good, wrong = self._tried([*map(self._named, tokens), *map(self._sent, whole)])
        self.widget.files = good[-1:] if self.most == 1 else good
        if not wrong and len(good) > self.most > 1:
            wrong = [_("Choose at most %(n)d; take some files away.") % {"n": self.most}]
        if wrong:
            raise ValidationError(wrong)
        if self.required and not good:
            raise ValidationError(self.error_messages["required"], code="required")
        return list(self.widget.files)

    def look_at(self, stored: StoredFile) -> None:
        """Raise `ValidationError` for a file of the right kind that is of no use here."""

    def has_changed(self, initial: object, data: Given) -> bool:  # type: ignore[override]
        return any(data)

    def _tried(self, found: Iterable[Found]) -> tuple[list[StoredFile], list[str]]:
        """Return the files that can be used, and what is wrong with the others."""
        good, wrong = [], []
        for find, name in found:
            try:
                if stored := find():
                    self.look_at(stored)
                    good.append(stored)
            except ValidationError as refused:
                wrong += [_told(name, words) for words in refused.messages]
        return good, wrong

    def _named(self, token: str) -> Found:
        return lambda: chosen.read(token=token, owner=self._owner, ticket=self.ticket), ""

    def _sent(self, file: UploadedFile) -> Found:
        name = (file.name or "") if self.most > 1 else ""
        return lambda: _stored(file, self._owner, self.ticket), name

    @property
    def _owner(self) -> User:
        assert self.owner is not None, "the form says in `by` whose files it takes"
        return self.owner


class UploadField(UploadsField):
    """One file; a new one takes the place of the one before. Cleans to it, or None."""

    def clean(self, value: Given) -> StoredFile | None:
        """Return the file; raises what is wrong with it."""
        return next(iter(super().clean(value)), None)


def _stored(file: UploadedFile, owner: User, ticket: Ticket) -> StoredFile:
    room.refuse_more(owner=owner, size=file.size or 0)
    try:
        return keeping.store(upload=file, owner=owner, kinds=ticket.kinds, max_size=ticket.max_size)
    except keeping.StorageRefused:
        words = _("This file could not be stored just now. Choose it once more in a moment.")
        raise ValidationError(words, code="storage") from None


def _all(sent: Any, name: str) -> Sequence[Any]:
    """Return everything that was sent under a name, also where it came from no browser."""
    if hasattr(sent, "getlist"):
        return sent.getlist(name)
    return [sent[name]] if name in sent else []


def _told(name: str, words: str) -> str:
    return f"{name}: {words}" if name else words


def _kept(name: str) -> str:
    """Return the name of the fields that hold tokens of a field."""
    return f"{name}-kept"
