"""Closing the register of a run by hand, and opening a closed one again.

Source: the attendance rules. A register closes by itself some days after the last meeting, or by
hand; only an administrator reopens it, with a reason and a new last day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance.marking import registers
from attendance.marking.registers import MeetingColumn
from attendance.register import drafts
from learners import audit
from learners.models import Enrolment, Place, Run, User
from learners.telling import notify

NAMED = 3  # administrators whom somebody can ask


@dataclass(frozen=True, kw_only=True)
class StillOpen:
    """What would stay as it is when a register closes now."""

    unrecorded: Sequence[MeetingColumn]
    undecided: Sequence[Enrolment]
    is_typed: bool  # something was filled in and not saved

    @property
    def marks(self) -> int:
        """How many marks are missing, over all meetings."""
        return sum(column.unrecorded for column in self.unrecorded)


class ClosingRefused(Exception):
    """The register stays as it is; the message says why, in the user's language."""


def is_open(run: Run) -> bool:
    """Whether the teachers of a run may change its register today."""
    return run.register_is_open(run.course.organisation.today())


def what_is_open(run: Run, user: User) -> StillOpen:
    """Return what is not recorded or decided yet in a run that came from `registers.runs_for`."""
    columns = registers.meetings_of(
        run,
        now=timezone.now(),
        booked=run.booked,  # type: ignore[attr-defined]
        is_locked=False,
    )
    booked = Place.objects.booked().filter(run=run).values("enrolment")
    undecided = Enrolment.objects.open().filter(pk__in=booked).select_related("learner")
    return StillOpen(
        unrecorded=[column for column in columns if column.unrecorded],
        undecided=list(undecided.order_by("learner__sort_name", "pk")),
        is_typed=drafts.find(run=run, by=user) is not None,
    )


def why_not_to_close(run: Run) -> str | None:
    """Say why a register cannot be closed by hand, or None where it can."""
    if run.ends_at and run.ends_at > timezone.now() and run.cancelled_at is None:
        return _("There are meetings to come; the register can be closed after the last one.")
    return None


@transaction.atomic
def close_register(*, run: Run, by: User) -> Run:
    """Close the register of a run from now on. Done twice, it is done once.

    Raises `ClosingRefused` while meetings are to come.
    """
    run = _locked(run)
    if not is_open(run):
        return run
    if why := why_not_to_close(run):
        raise ClosingRefused(why)
    run.register_closed_at, run.register_closed_by = timezone.now(), by
    run.save(update_fields=["register_closed_at", "register_closed_by"])
    audit.record(action="attendance.register_closed", on=run, by=by)
    return run


@transaction.atomic
def reopen_register(*, run: Run, until: date, reason: str, by: User) -> Run:
    """Let the teachers of a run change its register until and with this day, and tell them.

    Raises `ClosingRefused` for a day that is over or without a reason.
    """
    if not by.is_staff:
        raise PermissionDenied
    run = _locked(run)
    if until < run.course.organisation.today():
        raise ClosingRefused(_("Choose today or a later day."))
    if not reason.strip():
        raise ClosingRefused(_("Say why it is opened again."))
    if run.register_closed_at is None and run.register_open_until == until:
        return run
    before = run.register_open_until
    run.register_closed_at, run.register_closed_by = None, None
    run.register_open_until = until
    run.save(update_fields=["register_closed_at", "register_closed_by", "register_open_until"])
    entry = audit.record(
        action="attendance.register_reopened",
        on=run,
        by=by,
        changes={"register_open_until": [before and before.isoformat(), until.isoformat()]},
        reason=reason,
    )
    _tell_teachers(run, until, reason, by, key=f"register-reopened:{entry.pk}")
    return run


def whom_to_ask() -> QuerySet[User]:
    """Return a few administrators who can open a register again."""
    staff = User.objects.filter(is_staff=True, is_active=True, email__isnull=False)
    return staff.order_by("-is_superuser", "sort_name", "pk")[:NAMED]


def _locked(run: Run) -> Run:
    rows = Run.objects.select_for_update(of=("self",)).select_related("course__organisation")
    return rows.get(pk=run.pk)


def _tell_teachers(run: Run, until: date, reason: str, by: User, *, key: str) -> None:
    params = {
        "course_nl": run.course.title_nl,
        "course_en": run.course.title_in("en"),
        "code": run.code,
        "until": until.isoformat(),
        "reason": reason,
    }
    url = reverse("attendance:run_register", args=[run.pk])
    teachers = run.teachers.exclude(pk=by.pk).values_list("pk", flat=True)
    notify.tell(
        kind="attendance/register_reopened",
        messages=[
            notify.Message(
                user_id=pk,
                organisation_id=run.course.organisation_id,
                key=key,
                params=params,
                url=url,
            )
            for pk in teachers
        ],
    )
