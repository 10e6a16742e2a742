"""The form of an answer: what every button of it sends, and how that is kept before anything else
is done."""

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from exams.assignments import drafts
from exams.assignments.drafts import LONGEST_WINDOW, Saved
from exams.assignments.states import WorkRefused
from exams.models import Work
from learners.files.keeping import MEGABYTE
from learners.keys import key_in
from learners.models import StoredFile, User
from learners.uploading.fields import UploadsField

MAX_FILE = 100 * MEGABYTE
MOST = 2**31 - 1  # what a column of whole numbers holds


@dataclass(frozen=True)
class Seen:
    """What the window that sent a form had seen: how many versions, which revision of the draft;
    which version of the assignment and which files, None where it says nothing of these; and which
    window it is, with how often it sent something."""

    number: int = 0
    revision: int = 0
    read: int | None = None
    files: frozenset[int] | None = None
    window: str = ""
    turn: int = 0


class AnswerForm(forms.Form):
    """A text and new files; `by` is whose they are. Both are taken whatever the assignment asks, so
    that nothing is lost where it asks something else by now."""

    text = forms.CharField(
        label=_("Your text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "data-draft-text": ""}),
    )
    new_files = UploadsField(
        label=_("New files"),
        max_size=MAX_FILE,
        most=drafts.MOST_FILES,
        photo="photo",
        required=False,
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "answer-%s", **kwargs})
        self.by = by
        self.seen = Seen(
            number=self._counted("number"),
            revision=self._counted("revision"),
            read=self._counted("read") if "read" in self.data else None,
            files=_keys(self.data["shown_files"]) if "shown_files" in self.data else None,
            window=str(self.data.get("window", ""))[:LONGEST_WINDOW].replace("\0", ""),
            turn=self._counted("turn"),
        )

    @property
    def names_files(self) -> bool:
        """Whether it came with files, or the names of some that came before it."""
        return self.fields["new_files"].has_changed(None, self["new_files"].data)

    def clean_text(self) -> str:
        """Refuse a text that is too long."""
        try:
            return drafts.refuse_too_long(self.cleaned_data["text"])
        except WorkRefused as refused:
            raise ValidationError(str(refused), code="too_long") from None

    def keep(self, work: Work, why_closed: str = "") -> Saved | None:
        """Keep what came in the draft: the text, and then the files. None where something has to be
        mended first, which is said beside its field; what is right is kept all the same. Where
        nobody can work now no file is added, and nothing is begun."""
        self.full_clean()
        if why_closed and work.pk is None:
            self.add_error(None, why_closed)
            return None
        if why_closed and self.names_files:
            self.add_error("new_files", why_closed)
        saved = self._keep_text(work)
        if saved is None or "new_files" in self.errors or not self._add_files(work):
            self._has_become(saved)
            return None
        return saved

    def shown_in(self, work: Work) -> frozenset[int] | None:
        """Return the files of a draft, by their keys, that whoever sent this saw or chose in it;
        None where it says nothing of them."""
        if self.seen.files is None:
            return None
        _whole, tokens = self["new_files"].data
        came_before = StoredFile.objects.filter(owner=self.by, token__in=tokens)
        own = [*self.cleaned_data.get("new_files", ()), *came_before]
        return self.seen.files | drafts.same_in(work, own)

    def _keep_text(self, work: Work) -> Saved | None:
        """Keep the text; a form that has none says nothing of it."""
        if "text" in self.errors:
            return None
        if "text" not in self.data:
            return Saved(drafts.of(work))
        try:
            return drafts.save_text(
                work=work,
                by=self.by,
                text=self.cleaned_data["text"],
                revision=self.seen.revision,
                window=self.seen.window,
                turn=self.seen.turn,
            )
        except WorkRefused as refused:
            self.add_error("text", str(refused))
            return None

    def _add_files(self, work: Work) -> bool:
        files = self.cleaned_data["new_files"]
        try:
            if files:
                drafts.add_files(work=work, files=files, by=self.by)
        except WorkRefused as refused:
            self.add_error("new_files", str(refused))
            return False
        return True

    def _has_become(self, saved: Saved | None) -> None:
        """Let the form that is shown again begin from what it has just kept."""
        if saved and saved.is_ahead:
            self.seen = replace(self.seen, revision=saved.draft.revision)

    def _counted(self, name: str) -> int:
        """Return a number that the page wrote itself; 0 for anything else, which is then older than
        what is there, so that nothing is overwritten."""
        return min(key_in(str(self.data.get(name, ""))) or 0, MOST)


def _keys(said: str) -> frozenset[int]:
    """Return the keys of files that a page says to show; what is none is left out."""
    return frozenset(int(one) for one in said.split() if one.isdecimal() and len(one) < 20)
