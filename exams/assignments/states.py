"""The one place in which the state of a work changes; the table is beside the enum."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from exams.models import Work, WorkAct, WorkState
from exams.models.work import LEADS_TO, may_follow

FIELDS = ("state", "number", "version", "waits_since", "expected_on")


class WorkRefused(Exception):
    """This cannot be done with a work; the message says why, in the user's language."""


class WorkIncomplete(WorkRefused):
    """Something has to be added first; the message says what."""


@dataclass(frozen=True)
class Wait:
    """Since when a work waits for a coach, and by when its learner may expect to hear."""

    since: datetime
    expected_on: date


def change(work: Work, act: WorkAct, *, wait: Wait | None = None) -> Work:
    """Change the state of a locked work by an act and store it. What waited already goes on
    waiting since then, as a newer version does not send anybody to the end of the queue.

    Raises `WorkRefused` where the table does not know the act in this state.
    """
    refuse(work, act)
    to = facts_of(work) if act is WorkAct.RESTORE else LEADS_TO[act]
    if to != WorkState.HANDED_IN:
        wait = None
    elif work.waits_since and work.expected_on:
        wait = Wait(work.waits_since, work.expected_on)
    work.state = to
    work.waits_since = wait.since if wait else None
    work.expected_on = wait.expected_on if wait else None
    work.save(update_fields=FIELDS)
    return work


def refuse(work: Work, act: WorkAct) -> None:
    """Raise `WorkRefused` where the table does not know the act in this state."""
    if not may_follow(work.state, act):
        words = _("This assignment is “%(state)s” by now; look at it once more.")
        raise WorkRefused(words % {"state": WorkState(work.state).label})


def facts_of(work: Work) -> WorkState:
    """Return how a work stands by what was handed in and what was said of it, exempt or not."""
    newest = work.hand_ins.select_related("version").filter(number=work.number).first()
    if newest is None:
        return WorkState.TO_DO
    said = newest.reviews.given().first()
    if said is not None:
        return WorkState(said.verdict)
    return WorkState.HANDED_IN if newest.version.is_reviewed else WorkState.DONE
