"""The box above a programme: how its exam stands, and the one thing to do now."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from exams.assignments.standing import Asked
from exams.models import WorkState
from exams.pages import programme
from exams.pages.programme import ProgrammeWork


@dataclass(frozen=True)
class Box:
    """What the box says: `label` whose turn it is, `text` how it stands, `action` what to do, which
    `posts` where it is done at once; `improve` names what was sent back, `error` why the action was
    refused."""

    title: str
    label: str
    icon: str
    text: str
    kind: str = "action"
    action: str = ""
    url: str = ""
    more: str = ""
    more_url: str = ""
    posts: bool = False
    improve: Sequence[programme.Row] = ()
    error: str = ""


def joined(*sentences: str) -> str:
    """Put sentences behind each other; what is empty is left out."""
    return " ".join(sentence for sentence in sentences if sentence)


def to_go(work: ProgrammeWork) -> str:
    """Say what is lacking before the exam can be applied for; '' where nothing is."""
    standing = work.standing
    if standing.plan is None:
        return ""
    if standing.lacking:
        said = {"needed": standing.needed, "lacking": standing.lacking}
        return _("From %(needed)d XP the exam comes in reach; %(lacking)d XP to go.") % said
    if not standing.handed_in:
        return _("Hand in an assignment, and you can apply for the exam.")
    return ""


def step(one: Asked, work: ProgrammeWork) -> tuple[str, str]:
    """Return what to do next in words, and where."""
    improves = one.state == WorkState.SENT_BACK
    words = _("Improve: %(title)s") if improves else _("Go on: %(title)s")
    return words % {"title": one.version.title}, programme.address(work.enrolment, one)
