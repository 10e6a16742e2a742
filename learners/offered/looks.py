"""How the ground's states look: study statuses, places and evidence."""

from collections.abc import Mapping

from learners.hooks.pages import Look
from learners.models import EvidenceState, PlaceState, StudyStatus

LOOKS: Mapping[str, Look] = {
    StudyStatus.ENROLLED: Look("action", "calendar-check"),
    StudyStatus.NOT_STARTED: Look("neutral", "circle"),
    StudyStatus.STARTED: Look("action", "play-circle"),
    StudyStatus.RUN_CHOICE_REQUIRED: Look("waits", "signpost-split"),
    StudyStatus.TERM_LAPSED: Look("late", "hourglass-bottom"),
    StudyStatus.CANCELLED: Look("neutral", "slash-circle"),
    StudyStatus.COMPLETED: Look("good", "check-circle-fill"),
    StudyStatus.NOT_PASSED: Look("late", "x-circle"),
    StudyStatus.ABSENT: Look("late", "person-x"),
    StudyStatus.WITHDRAWN_INVALID: Look("late", "box-arrow-right"),
    StudyStatus.WITHDRAWN_VALID: Look("neutral", "box-arrow-right"),
    StudyStatus.EXEMPT: Look("good", "shield-check"),
    "archived": Look("neutral", "archive"),
    PlaceState.REQUESTED: Look("waits", "question-circle"),
    PlaceState.WAITLISTED: Look("waits", "list-ol"),
    PlaceState.BOOKED: Look("good", "check-lg"),
    PlaceState.RELEASED: Look("neutral", "box-arrow-left"),
    EvidenceState.SUBMITTED: Look("waits", "hourglass-split"),
    EvidenceState.ACCEPTED: Look("good", "check-circle-fill"),
    EvidenceState.REFUSED: Look("late", "x-circle"),
}
