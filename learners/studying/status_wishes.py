"""A change of study status that somebody asks for."""

from dataclasses import dataclass
from datetime import date, datetime

from learners.models import StudyStatus, StudyStatusChange


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A change that somebody asks for; `outbox.consequences_at` says when it is due, unless this
    does, or holds it. A result may count from a day of its own, which meetings or the change say
    otherwise. Without `tells_learner` nobody is told of it, nor of what follows from it."""

    enrolment_id: int
    to: StudyStatus
    reason: str = ""
    notified_on: date | None = None
    counts_from: date | None = None
    due_at: datetime | None = None
    is_held: bool = False
    undoes: StudyStatusChange | None = None
    tells_learner: bool = True
