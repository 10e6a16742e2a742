"""What a coach typed on the page of a review: feedback, and remarks beside the work. Whichever
button sends the page, all of it comes along, so that nothing is lost."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from exams.assignments.drafts import LONGEST_WINDOW
from exams.models import HandIn, Review
from exams.models.review import MINUTE, PLAYED
from exams.reviewing import reviews
from exams.reviewing.reviews import NewRemark, ReviewRefused, Window
from learners.models import StoredFile

MINE, THAT = "mine", "that"  # which of two texts its author wants
TEXT = "text"  # what a remark on a line is about; on a file it is the file's key
LARGEST = 2**31 - 1  # revision
_PLACE = re.compile(r"(?:(\d{1,4}):)?(\d{1,7})")


@dataclass(frozen=True)
class TypedRemark:
    """A remark as it was typed, what it is about, and what is wrong with it."""

    about: str
    text: str
    place: str
    new: NewRemark | None = None
    error: str = ""


@dataclass(frozen=True)
class Typed:
    """All that was typed, in which window. `other` is what another window went on with meanwhile,
    and `is_left` says that its author wants that instead."""

    feedback: str
    window: Window
    remarks: Mapping[str, TypedRemark] = field(default_factory=dict)
    feedback_error: str = ""
    other: Review | None = None
    is_left: bool = False

    @property
    def new_remarks(self) -> list[NewRemark]:
        return [one.new for one in self.remarks.values() if one.new]

    @property
    def is_refused(self) -> bool:
        """Whether a remark cannot be kept as it was typed."""
        return any(one.error for one in self.remarks.values())

    def with_error(self, words: str) -> "Typed":
        """Return the same, with what is wrong with the feedback."""
        return replace(self, feedback_error=words)

    def beside(self, other: Review) -> "Typed":
        """Return the same, beside what another window kept, and no remark: those were kept."""
        return replace(self, remarks={}, other=other)


def read(sent: Mapping[str, str], hand_in: HandIn) -> Typed:
    """Read what was typed about a hand-in. A remark without a word counts where its own button was
    pressed: it then says that a word is lacking."""
    files = {str(row.file_id): row.file for row in hand_in.files.select_related("file")}
    typed = {}
    for about in (TEXT, *files):
        text, place = sent.get(f"remark-{about}", ""), sent.get(f"place-{about}", "").strip()
        if text.strip() or sent.get("about") == about:
            typed[about] = _remark(hand_in, about, text, place, files.get(about))
    return Typed(sent.get("feedback", ""), _window(sent), typed, is_left=sent.get("use") == THAT)


def _window(sent: Mapping[str, str]) -> Window:
    """Read from which revision a window began: where it showed what another one kept, and its
    author wants their own or gives what they see, from that."""
    knows = sent.get("use") == MINE or "verdict" in sent
    revision = sent.get("shown") if knows and sent.get("shown") else sent.get("revision", "")
    name = sent.get("window", "")[:LONGEST_WINDOW].replace("\0", "")
    return Window(_revision(revision or ""), name)


def _revision(said: str) -> int:
    """Return a revision that the page wrote itself; for anything else one that is older than what
    is there, so that nothing is overwritten."""
    return min(int(said), LARGEST) if said.isascii() and said.isdigit() and len(said) < 20 else -1


def _remark(
    hand_in: HandIn, about: str, text: str, place: str, file: StoredFile | None
) -> TypedRemark:
    try:
        new = NewRemark(text, _place(place, is_played=bool(file and file.kind in PLAYED)), file)
        reviews.refuse_remark(hand_in, new)
    except ReviewRefused as refused:
        return TypedRemark(about, text, place, error=str(refused))
    return TypedRemark(about, text, place, new=new)


def _place(typed: str, *, is_played: bool) -> int | None:
    """Read a line, a page, or a moment of a film as 83 or 1:23."""
    found = _PLACE.fullmatch(typed)
    if not typed:
        return None
    if not found or (found[1] and not is_played):
        words = (
            _("“%(typed)s” is no number; write it as 1:23.")
            if is_played
            else _("“%(typed)s” is no number; write it as 3.")
        )
        raise ReviewRefused(words % {"typed": typed[:20]})
    return int(found[1] or 0) * MINUTE + int(found[2])
