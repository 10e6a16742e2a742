"""How the states of work and of samples look."""

from collections.abc import Mapping

from exams.models import SampleState, WorkState
from learners.hooks.pages import Look

LOOKS: Mapping[str, Look] = {
    WorkState.TO_DO: Look("neutral", "circle"),
    WorkState.HANDED_IN: Look("waits", "hourglass-split"),
    WorkState.SENT_BACK: Look("late", "arrow-return-left"),
    WorkState.APPROVED: Look("good", "check2"),
    WorkState.DONE: Look("good", "check2"),
    SampleState.DRAWN: Look("waits", "hourglass-split"),
    SampleState.BEING_ASSESSED: Look("waits", "hourglass-split"),
}
