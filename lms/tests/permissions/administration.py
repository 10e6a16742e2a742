"""How each address of the administration is asked for, with what an administrator may send."""

from collections.abc import Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from attendance.models import AttendanceChange, Participation
from learners.models import AuditEntry, Enrolment, StudyPointAccount
from learners.tests.importing import a_csv
from learners.tests.permissions.names import ADMINISTRATOR
from learners.tests.permissions.parts import (
    Administered,
    Asked,
    Words,
    World,
    asked_of,
    fields,
    first_of,
    named,
    nothing,
    pages_of_file,
    pages_of_job,
)
from learners.tests.permissions.people import PASSWORD
from lms.tests.permissions.addresses import NEW_PASSWORD, new_password
from lms.tests.permissions.asking import client_of
from lms.tests.permissions.forms import filled
from lms.tests.permissions.table import ACT, Line


def _new(**fields: object) -> Words:
    """Type these, and whose it is."""
    return lambda world: {**fields, "organisation": world.here.pk}


def _to_assign(world: World) -> dict[str, Any]:
    who = [world.people["author"].pk]
    chosen = {"certification": world.nominated.pk, "learners": who, "mode": "mandatory"}
    return {**chosen, "confirmed": "1"}


def _to_assign_to_many(world: World) -> dict[str, Any]:
    group = {"whom": "role", "role": "author", "organisation": world.here.pk}
    return {"certification": world.nominated.pk, "mode": "mandatory", **group}


CERTIFICATES = {
    "certifications_certification": Administered(
        row=named("nominated"),
        typed=_new(code="NEW", title_nl="Nieuw", title_en="New"),
        changed={"title_nl": "Anders"},
        chosen="retire",
    ),
    "certifications_certificationversion": Administered(
        row=named("draft"),
        changed={"due_days": 30},
        chosen="publish",
        pages={
            "example": Asked(query=fields(validity="unlimited", anchor="expiry")),
            "publish": asked_of(named("draft"), form=fields(touches="next")),
        },
    ),
    "certifications_certificationassignment": Administered(
        row=named("assignment"), sent=_to_assign, chosen="exempt", pages={"export": Asked()}
    ),
    "certifications_standing": Administered(
        row=lambda world: world.assignment.cycles.get(), pages={"export": Asked()}
    ),
    "certifications_assignmentjob": Administered(
        row=named("assigning"), sent=_to_assign_to_many, pages=pages_of_job("assigning")
    ),
    "certifications_assignmentrule": Administered(row=named("rule"), chosen="switch_off"),
    "certifications_certificate": Administered(row=named("certificate"), chosen="withdraw"),
}
TEACHING = {
    "attendance_participation": Administered(row=first_of(Participation), chosen="set_absent"),
    "attendance_register": Administered(row=named("run"), chosen="close_register"),
    "attendance_registersaving": Administered(row=named("saving")),
    "attendance_attendance": Administered(row=named("mark")),
    "attendance_attendancechange": Administered(row=first_of(AttendanceChange)),
}


def _lesson(world: World) -> dict[str, Any]:
    return {"title_nl": "Nieuw", "body_nl": "Lees dit.", "course": world.run.course.pk}


def _run(world: World) -> dict[str, Any]:
    return {"code": "NEW", "course": world.run.course.pk}


def _person(world: World) -> dict[str, Any]:
    said = {"name": "Newcomer", "email": "newcomer@example.org"}
    return {**said, "memberships-0-organisation": world.here.pk}


def _to_enrol(world: World) -> dict[str, Any]:
    return {"learner": world.people["author"].pk, "course": world.open_course.pk}


def _to_import(world: World) -> dict[str, Any]:
    file = SimpleUploadedFile("more.csv", a_csv(f"{world.open_course.code},,a@b.nl,A,,,"))
    return {"organisation": world.here.pk, "file": file}


def _to_exempt(world: World) -> dict[str, Any]:
    line = f"a@b.nl,A,{world.open_course.code},Nurse"
    content = a_csv(line, headings="learner,name,course,ground")
    return {"organisation": world.here.pk, "file": SimpleUploadedFile("list.csv", content)}


