"""The administration's front page."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.translation import override

from learners import audit
from learners.tests.factories import a_run, an_administrator
from learners.tests.importing.lists import a_csv, a_job
from lms.frame.administration import headings

pytestmark = pytest.mark.django_db


def test_it_is_ordered_by_what_people_do_and_shows_what_one_did_last(client: Client) -> None:
    head_office = an_administrator(language="en")
    client.force_login(head_office)
    audit.record(action="learners.test", on=a_run(3, code="GENT-77"), by=head_office)
    page = client.get(reverse("admin:index"))
    with override("en"):
        captions = [f"<caption>{heading.title}</caption>" for heading in headings()]
    places = [page.text.index(caption) for caption in captions]
    assert places == sorted(places)
    assert "GENT-77" in page.text


def test_a_button_says_what_it_does(client: Client) -> None:
    client.force_login(an_administrator(language="en"))
    for name in ("admin:index", "admin:learners_importjob_changelist"):
        assert "Import enrolments" in client.get(reverse(name)).text
    assert "Add run" in client.get(reverse("admin:learners_run_changelist")).text


def test_the_scripts_of_the_administration_speak_our_dutch(client: Client) -> None:
    client.force_login(an_administrator(language="nl"))
    page = client.get(reverse("admin:jsi18n"))
    assert "tijdzone in je profiel" in page.text
    assert "Alle %s kiezen" in page.text


def test_no_page_reloads_itself_for_who_has_no_script(client: Client) -> None:
    job = a_job(a_run(3).course.organisation, a_csv("EHBO,GENT,a@example.org,Ada,,,"))
    client.force_login(an_administrator(language="en"))
    page = client.get(reverse("admin:learners_importjob_change", args=[job.pk]))
    assert 'http-equiv="refresh"' not in page.text
    assert "Show how far it is" in page.text


def test_the_time_zone_of_typed_times_is_said(client: Client) -> None:
    client.force_login(an_administrator(language="en", time_zone="Europe/Brussels"))
    told = "All times are those of Europe/Brussels"
    run = client.get(reverse("admin:learners_run_change", args=[a_run(3).pk]))
    assert told in run.text
    assert told not in client.get(reverse("admin:auth_group_add")).text


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda m: m._meta.label)
def test_nothing_is_deleted_in_the_administration(model: Any, rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = an_administrator()
    page = admin.site._registry[model]
    assert not page.has_delete_permission(request)
    assert "delete_selected" not in page.get_actions(request)
    assert not {*page.list_editable} & {"status", "state", "archived_at", "cancelled_at"}


def test_every_model_that_a_heading_names_is_there() -> None:
    named = {model for models in headings().values() for model in models}
    assert named <= admin.site._registry.keys()
