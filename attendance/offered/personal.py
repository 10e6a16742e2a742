"""What registers hold of somebody: for themselves, and until it may be cleared."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import F, Q

from attendance.marking.values import MarkValue
from attendance.models import Attendance, AttendanceChange, RegisterSaving
from learners.hooks.personal import Personal
from learners.models import NOT_FINAL, Enrolment, Organisation, Place, User
from learners.pseudonyms import clear_log, years_before

BATCH = 2_000
OWN = [name for name in MarkValue._fields if name != "excuse"]  # what staff note is for staff


def export(user: User) -> Mapping[str, object]:
    """Return at which meetings somebody was marked as what, in plain values."""
    marks = Attendance.objects.filter(enrolment__learner=user).order_by("pk")
    return {
        "attendance": list(
            marks.values(
                *OWN,
                "enrolment_id",
                in_run=F("meeting__run__code"),
                meeting_begins_at=F("meeting__begins_at"),
                recorded_at=F("at"),
            )
        )
    }


def active_since(since: datetime) -> Q:
    """Keep people who were marked since then."""
    marks = Attendance.objects.filter(at__gte=since)
    return Q(pk__in=marks.values("enrolment__learner"))


def pseudonymise(ids: Collection[int], *, at: datetime) -> None:
    """Forget the words that the savings of these people's registers kept, and why they were
    excused; the marks stay. A step in which nothing else changed than such words goes with them."""
    runs = Place.objects.filter(enrolment__learner__in=ids).values("run")
    RegisterSaving.objects.filter(run__in=runs).exclude(summary={}).update(summary={})
    Attendance.objects.filter(enrolment__learner__in=ids).exclude(excuse="").update(excuse="")
    changes = AttendanceChange.objects.filter(enrolment__learner__in=ids).order_by()
    changes.filter(**{f"from_{name}": F(f"to_{name}") for name in OWN}).delete()
    changes.exclude(from_excuse="", to_excuse="").update(from_excuse="", to_excuse="")
    clear_log("attendance.participation", Enrolment.objects.filter(learner__in=ids).values("pk"))


def forget(organisation: Organisation, now: datetime) -> None:
    """Delete the marks that are older than the institution keeps attendance."""
    forget_marks(organisation, before=years_before(now, organisation.attendance_kept_years))


def forget_marks(organisation: Organisation, *, before: datetime) -> int:
    """Delete the marks of meetings that ended before this, and return how many there were.

    Not of who still follows the course, nor of who has no name any more: there they are figures.
    """
    old = Q(meeting__ends_at__lt=before, meeting__run__course__organisation=organisation)
    named = Q(enrolment__learner__pseudonymised_at=None) & ~Q(enrolment__status__in=NOT_FINAL)
    forgotten = 0
    for model in (AttendanceChange, Attendance):
        rows = model.objects.filter(old, named).order_by()
        while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
            forgotten += model.objects.filter(pk__in=keys).delete()[0]
    return forgotten


PERSONAL = Personal(
    export=export, active_since=active_since, pseudonymise=pseudonymise, forget=forget
)
