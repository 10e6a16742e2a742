"""How each address is asked for: which row of the world it names, and a form that is right."""

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from learners import planning
from learners.tests.permissions.parts import Asked, Words, World
from learners.tests.permissions.people import PASSWORD, SECRET_NAME
from lms.tests.permissions.world import REMARK_FOR_STAFF, base_of

NEW_PASSWORD = "another long enough secret"
FIRST_NAME = SECRET_NAME.split(" ")[0][:6]


def _pk(name: str) -> Words:
    return lambda world: {"pk": getattr(world, name).pk}


def _file_of(name: str) -> Words:
    return lambda world: {"pk": getattr(world, name).files.get().file_id}


def _run(world: World) -> dict[str, Any]:
    return {"run_pk": world.run.pk}


def _coming(world: World) -> dict[str, Any]:
    return {"run_pk": world.coming_run.pk}


def _coming_meeting(world: World) -> dict[str, Any]:
    return {**_coming(world), "pk": world.coming_run.meetings.first().pk}


def _a_series(world: World) -> dict[str, Any]:
    """Plan one meeting, long after all others."""
    day = timezone.localdate() + timedelta(days=90)
    slot = planning.slot(day, time(19), time(21), world.here.tz)
    said = {"first_day": day.isoformat(), "begins": "19:00", "ends": "21:00", "weeks": 0}
    return {**said, "slot": [slot.begins_at.isoformat()]}


def _moved(world: World) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=60)
    said = {"day": day.isoformat(), "begins": "19:00", "ends": "21:00"}
    return {**said, "confirmed": "1"}


def _code(world: World) -> dict[str, Any]:
    return {"code": world.certificate.shown_code}


def _code_asked(world: World) -> dict[str, Any]:
    return {"code": world.certificate.shown_code}


def _calendar_key(world: World) -> dict[str, Any]:
    return {"key": world.calendar_key}


def _lesson(world: World) -> dict[str, Any]:
    return {"enrolment_pk": world.enrolment.pk, "pk": world.film.pk}


def _fields(**fields: object) -> Words:
    return lambda world: fields


def _sign_in(world: World) -> dict[str, Any]:
    return {"username": world.people["learner"].email, "password": PASSWORD}


def new_password(world: World) -> dict[str, Any]:
    """Choose another password, twice, with the one of now."""
    new = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    return {"old_password": PASSWORD, **new}


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


def _find(name: str) -> Words:
    """Look for the learner, by a part of the name that no page shows for having been asked."""
    return lambda world: {name: FIRST_NAME}


def _held(world: World) -> dict[str, Any]:
    return {"run_pk": world.run.pk, "pk": world.held.pk}


def _a_proof(world: World) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("proof.pdf", b"%PDF-1.7 a proof")}


def _force_majeure(world: World) -> dict[str, Any]:
    return {"proof": SimpleUploadedFile("note.pdf", b"%PDF-1.7 a doctor's note")}


def _let_know(world: World) -> dict[str, Any]:
    return {"notified_on": f"{world.here.today():%Y-%m-%d}", "reason": "ill"}


_PROFILE = _fields(name="Somebody Else", language="en", time_zone="Europe/Brussels")
_LINK = _fields(uidb64="MQ", token="x-y")