_TITLED = {"code": "NEW", "title_nl": "Nieuw", "title_en": "New"}
LEARNING = {
    "learners_course": Administered(
        row=lambda world: world.run.course,
        typed=_new(**_TITLED),
        changed={"title_nl": "Anders"},
        chosen="archive",
    ),
    "learners_lesson": Administered(
        row=named("film"), typed=_lesson, changed={"title_nl": "Anders"}, chosen="archive"
    ),
    "learners_programme": Administered(
        row=named("programme"),
        typed=_new(**_TITLED),
        changed={"title_nl": "Anders"},
        chosen="archive",
    ),
    "learners_run": Administered(
        row=named("open_run"), typed=_run, changed={"place": "Aalst"}, chosen="cancel_run"
    ),
    "learners_enrolment": Administered(
        row=named("enrolment"), sent=_to_enrol, changed={"remark": "another"}, chosen="cancel"
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
OF_DJANGO = {
    "auth_group": Administered(
        row=named("group"), typed=fields(name="New"), changed={"name": "Another"}
    ),
}
LISTS: Mapping[str, Administered] = {**LEARNING, **CERTIFICATES, **TEACHING, **OF_DJANGO}


def asked(line: Line) -> Asked:
    """Return how an address of the administration is asked for."""
    if line.url_name in SITE:
        return SITE[line.url_name]
    model, _, verb = line.url_name.removeprefix("admin:").rpartition("_")
    listed = LISTS[model]
    if verb in listed.pages:
        return listed.pages[verb]
    if verb == "changelist":
        return Asked(form=_chosen(listed))
    if verb == "add":
        return Asked(form=_added(model, listed) if line.how == ACT else nothing)
    form = _changed(model, listed) if verb == "change" and line.how == ACT else nothing
    return Asked(lambda world: {"object_id": listed.row(world).pk}, form=form)


def _chosen(listed: Administered) -> Words:
    """Choose an act for a row, and confirm it."""

    def form(world: World) -> dict[str, Any]:
        chosen = {"action": listed.chosen, "_selected_action": [listed.row(world).pk]}
        return {**chosen, "index": 0, "confirmed": "1", "reason": "because"}

    return form


def _filled(world: World, address: str, changed: Mapping[str, object]) -> dict[str, Any]:
    """Return the form of a page as an administrator gets it, but for some fields; asked once."""
    if address not in world.forms:
        world.forms[address] = filled(client_of(world, ADMINISTRATOR).get(address))
    return {**world.forms[address], **changed}


def _changed(model: str, listed: Administered) -> Words:
    def form(world: World) -> dict[str, Any]:
        address = reverse(f"admin:{model}_change", args=[listed.row(world).pk])
        return _filled(world, address, listed.changed)

    return form


def _added(model: str, listed: Administered) -> Words:
    """Fill in the page that makes a new row; nothing, where none can be made."""

    def form(world: World) -> Mapping[str, Any]:
        if listed.typed is None:
            return (listed.sent or nothing)(world)
        return _filled(world, reverse(f"admin:{model}_add"), listed.typed(world))

    return form


def _enrolment(world: World) -> dict[str, Any]:
    kind = ContentType.objects.get_for_model(Enrolment)
    return {"content_type_id": kind.pk, "object_id": world.enrolment.pk}


SITE = {
    "admin:index": Asked(),
    "admin:login": Asked(
        form=lambda world: {"username": world.people[ADMINISTRATOR].email, "password": PASSWORD}
    ),
    "admin:logout": Asked(),
    "admin:password_change": Asked(form=new_password),
    "admin:password_change_done": Asked(),
    "admin:jsi18n": Asked(),
    "admin:autocomplete": Asked(
        query=lambda world: {
            "app_label": "learners",
            "model_name": "enrolment",
            "field_name": "learner",
            "term": "Xan",
        }
    ),
    "admin:view_on_site": Asked(_enrolment),
    "admin:app_list": Asked(lambda world: {"app_label": "learners"}),
    "admin:auth_user_password_change": Asked(
        lambda world: {"id": world.people["learner"].pk},
        form=lambda world: {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    ),
    "admin:<path:object_id>/": Asked(at="/admin/learners/course/1/"),
    "admin:(?P<url>.*)$": Asked(at="/admin/nowhere/"),
}
