"""How the states of work look."""

from exams.models import WorkState
from learners.hooks.pages import Look

LOOKS = {
    WorkState.TO_DO: Look("neutral", "circle"),
    WorkState.HANDED_IN: Look("waits", "hourglass-split"),
    WorkState.SENT_BACK: Look("late", "arrow-return-left"),
    WorkState.APPROVED: Look("good", "check2"),
    WorkState.DONE: Look("good", "check2"),
}
