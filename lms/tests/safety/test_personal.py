"""What is held of somebody, to take along: for themselves, and through an administrator."""

import pytest

from certifications.tests.factories import a_certificate
from learners.models import AuditEntry
from learners.tests.factories import UserFactory, an_administrator

pytestmark = pytest.mark.django_db


def test_my_data_holds_what_every_app_knows_of_me_and_of_nobody_else(client):
    mine = a_certificate(name="Yasmina", email="yasmina@example.org")
    other = a_certificate(name="Somebody Else")
    client.force_login(mine.learner)
    response = client.get("/profile/data/")
    data = response.json()
    assert data["person"]["email"] == "yasmina@example.org"
    assert [one["number"] for one in data["certificates"]] == [mine.number]
    assert len(data["enrolments"]) == 1
    assert data["attendance"] == []
    assert other.number not in response.text
    assert "attachment" in response["Content-Disposition"]


@pytest.mark.parametrize(("language", "words"), [("nl", "Je gegevens"), ("en", "Your data")])
def test_the_profile_leads_there(client, language, words):
    client.force_login(UserFactory(language=language))
    page = client.get("/profile/").text
    assert 'href="/profile/data/"' in page
    assert words in page


def test_an_administrator_downloads_it_for_somebody_and_the_log_says_so(client):
    person, administrator = UserFactory(email="noor@example.org"), an_administrator()
    client.force_login(administrator)
    page = client.get(f"/admin/learners/user/{person.pk}/change/")
    assert f"/admin/learners/user/{person.pk}/data/" in page.text
    response = client.post(f"/admin/learners/user/{person.pk}/data/")
    assert response.json()["person"]["email"] == "noor@example.org"
    entry = AuditEntry.objects.get(action="lms.person_data_exported")
    assert (entry.by, entry.object_id) == (administrator, person.pk)


def test_nobody_else_gets_it(client):
    person = UserFactory()
    client.force_login(UserFactory())
    assert client.post(f"/admin/learners/user/{person.pk}/data/").status_code == 302
    client.force_login(UserFactory(is_staff=True))
    assert client.post(f"/admin/learners/user/{person.pk}/data/").status_code == 403
    assert not AuditEntry.objects.filter(action="lms.person_data_exported").exists()
