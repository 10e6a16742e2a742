"""The administration's front page."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from learners import audit
from learners.tests.factories import a_run, an_administrator
from lms.administration import SECTIONS

pytestmark = pytest.mark.django_db


def test_it_is_ordered_by_what_people_do_and_shows_what_one_did_last(client: Client) -> None:
    head_office = an_administrator(language="en")
    client.force_login(head_office)
    audit.record(action="learners.test", on=a_run(3, code="GENT-77"), by=head_office)
    page = client.get(reverse("admin:index"))
    with override("en"):
        places = [page.text.index(f">{title}</a>") for title, _names in SECTIONS]
    assert places == sorted(places)
    assert "GENT-77" in page.text


def test_every_model_that_a_heading_names_is_there() -> None:
    registered = {f"{m._meta.app_label}.{m._meta.object_name}" for m in admin.site._registry}
    assert {name for _title, names in SECTIONS for name in names} <= registered
