"""The one place in which the state of an attempt changes; the table is beside the enum."""

from django.utils.translation import gettext as _

from exams.assignments.states import WorkRefused
from exams.models import Attempt, AttemptAct, AttemptState
from exams.models.attempt import ATTEMPT_ALLOWED, ATTEMPT_LEADS_TO


class ExamRefused(WorkRefused):
    """This cannot be done with an exam; the message says why, in the user's language."""


def change(attempt: Attempt, act: AttemptAct) -> Attempt:
    """Change the state of a locked attempt by an act, with what else was set of it, and store it.
    Raises `ExamRefused` where the table does not know the act in this state."""
    if attempt.state not in ATTEMPT_ALLOWED[act]:
        words = _("This exam is “%(state)s” by now; look at it once more.")
        raise ExamRefused(words % {"state": AttemptState(attempt.state).label})
    attempt.state = ATTEMPT_LEADS_TO[act]
    attempt.save(update_fields=["state", "started_at"])
    return attempt
