"""Addresses that were given out lead where they led: in mails, on paper, in calendars, anywhere."""

import hashlib
from collections import defaultdict
from urllib.parse import urlsplit

import pytest
from django.core.files.storage import default_storage
from django.test import RequestFactory
from django.urls import Resolver404, resolve

from certifications.models import Certificate
from certifications.views import moved
from learners.models import Notification, StoredFile
from lms.demo.people import SANNE

pytestmark = pytest.mark.usefixtures("then")

OF_EACH_KIND = 2


def leads_nowhere(address: str) -> bool:
    """Whether nobody knows an address; the administration knows all below it, to say no. What moved
    leads on."""
    try:
        found = resolve(urlsplit(address).path)
    except Resolver404:
        return True
    if found.url_name == "page_moved":
        now = moved.page_moved(RequestFactory().get(address), **found.kwargs)
        return leads_nowhere(now["Location"])
    return found.func.__name__ == "catch_all_view"


def test_every_address_of_then_is_one_today(kept):
    addresses = kept.facts["addresses"]
    assert [address for address in addresses if leads_nowhere(address)] == []
    assert len(addresses) > 200


def test_what_is_on_a_certificate_leads_to_whether_it_is_real(kept, client):
    on_paper = kept.facts["on_paper"]
    codes = {row["code"] for row in kept["certifications.certificate"]}
    assert len(on_paper) == len(codes)
    for address in on_paper:
        page = client.get(address)
        assert page.status_code == 200, address


def test_a_calendar_is_still_at_its_address(kept, client):
    for address in kept.facts["calendars"]:
        calendar = client.get(address)
        assert calendar.headers["Content-Type"].startswith("text/calendar")
        assert "BEGIN:VEVENT" in calendar.text


def test_what_mails_led_to_is_still_there(kept, browser_of):
    sanne = browser_of(SANNE)
    found = {address: sanne.get(address, follow=True).status_code for address in mailed(kept)}
    assert {address: code for address, code in found.items() if code != 200} == {}


def mailed(kept) -> list[str]:
    assert len(kept.facts["mailed"]) > 20
    return kept.facts["mailed"]


def test_what_people_were_told_leads_somewhere_for_them(client):
    by_kind = defaultdict(list)
    for one in Notification.objects.exclude(url="").select_related("user").order_by("-pk"):
        by_kind[one.kind].append(one)
    wrong = []
    for kind, told in by_kind.items():
        for one in told[:OF_EACH_KIND]:
            client.force_login(one.user)
            if client.get(one.url, follow=True).status_code != 200:
                wrong.append((kind, one.user.email, one.url))
    assert wrong == []


@pytest.mark.parametrize("where", ["content", "file"])
def test_every_file_is_what_it_was_when_it_was_stored(where, kept):
    if where == "content":
        kept_files = StoredFile.objects.values_list("content", "sha256")
    else:
        kept_files = Certificate.objects.exclude(file="").values_list("file", "file_sha256")
    assert kept_files
    for name, digest in kept_files:
        with default_storage.open(name) as file:
            assert hashlib.sha256(file.read()).hexdigest() == digest, name
