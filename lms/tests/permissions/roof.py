"""Who sees and may do what of the roof: home, signing in, and what gathers from every floor."""

from types import SimpleNamespace
from typing import Any

from learners.tests.permissions.addresses import find
from learners.tests.permissions.names import ADMINISTRATOR
from learners.tests.permissions.parts import (
    Administered,
    Asked,
    Permissions,
    World,
    fields,
    named,
    pk_of,
)
from learners.tests.permissions.people import PASSWORD

NEW_PASSWORD = "another long enough secret"
_LINK = fields(uidb64="MQ", token="x-y")


def _add_group(world: SimpleNamespace) -> None:
    """Let there be a group of permissions."""
    world.group = world.people[ADMINISTRATOR].groups.create(name="Points")


def _sign_in(world: World) -> dict[str, Any]:
    return {"username": world.people["learner"].email, "password": PASSWORD}


def new_password(world: World) -> dict[str, Any]:
    """Choose another password, twice, with the one of now."""
    new = {"new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD}
    return {"old_password": PASSWORD, **new}


ADDRESSES = {
    # the roof
    "lms:home": Asked(),
    "lms:my_learning": Asked(),
    "lms:course_detail": Asked(pk_of("enrolment")),
    "lms:search": Asked(query=find("q")),
    "lms:language_set": Asked(form=fields(language="en")),
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
    "password_reset": Asked(form=fields(email="learner@example.org")),
    "password_reset_done": Asked(),
    "password_reset_confirm": Asked(_LINK, form=new_password),
    "password_reset_complete": Asked(),
    # personal data
    "administration:person_data": Asked(lambda world: {"pk": world.people["learner"].pk}),
    "administration:retention_preview": Asked(pk_of("here")),
}
ADMINISTRATION = {
    "auth_group": Administered(
        row=named("group"), typed=fields(name="New"), changed={"name": "Another"}
    ),
}

PERMISSIONS = Permissions(
    world=(_add_group,),
    addresses=ADDRESSES,
    administration=ADMINISTRATION,
    # The whole of a person's data is handed out by an administrator.
    for_others={"administration:person_data"},
    stores_nothing={"logout", "password_reset", "password_reset_confirm", "lms:csp_report"},
)
