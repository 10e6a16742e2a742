"""How each address of the ground is asked for: which row of the world it names, and a form that is
right."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from learners.tests.permissions.parts import Asked, Words, World, fields, pk_of
from learners.tests.permissions.people import FIRST_NAME
from learners.tests.uploading.sender import beginning

_PROFILE = fields(name="Somebody Else", language="en", time_zone="Europe/Brussels")


def _calendar_key(world: World) -> dict[str, Any]:
    return {"key": world.calendar_key}


def _lesson(world: World) -> dict[str, Any]:
    return {"enrolment_pk": world.enrolment.pk, "pk": world.film.pk}


def _force_majeure(world: World) -> dict[str, Any]:
    return {"proof": SimpleUploadedFile("note.pdf", b"%PDF-1.7 a doctor's note")}


def _upload(world: World) -> dict[str, Any]:
    return {"token": world.upload.token}


def _let_know(world: World) -> dict[str, Any]:
    return {"notified_on": f"{world.here.today():%Y-%m-%d}", "reason": "ill"}


def _code(world: World) -> dict[str, Any]:
    return {"code": world.batch.codes.first().code}


def _stand_in(world: World) -> dict[str, Any]:
    day = world.here.today() + timedelta(days=30)
    return {"stand_in": world.free_coach.pk, "starts_on": day, "ends_on": day}


def find(name: str) -> Words:
    """Look for the learner, by a part of the name that no page shows for having been asked."""
    return lambda world: {name: FIRST_NAME}


ADDRESSES = {
    # learning
    "learners:my_course_list": Asked(query=find("text")),
    "learners:my_course_list unfiltered": Asked(),
    "learners:my_course_detail": Asked(pk_of("enrolment")),
    "learners:run_choose": Asked(
        pk_of("choosing"), form=lambda world: {"run": world.run_to_choose.pk}
    ),
    "learners:run_change": Asked(
        pk_of("leaving"), form=lambda world: {"run": world.run_to_change_to.pk}
    ),
    "learners:waiting_leave": Asked(pk_of("waiting"), form=fields(then="stay")),
    "learners:withdraw": Asked(pk_of("leaving"), form=fields(reason="ill")),
    "learners:withdrawal_proof": Asked(pk_of("left"), form=_force_majeure),
    "learners:withdraw_for": Asked(pk_of("enrolment"), form=_let_know),
    "learners:force_majeure_list": Asked(),
    "learners:force_majeure_detail": Asked(pk_of("excuse")),
    "learners:force_majeure_accept": Asked(pk_of("excuse")),
    "learners:force_majeure_refuse": Asked(pk_of("excuse"), form=fields(reason="Cannot be read")),
    "learners:force_majeure_file": Asked(lambda world: {"pk": world.excuse.files.get().pk}),
    "learners:my_points": Asked(),
    "learners:my_programme_list": Asked(),
    "learners:my_programme_detail": Asked(pk_of("whole")),
    "learners:code_use": Asked(pk_of("whole"), form=_code),
    "learners:trial_start": Asked(),
    "learners:catalogue_list": Asked(),
    "learners:course_runs": Asked(lambda world: {"pk": world.open_run.course_id}),
    "learners:run_enrol": Asked(pk_of("open_run")),
    "learners:run_wait": Asked(pk_of("open_run")),
    "learners:course_enrol": Asked(pk_of("open_course")),
    "learners:learn": Asked(pk_of("enrolment")),
    "learners:lesson_detail": Asked(_lesson),
    "learners:lesson_finish": Asked(_lesson),
    "learners:lesson_position": Asked(_lesson, form=fields(seconds=30)),
    "learners:lesson_preview": Asked(pk_of("film")),
    "learners:file_framed": Asked(pk_of("file")),
    "learners:material_open": Asked(pk_of("material")),
    "learners:file_download of the knowledge centre": Asked(pk_of("file")),
    "learners:file_download of one's own": Asked(pk_of("own_file")),
    "learners:upload_begin": Asked(headers=beginning("film.mp4", 1000)),
    "learners:upload": Asked(_upload),
    "learners:upload_compare": Asked(_upload, form=fields(sha256="0" * 64)),
    "learners:file_download of an import": Asked(lambda world: {"pk": world.job.file_id}),
    "learners:file_download of a proof of force majeure": Asked(
        lambda world: {"pk": world.excuse.files.get().file_id}
    ),
    "learners:notification_list": Asked(),
    "learners:notification_read_all": Asked(),
    "learners:notification_read": Asked(pk_of("notification")),
    "learners:profile_edit": Asked(form=_PROFILE),
    "learners:smaller_film": Asked(),
    "learners:my_data": Asked(),
    "learners:run_calendar": Asked(pk_of("run")),
    "learners:calendar_feed": Asked(_calendar_key),
    "learners:calendar_renew": Asked(),
    # coaching
    "learners:coached_list": Asked(query=find("text")),
    "learners:coached_detail": Asked(pk_of("whole")),
    "learners:stand_ins": Asked(form=_stand_in),
    "learners:stand_in_end": Asked(pk_of("stand_in")),
}
