"""What was written down as a code has its words, in both languages: messages and the audit log."""

import pytest
from django.apps import apps
from django.core import mail
from django.utils.translation import override

from learners.admin.parts.words import spoken
from learners.models import AuditEntry, Notification, User
from learners.telling import notify
from lms.demo.people import ADMIN, SANNE

pytestmark = pytest.mark.usefixtures("then")

LANGUAGES = ["nl", "en"]


def one_of_each_kind() -> dict[str, Notification]:
    """Return the newest notification of each kind that stands."""
    rows = Notification.objects.select_related("user", "organisation").order_by("pk")
    return {one.kind: one for one in rows}


def unnamed(codes) -> list[str]:  # type: ignore[no-untyped-def]
    """Return the codes that are said in Dutch as they are written."""
    with override("nl"):
        return [
            code
            for code in codes
            if spoken(code) == code.replace("/", ".").partition(".")[2].replace("_", " ")
        ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_that_people_were_told_of_has_its_words(language):
    told = one_of_each_kind()
    assert len(told) > 25
    for kind, one in told.items():
        words = notify.words(one, language)
        assert words.subject, kind
        assert words.body, kind
    assert unnamed(told) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_was_not_mailed_yet_can_be(language):
    User.objects.filter(email=SANNE).update(language=language)
    waiting = Notification.objects.to_mail().count()
    while notify.send_due():
        pass
    assert waiting > 30
    assert len(mail.outbox) == waiting
    assert not Notification.objects.filter(failures__gt=0).exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bell_shows_all_that_somebody_was_told(language, person, browser_of):
    User.objects.filter(email=SANNE).update(language=language)
    browser = browser_of(SANNE)
    pages = Notification.objects.filter(user=person(SANNE)).count() // 10 + 1
    for number in range(1, pages + 1):
        assert browser.get(f"/notifications/?page={number}").status_code == 200


def test_whatever_was_done_was_done_to_something_that_there_is():
    kinds = set(AuditEntry.objects.values_list("object_type", flat=True))
    there = {model._meta.label_lower for model in apps.get_models()}
    assert kinds - there == set()
    assert len(kinds) > 5


def test_whatever_was_done_has_its_words():
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert unnamed(actions - {"lms.demo_loaded"}) == []
    assert len(actions) > 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_happened_can_be_read_in_the_administration(language, browser_of):
    User.objects.filter(email=ADMIN).update(language=language)
    browser = browser_of(ADMIN)
    for kind in set(AuditEntry.objects.values_list("object_type", flat=True)):
        one = AuditEntry.objects.filter(object_type=kind).latest("pk")
        app, model = kind.split(".")
        page = browser.get(f"/admin/{app}/{model}/{one.object_id}/history/", follow=True)
        assert page.status_code in (200, 404), kind  # not each of them has a page of its own
        listed = browser.get(f"/admin/learners/auditentry/?object_type={kind}")
        assert listed.status_code == 200
        assert one.label.split()[0] in listed.text