ADDRESSES: dict[str, Asked] = {
    # the roof
    "lms:home": Asked(),
    "lms:my_learning": Asked(),
    "lms:course_detail": Asked(_pk("enrolment")),
    "lms:search": Asked(query=_find("q")),
    "lms:language_set": Asked(form=_fields(language="en")),
    "lms:csp_report": Asked(),
    "lms:demo_mail": Asked(),
    "lms:demo_mail_look": Asked(lambda _world: {"key": "notification-1@example.org"}),
    "lms:favicon": Asked(),
    "lms:alive": Asked(),
    "lms:health": Asked(),
    "lms:metrics": Asked(headers={"Authorization": "Bearer guessed"}),
    # signing in and out
    "login": Asked(form=_sign_in),
    "logout": Asked(),
    "password_change": Asked(form=new_password),
    "password_change_done": Asked(),
    "password_reset": Asked(form=_fields(email="learner@example.org")),
    "password_reset_done": Asked(),
    "password_reset_confirm": Asked(_LINK, form=new_password),
    "password_reset_complete": Asked(),
    # learning
    "learners:my_course_list": Asked(query=_find("text")),
    "learners:my_course_list unfiltered": Asked(),
    "learners:my_course_detail": Asked(_pk("enrolment")),
    "learners:run_choose": Asked(
        _pk("choosing"), form=lambda world: {"run": world.run_to_choose.pk}
    ),
    "learners:run_change": Asked(
        _pk("leaving"), form=lambda world: {"run": world.run_to_change_to.pk}
    ),
    "learners:waiting_leave": Asked(_pk("waiting"), form=_fields(then="stay")),
    "learners:withdraw": Asked(_pk("leaving"), form=_fields(reason="ill")),
    "learners:withdrawal_proof": Asked(_pk("left"), form=_force_majeure),
    "learners:withdraw_for": Asked(_pk("enrolment"), form=_let_know),
    "learners:force_majeure_list": Asked(),
    "learners:force_majeure_detail": Asked(_pk("excuse")),
    "learners:force_majeure_accept": Asked(_pk("excuse")),
    "learners:force_majeure_refuse": Asked(_pk("excuse"), form=_fields(reason="Cannot be read")),
    "learners:force_majeure_file": Asked(lambda world: {"pk": world.excuse.files.get().pk}),
    "learners:my_points": Asked(),
    "learners:my_programme_list": Asked(),
    "learners:my_programme_detail": Asked(_pk("whole")),
    "learners:trial_start": Asked(),
    "learners:catalogue_list": Asked(),
    "learners:course_runs": Asked(lambda world: {"pk": world.open_run.course_id}),
    "learners:run_enrol": Asked(_pk("open_run")),
    "learners:run_wait": Asked(_pk("open_run")),
    "learners:course_enrol": Asked(_pk("open_course")),
    "learners:learn": Asked(_pk("enrolment")),
    "learners:lesson_detail": Asked(_lesson),
    "learners:lesson_finish": Asked(_lesson),
    "learners:lesson_position": Asked(_lesson, form=_fields(seconds=30)),
    "learners:lesson_preview": Asked(_pk("film")),
    "learners:file_framed": Asked(_pk("file")),
    "learners:material_open": Asked(_pk("material")),
    "learners:file_download of the knowledge centre": Asked(_pk("file")),
    "learners:file_download of one's own": Asked(_pk("own_file")),
    "learners:file_download of an import": Asked(lambda world: {"pk": world.job.file_id}),
    "learners:file_download of a proof": Asked(_file_of("proof")),
    "learners:file_download of a proof of force majeure": Asked(_file_of("excuse")),
    "learners:notification_list": Asked(),
    "learners:notification_read_all": Asked(),
    "learners:notification_read": Asked(_pk("notification")),
    "learners:profile_edit": Asked(form=_PROFILE),
    "learners:my_data": Asked(),
    "learners:run_calendar": Asked(_pk("run")),
    "learners:calendar_feed": Asked(_calendar_key),
    "learners:calendar_renew": Asked(),
    # coaching
    "learners:coached_list": Asked(query=_find("text")),
    "learners:coached_detail": Asked(_pk("whole")),
    # personal data
    "administration:person_data": Asked(lambda world: {"pk": world.people["learner"].pk}),
    "administration:retention_preview": Asked(_pk("here")),
    # certificates
    "certifications:my_certification_list": Asked(),
    "certifications:my_certification_detail": Asked(_pk("nominated")),
    "certifications:certification_accept": Asked(_pk("nominated")),
    "certifications:certification_decline": Asked(_pk("nominated")),
    "certifications:certification_start": Asked(_pk("nominated")),
    "certifications:certification_choose": Asked(_pk("open_certification")),
    "certifications:badge_show": Asked(_pk("nominated")),
    "certifications:proof_hand_in": Asked(_pk("external"), form=_a_proof),
    "certifications:proof_file": Asked(lambda world: {"pk": world.proof.files.get().pk}),
    "certifications:proof_list": Asked(),
    "certifications:proof_detail": Asked(_pk("proof")),
    "certifications:proof_accept": Asked(_pk("proof"), form=_fields(obtained_on="2026-01-15")),
    "certifications:proof_refuse": Asked(_pk("proof"), form=_fields(reason="Cannot be read")),
    "certifications:my_certificate_list": Asked(),
    "certifications:my_certificate_detail": Asked(_code),
    "certifications:certificate_row": Asked(_code),
    "certifications:certificate_download": Asked(_code),
    "certifications:certificate_lookup": Asked(),
    "certifications:certificate_check": Asked(_code),
    # teaching
    "attendance:teaching": Asked(query=_fields(q="CELLAR")),
    "attendance:today": Asked(),
    "attendance:run_meetings": Asked(_coming),
    "attendance:meeting_plan": Asked(_coming, form=_a_series),
    "attendance:meeting_change": Asked(_coming_meeting, form=_moved),
    "attendance:meeting_cancel": Asked(_coming_meeting, form=_fields(reason="ill")),
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
    "attendance:saving_detail": Asked(_pk("saving")),
    "attendance:saving_progress": Asked(_pk("saving"), headers={"HX-Request": "true"}),
    "attendance:saving_undo": Asked(_pk("saving")),
    "attendance:saving_issue": Asked(_pk("completing")),
    "attendance:saving_settle": Asked(_pk("saving")),
}
