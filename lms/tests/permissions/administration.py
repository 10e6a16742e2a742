"""How each address of the administration is asked for, with what an administrator may send."""

from collections.abc import Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from learners.models import Enrolment
from learners.tests.permissions.names import ADMINISTRATOR
from learners.tests.permissions.parts import Administered, Asked, Words, World, nothing
from learners.tests.permissions.people import PASSWORD
from lms.tests.permissions.asking import client_of
from lms.tests.permissions.forms import filled
from lms.tests.permissions.gathered import LISTS
from lms.tests.permissions.roof import NEW_PASSWORD, new_password
from lms.tests.permissions.table import ACT, Line


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
