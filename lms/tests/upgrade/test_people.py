"""Who was signed in stays signed in, and may do what they could."""

import pytest
from django.contrib.auth.models import Permission
from django.db.models import Q

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
    then = {row["id"]: row["codename"] for row in kept["auth.permission"]}
    groups = {row["id"]: row["name"] for row in kept["auth.group"]}
    for row in kept["auth.group_permissions"]:
        held = Permission.objects.filter(group__name=groups[row["group_id"]])
        assert held.filter(codename=then[row["permission_id"]]).exists()
    for row in kept["learners.user_user_permissions"]:
        held = User.objects.get(pk=row["user_id"]).user_permissions
        assert held.filter(codename=then[row["permission_id"]]).exists()


def test_code_still_asks_for_every_permission_that_somebody_holds():
    held = Permission.objects.filter(Q(group__isnull=False) | Q(user__isnull=False)).distinct()
    assert set(held) - set(permissions_asked_for()) == set()
    assert held.count() > 50


def test_each_permission_is_of_a_model_that_there_is():
    gone = [one for one in Permission.objects.all() if one.content_type.model_class() is None]
    assert gone == []
