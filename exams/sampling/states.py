"""The one place in which the state of a sample changes; the table is beside the enum."""

from django.utils.translation import gettext as _

from exams.assignments.states import WorkRefused
from exams.models import Sample, SampleAct, SampleState
from exams.models.sample import SAMPLE_ALLOWED, SAMPLE_LEADS_TO


class SampleRefused(WorkRefused):
    """This cannot be done with a sample; the message says why, in the user's language."""


def change(sample: Sample, act: SampleAct) -> Sample:
    """Change the state of a locked sample by an act, with what else was set of it, and store it.
    Raises `SampleRefused` where the table does not know the act in this state."""
    refuse(sample, act)
    sample.state = SAMPLE_LEADS_TO[act]
    sample.save(update_fields=["state", "feedback", "decided_at", "decided_by"])
    return sample


def refuse(sample: Sample, act: SampleAct) -> None:
    """Raise `SampleRefused` where the table does not know the act in this state."""
    if sample.state not in SAMPLE_ALLOWED[act]:
        words = _("This sample is “%(state)s” by now; look at it once more.")
        raise SampleRefused(words % {"state": SampleState(sample.state).label})
