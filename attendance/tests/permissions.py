"""Who sees and may do what of teaching."""

from datetime import time, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.utils import timezone

from attendance.marking import registers
from attendance.marking.differences import REMARK
from attendance.models import (
    Attendance,
    AttendanceChange,
    Participation,
    Presence,
    RegisterSaving,
)
from attendance.register import bases, closing, drafts, savings
from attendance.register.drafts import Typed, TypedRow
from learners.meetings import outlining
from learners.models import Actor, Enrolment, Run, StudyStatus
from learners.tests import factories
from learners.tests.permissions.names import ADMINISTRATOR, GUEST
from learners.tests.permissions.parts import (
    Administered,
    Asked,
    Permissions,
    World,
    fields,
    first_of,
    named,
    pk_of,
)
from learners.tests.permissions.people import SECRET_NAME
from learners.tests.permissions.world import REMARK_FOR_STAFF, RUN_CODE

REGISTER = "attendance:run_register"
TEACHING = "attendance:teaching"
WHO_TEACH = ("teacher", GUEST, ADMINISTRATOR)


def base_of(run: Run, enrolment: Enrolment) -> str:
    """Return what the register shows of somebody, as its form says it."""
    row = registers.participants_of(run).get(pk=enrolment.pk)
    (participant,) = registers.read_participants([row], run=run, actor=Actor.TEACHER)
    return bases.write_base(participant)


def _add_closing(world: SimpleNamespace) -> None:
    """Close a register."""
    closing.close_register(run=world.closed_run, by=world.people["teacher"])


def _save(world: SimpleNamespace, **cells: str) -> tuple[Enrolment, RegisterSaving]:
    enrolment = factories.a_participant(world.run)
    rows = {enrolment.pk: TypedRow(base=base_of(world.run, enrolment), **cells)}
    meetings = (world.run.meetings.first().pk,) if "mark" in cells else ()
    typed = Typed(rows=rows, shown=frozenset(rows), meetings=meetings, seen_meetings=meetings)
    saving = savings.save_register(run=world.run, typed=typed, by=world.people["teacher"])
    assert saving is not None
    return enrolment, saving


def _add_savings(world: SimpleNamespace) -> None:
    """Save a mark and remarks, complete somebody, whose certificate is held, and leave a draft."""
    enrolment, world.saving = _save(world, mark=Presence.PRESENT, remark="Came by train")
    world.mark = Attendance.objects.get(enrolment=enrolment)
    difference = {"enrolment_id": enrolment.pk, "cell": REMARK, "mine": "a", "theirs": "b"}
    world.saving.summary["differences"] = [difference]
    world.saving.save(update_fields=["summary"])
    world.held, world.completing = _save(world, status=StudyStatus.COMPLETED)
    row = TypedRow(base=base_of(world.run, world.classmate), status=StudyStatus.COMPLETED)
    for name in WHO_TEACH:
        world.typed = Typed(rows={world.classmate.pk: row}, on_page=frozenset({world.classmate.pk}))
        drafts.keep(run=world.run, by=world.people[name], typed=world.typed)


def _run(world: World) -> dict[str, Any]:
    return {"run_pk": world.run.pk}


def _coming(world: World) -> dict[str, Any]:
    return {"run_pk": world.coming_run.pk}


def _coming_meeting(world: World) -> dict[str, Any]:
    return {**_coming(world), "pk": world.coming_run.meetings.first().pk}


def _a_series(world: World) -> dict[str, Any]:
    """Plan one meeting, long after all others."""
    day = timezone.localdate() + timedelta(days=90)
    slot = outlining.slot(day, time(19), time(21), world.here.tz)
    said = {"first_day": day.isoformat(), "begins": "19:00", "ends": "21:00", "weeks": 0}
    return {**said, "slot": [slot.begins_at.isoformat()]}


def _moved(world: World) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=60)
    said = {"day": day.isoformat(), "begins": "19:00", "ends": "21:00"}
    return {**said, "confirmed": "1"}


def _remark(world: World) -> dict[str, Any]:
    """The register's form with another remark, which nothing has to be asked about."""
    pk = world.enrolment.pk
    return {
        "token": str(uuid4()),
        "row": [pk],
        f"base-{pk}": base_of(world.run, world.enrolment),
        f"remark-{pk}": f"{REMARK_FOR_STAFF}, and a table",
    }


def _closed_run(world: World) -> dict[str, Any]:
    return {"run_pk": world.closed_run.pk}


def _reopened(world: World) -> dict[str, Any]:
    """Open a register again, until far away and with a reason."""
    return {"until": "2099-01-01", "reason": "because"}


def _answer(world: World) -> dict[str, Any]:
    return {"digest": world.typed.digest, "left_open": "unrecorded"}


def _held(world: World) -> dict[str, Any]:
    return {"run_pk": world.run.pk, "pk": world.held.pk}


ADDRESSES = {
    "attendance:teaching": Asked(query=fields(q="CELLAR")),
    "attendance:today": Asked(),
    "attendance:run_meetings": Asked(_coming),
    "attendance:meeting_plan": Asked(_coming, form=_a_series),
    "attendance:meeting_change": Asked(_coming_meeting, form=_moved),
    "attendance:meeting_cancel": Asked(_coming_meeting, form=fields(reason="ill")),
    "attendance:run_waiting": Asked(_coming),
    "attendance:run_register": Asked(_run),
    "attendance:register_keep": Asked(_run, form=_remark),
    "attendance:register_forget": Asked(_run),
    "attendance:register_continue": Asked(_run, form=_remark),
    "attendance:register_question": Asked(_run),
    "attendance:register_save": Asked(_run, form=_answer),
    "attendance:participant_detail": Asked(_held),
    "attendance:register_close": Asked(_run),
    "attendance:register_reopen": Asked(_closed_run, form=_reopened),
    "attendance:participant_issue": Asked(_held),
    "attendance:saving_detail": Asked(pk_of("saving")),
    "attendance:saving_progress": Asked(pk_of("saving"), headers={"HX-Request": "true"}),
    "attendance:saving_undo": Asked(pk_of("saving")),
    "attendance:saving_issue": Asked(pk_of("completing")),
    "attendance:saving_settle": Asked(pk_of("saving")),
}
ADMINISTRATION = {
    "attendance_participation": Administered(row=first_of(Participation), chosen="set_absent"),
    "attendance_register": Administered(row=named("run"), chosen="close_register"),
    "attendance_registersaving": Administered(row=named("saving")),
    "attendance_attendance": Administered(row=named("mark")),
    "attendance_attendancechange": Administered(row=first_of(AttendanceChange)),
}

PERMISSIONS = Permissions(
    world=(_add_closing, _add_savings),
    addresses=ADDRESSES,
    administration=ADMINISTRATION,
    readers={
        SECRET_NAME: dict.fromkeys(WHO_TEACH, REGISTER),
        REMARK_FOR_STAFF: dict.fromkeys(WHO_TEACH, REGISTER),
        RUN_CODE: dict.fromkeys(WHO_TEACH, TEACHING),
    },
)
