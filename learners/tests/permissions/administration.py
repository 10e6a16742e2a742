"""How each list of the administration about the ground is tried, with what may be sent."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from learners.models import AuditEntry, StudyPointAccount
from learners.tests.importing.lists import a_csv
from learners.tests.permissions.parts import (
    Administered,
    World,
    asked_of,
    fields,
    first_of,
    named,
    new,
    pages_of_file,
)

_TITLED = {"code": "NEW", "title_nl": "Nieuw", "title_en": "New"}


def _lesson(world: World) -> dict[str, Any]:
    return {"title_nl": "Nieuw", "body_nl": "Lees dit.", "course": world.run.course.pk}


def _run(world: World) -> dict[str, Any]:
    return {"code": "NEW", "course": world.run.course.pk}


def _person(world: World) -> dict[str, Any]:
    said = {"name": "Newcomer", "email": "newcomer@example.org"}
    return {**said, "memberships-0-organisation": world.here.pk}


def _to_enrol(world: World) -> dict[str, Any]:
    return {"learner": world.people["author"].pk, "course": world.open_course.pk}


def _to_stand_in(world: World) -> dict[str, Any]:
    day = world.here.today() + timedelta(days=30)
    people = {"coach": world.people["coach"].pk, "stand_in": world.free_coach.pk}
    return {**people, "organisation": world.here.pk, "starts_on": day, "ends_on": day}


def _batch(world: World) -> dict[str, Any]:
    day = world.here.today() + timedelta(days=30)
    said = {"name": "New", "days": 90, "number": 2, "ends_on": day}
    return {**said, "organisation": world.here.pk}


def _to_import(world: World) -> dict[str, Any]:
    file = SimpleUploadedFile("more.csv", a_csv(f"{world.open_course.code},,a@b.nl,A,,,"))
    return {"organisation": world.here.pk, "file": file}


def _to_exempt(world: World) -> dict[str, Any]:
    line = f"a@b.nl,A,{world.open_course.code},Nurse"
    content = a_csv(line, headings="learner,name,course,ground")
    return {"organisation": world.here.pk, "file": SimpleUploadedFile("list.csv", content)}


ADMINISTRATION = {
    "learners_course": Administered(
        row=lambda world: world.run.course,
        typed=new(**_TITLED),
        changed={"title_nl": "Anders"},
        chosen="archive",
    ),
    "learners_lesson": Administered(
        row=named("film"), typed=_lesson, changed={"title_nl": "Anders"}, chosen="archive"
    ),
    "learners_programme": Administered(
        row=named("programme"),
        typed=new(**_TITLED),
        changed={"title_nl": "Anders"},
        chosen="archive",
    ),
    "learners_run": Administered(
        row=named("open_run"), typed=_run, changed={"place": "Aalst"}, chosen="cancel_run"
    ),
    "learners_enrolment": Administered(
        row=named("enrolment"), sent=_to_enrol, changed={"remark": "another"}, chosen="cancel"
    ),
    "learners_standin": Administered(row=named("stand_in"), sent=_to_stand_in, chosen="take_back"),
    "learners_subscriptioncodebatch": Administered(
        row=named("batch"),
        typed=_batch,
        changed={"name": "Another"},
        chosen="withdraw_codes",
        pages={"codes": asked_of(named("batch"), form=fields(which="all"))},
    ),
    "learners_user": Administered(
        row=lambda world: world.people["learner"],
        typed=_person,
        changed={"name": "Somebody Else"},
    ),
    "learners_organisation": Administered(
        row=named("here"), typed=fields(name="New", code="NEW"), changed={"name": "Another"}
    ),
    "learners_importjob": Administered(
        row=named("job"), sent=_to_import, pages=pages_of_file("job")
    ),
    "learners_exemptionimport": Administered(
        row=named("exemptions"), sent=_to_exempt, pages=pages_of_file("exemptions")
    ),
    "learners_notification": Administered(row=named("notification")),
    "learners_storedfile": Administered(row=named("file")),
    "learners_auditentry": Administered(row=first_of(AuditEntry)),
    "learners_studypointaccount": Administered(row=first_of(StudyPointAccount)),
}
