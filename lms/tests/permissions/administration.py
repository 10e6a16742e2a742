"""How each address of the administration is asked for, with what an administrator may send."""

from collections.abc import Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.urls import reverse

from attendance.models import AttendanceChange, Participation
from learners.models import AuditEntry, Enrolment, StudyPointAccount
from learners.tests.importing import a_csv
from learners.tests.permissions.names import ADMINISTRATOR
from learners.tests.permissions.parts import Asked, Words, World
from learners.tests.permissions.people import PASSWORD
from lms.tests.permissions.addresses import NEW_PASSWORD, new_password
from lms.tests.permissions.asking import client_of
from lms.tests.permissions.forms import filled
from lms.tests.permissions.table import ACT, Line

ADD = {
    "learners_course": {"code": "NEW", "title_nl": "Nieuw", "title_en": "New"},
    "learners_lesson": {"title_nl": "Nieuw", "body_nl": "Lees dit."},
    "certifications_certification": {"code": "NEW", "title_nl": "Nieuw", "title_en": "New"},
    "certifications_certificationassignment": {},
    "certifications_assignmentjob": {},
    "learners_programme": {"code": "NEW", "title_nl": "Nieuw", "title_en": "New"},
    "learners_run": {"code": "NEW"},
    "learners_user": {"name": "Newcomer", "email": "newcomer@example.org"},
    "learners_organisation": {"name": "New", "code": "NEW"},
    "auth_group": {"name": "New"},
    "learners_enrolment": {},
    "learners_importjob": {},
    "learners_exemptionimport": {},
}
CHANGE = {
    "certifications_certification": {"title_nl": "Anders"},
    "certifications_certificationversion": {"due_days": 30},
    "learners_course": {"title_nl": "Anders"},
    "learners_lesson": {"title_nl": "Anders"},
    "learners_programme": {"title_nl": "Anders"},
    "learners_run": {"place": "Aalst"},
    "learners_enrolment": {"remark": "another"},
    "learners_user": {"name": "Somebody Else"},
    "learners_organisation": {"name": "Another"},
    "auth_group": {"name": "Another"},
}
CHOSEN = {
    "certifications_certification": "retire",
    "certifications_certificationversion": "publish",
    "certifications_certificationassignment": "exempt",
    "certifications_assignmentrule": "switch_off",
    "learners_course": "archive",
    "learners_lesson": "archive",
    "learners_programme": "archive",
    "learners_run": "cancel_run",
    "learners_enrolment": "cancel",
    "certifications_certificate": "withdraw",
    "attendance_participation": "set_absent",
    "attendance_register": "close_register",
}


def row_of(world: World, model: str) -> Model:
    """Return the row of this kind that is asked for."""
    rows = {
        "certifications_certification": world.nominated,
        "certifications_certificationversion": world.draft,
        "certifications_certificationassignment": world.assignment,
        "certifications_standing": world.assignment.cycles.get(),
        "certifications_assignmentjob": world.assigning,
        "certifications_assignmentrule": world.rule,
        "learners_course": world.run.course,
        "learners_lesson": world.film,
        "learners_programme": world.programme,
        "learners_run": world.open_run,
        "learners_enrolment": world.enrolment,
        "learners_user": world.people["learner"],
        "learners_organisation": world.here,
        "learners_importjob": world.job,
        "learners_exemptionimport": world.exemptions,
        "learners_notification": world.notification,
        "learners_storedfile": world.file,
        "auth_group": world.group,
        "certifications_certificate": world.certificate,
        "attendance_register": world.run,
        "attendance_registersaving": world.saving,
        "attendance_attendance": world.mark,
    }
    if model in rows:
        return rows[model]
    kinds = {
        "learners_auditentry": AuditEntry,
        "learners_studypointaccount": StudyPointAccount,
        "attendance_attendancechange": AttendanceChange,
        "attendance_participation": Participation,
    }
    row = kinds[model].objects.order_by("pk").first()
    assert row is not None, model
    return row


def asked(line: Line) -> Asked:
    """Return how an address of the administration is asked for."""
    if line.url_name in SITE:
        return SITE[line.url_name]
    model, _, verb = line.url_name.removeprefix("admin:").rpartition("_")
    if verb == "changelist":
        return Asked(form=_chosen(model))
    if model == "certifications_certificationversion" and verb == "example":
        return Asked(query=lambda world: {"validity": "unlimited", "anchor": "expiry"})
    if verb == "example":
        return Asked(lambda world: {"ending": "csv"})
    if verb == "publish":
        return Asked(
            lambda world: {"pk": row_of(world, model).pk}, form=lambda world: {"touches": "next"}
        )
    if verb == "export":
        return Asked()
    if verb == "add":
        return Asked(form=_added(model) if line.how == ACT else lambda world: {})
    key = "pk" if verb in ("apply", "check", "progress", "findings") else "object_id"
    more = {"ending": "csv"} if verb == "findings" else {}
    form = _changed(model) if verb == "change" and line.how == ACT else lambda world: {}
    return Asked(lambda world: {key: row_of(world, model).pk, **more}, form=form)


def _chosen(model: str) -> Words:
    """Choose an act for a row, and confirm it."""

    def form(world: World) -> dict[str, Any]:
        chosen = {"action": CHOSEN[model], "_selected_action": [row_of(world, model).pk]}
        return {**chosen, "index": 0, "confirmed": "1", "reason": "because"}

    return form


def _filled(world: World, address: str, changed: Mapping[str, object]) -> dict[str, Any]:
    """Return the form of a page as an administrator gets it, but for some fields; asked once."""
    if address not in world.forms:
        world.forms[address] = filled(client_of(world, ADMINISTRATOR).get(address))
    return {**world.forms[address], **changed}


def _changed(model: str) -> Words:
    def form(world: World) -> dict[str, Any]:
        address = reverse(f"admin:{model}_change", args=[row_of(world, model).pk])
        return _filled(world, address, CHANGE[model])

    return form


def _added(model: str) -> Words:
    def form(world: World) -> dict[str, Any]:
        if model == "learners_enrolment":
            return {"learner": world.people["author"].pk, "course": world.open_course.pk}
        if model == "certifications_certificationassignment":
            who = [world.people["author"].pk]
            chosen = {"certification": world.nominated.pk, "learners": who, "mode": "mandatory"}
            return {**chosen, "confirmed": "1"}
        if model == "certifications_assignmentjob":
            group = {"whom": "role", "role": "author", "organisation": world.here.pk}
            return {"certification": world.nominated.pk, "mode": "mandatory", **group}
        if model == "learners_importjob":
            file = SimpleUploadedFile("more.csv", a_csv(f"{world.open_course.code},,a@b.nl,A,,,"))
            return {"organisation": world.here.pk, "file": file}
        if model == "learners_exemptionimport":
            line = f"a@b.nl,A,{world.open_course.code},Nurse"
            file = SimpleUploadedFile(
                "list.csv", a_csv(line, headings="learner,name,course,ground")
            )
            return {"organisation": world.here.pk, "file": file}
        here = world.here.pk
        belongs = {"course": world.run.course.pk, "organisation": here}
        belongs["memberships-0-organisation"] = here
        return _filled(world, reverse(f"admin:{model}_add"), belongs | ADD[model])

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
