"""Who was signed in stays signed in, and may do what they could."""

from collections import Counter

import pytest
from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.db.models.options import Options

from learners.admin.parts.words import permissions_asked_for
from learners.models import User
from lms.demo.logins import LOGINS, PASSWORD
from lms.tests.upgrade.under_way import ALONE, IN_GROUP

pytestmark = pytest.mark.usefixtures("then")

EMAILS = [*(login.email for login in LOGINS), IN_GROUP, ALONE]


@pytest.mark.parametrize("email", EMAILS)
def test_who_was_signed_in_still_is(email, kept, browser_of):
    page = browser_of(email).get("/profile/")
    assert page.status_code == 200
    assert kept.facts["names"][email] in page.text


@pytest.mark.parametrize("email", EMAILS)
def test_who_had_a_password_signs_in_with_it(email, client):
    assert client.post("/accounts/login/", {"username": email, "password": PASSWORD}).url == "/"


def test_a_link_for_a_new_password_still_opens(kept, client):
    for link in kept.facts["links"]:
        page = client.get(link, follow=True)
        assert page.context["validlink"], link


def test_nobody_lost_a_permission(kept):
    today = codenames_of_today(kept)
    groups = {row["id"]: row["name"] for row in kept["auth.group"]}
    for row in kept["auth.group_permissions"]:
        held = Permission.objects.filter(group__name=groups[row["group_id"]])
        assert held.filter(codename=today[row["permission_id"]]).exists()
    for row in kept["learners.user_user_permissions"]:
        held = User.objects.get(pk=row["user_id"]).user_permissions
        assert held.filter(codename=today[row["permission_id"]]).exists()


def codenames_of_today(kept) -> dict[int, str]:
    """Return what each permission of then is called today: after its model, whatever that is called
    now; its content type keeps its number."""
    then = {row["id"]: row["model"] for row in kept["contenttypes.contenttype"]}
    now = dict(ContentType.objects.values_list("pk", "model"))
    codenames = {}
    for row in kept["auth.permission"]:
        kind, codename = row["content_type_id"], row["codename"]
        if (verb := codename.removesuffix(f"_{then[kind]}")) != codename:
            codename = f"{verb}_{now[kind]}"
        codenames[row["id"]] = codename
    return codenames


def test_code_still_asks_for_every_permission_that_somebody_holds():
    held = Permission.objects.filter(Q(group__isnull=False) | Q(user__isnull=False)).distinct()
    assert set(held) - set(permissions_asked_for()) == set()
    assert held.count() > 50


def test_each_permission_is_of_a_model_that_there_is():
    gone = [one for one in Permission.objects.all() if one.content_type.model_class() is None]
    assert gone == []


def test_each_model_has_its_own_permissions_and_none_twice():
    """A model that is called otherwise has those of then under its new name, and no second ones."""
    there = Counter(Permission.objects.values_list("content_type__app_label", "codename"))
    asked = Counter(
        (model._meta.app_label, codename)
        for model in apps.get_models()
        for codename in codenames_of(model._meta)
    )
    assert there == asked


def codenames_of(opts: Options) -> list[str]:
    usual = [get_permission_codename(verb, opts) for verb in opts.default_permissions]
    return usual + [codename for codename, _words in opts.permissions]
