"""What is stored of somebody's way to their exam, to compare before and after."""

from exams.models import (
    Application,
    AssignmentExemption,
    Attempt,
    ExperienceEntry,
    HandIn,
    Review,
    Sample,
    SampleItem,
    Work,
)
from learners.models import AuditEntry, Enrolment, Notification

ALL = (
    Application,
    AssignmentExemption,
    Attempt,
    ExperienceEntry,
    HandIn,
    Review,
    Sample,
    SampleItem,
    Work,
)


def of(enrolment: int) -> list:
    """Return everything that is stored of the way to an exam, and how much was told and noted."""
    rows = [list(model.objects.order_by("pk").values()) for model in ALL]
    status = Enrolment.objects.values_list("status", "archived_at").get(pk=enrolment)
    return [*rows, status, Notification.objects.count(), AuditEntry.objects.count()]


def frozen(sample: Sample) -> tuple:
    """Return what never changes of a sample, whatever is done with it."""
    items = sample.items.order_by("position").values_list("pk", "position", "hand_in", "earlier")
    return (
        *(sample.number, sample.seed, sample.size, sample.drawn_from, sample.passed_over),
        *(sample.drawn_at, sample.drawn_by_id, sample.expected_on, list(items)),
    )


def decided(sample: Sample) -> tuple:
    """Return what never changes once a sample was decided."""
    items = sample.items.order_by("pk").values_list("verdict", "feedback", "by", "saved_at")
    said = sample.state, sample.feedback, sample.decided_at, sample.decided_by_id
    return (*said, list(items))
