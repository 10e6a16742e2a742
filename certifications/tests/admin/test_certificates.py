from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from certifications.certificates import rendering
from certifications.models import Certificate, CertificateState
from certifications.tests.factories import a_certificate
from learners.models import AuditEntry
from learners.tests.factories import UserFactory, an_administrator

pytestmark = pytest.mark.django_db
LIST = reverse("admin:certifications_certificate_changelist")


@pytest.fixture
def administrator(client):
    user = an_administrator(language="en")
    client.force_login(user)
    return user


def act(client, name, *certificates, **said):
    return client.post(
        LIST,
        {"action": name, "_selected_action": [c.pk for c in certificates], **said},
        follow=True,
    )


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(
    client, administrator, number, django_assert_num_queries
):
    for _ in range(number):
        a_certificate()
    with django_assert_num_queries(5):
        assert client.get(LIST).status_code == 200


@pytest.mark.parametrize("asked", ["number", "code", "shown_code", "learner_name"])
def test_it_is_found_by_number_code_or_name(client, administrator, asked):
    certificate, other = a_certificate(name="Yasmina El Idrissi"), a_certificate()
    page = client.get(LIST, {"q": getattr(certificate, asked).lower()}).text

    assert certificate.number in page
    assert other.number not in page


@pytest.mark.parametrize("state", CertificateState.values)
def test_it_is_found_by_its_state_of_today(client, administrator, state):
    certificate = a_certificate()
    page = client.get(LIST, {"state": state}).text

    assert (certificate.number in page) == (state == CertificateState.VALID)


def test_withdrawing_shows_which_and_asks_why(client, administrator):
    certificate = a_certificate()
    page = act(client, "withdraw", certificate).text
    assert certificate.number in page
    assert not Certificate.objects.get().revoked_at

    act(client, "withdraw", certificate, confirmed="yes", reason="")
    assert not Certificate.objects.get().revoked_at

    act(client, "withdraw", certificate, confirmed="yes", reason="A mistake.")
    withdrawn = Certificate.objects.get()
    assert (withdrawn.revoked_by, withdrawn.revoked_because) == (administrator, "A mistake.")


def test_suspending_and_lifting(client, administrator):
    certificate = a_certificate()
    act(client, "suspend", certificate, confirmed="yes", reason="Being looked into.")
    assert Certificate.objects.get().state == CertificateState.SUSPENDED

    act(client, "lift", certificate, confirmed="yes")
    assert Certificate.objects.get().state == CertificateState.VALID


def test_handing_over_what_is_held(client, administrator):
    certificate = a_certificate()
    Certificate.objects.update(released_at=None)
    act(client, "release", certificate, confirmed="yes")

    assert Certificate.objects.get().released_at is not None


def test_only_a_missing_pdf_is_made_again(client, administrator):
    made, missing = a_certificate(), a_certificate()
    rendering.render(made.pk)
    checksum = Certificate.objects.get(pk=made.pk).file_sha256
    Certificate.objects.filter(pk=missing.pk).update(
        render_attempts=7, render_due_at=timezone.now() + timedelta(hours=1)
    )
    act(client, "render_again", made, missing, confirmed="yes")

    assert list(Certificate.objects.to_render(timezone.now())) == [missing]
    assert Certificate.objects.get(pk=made.pk).file_sha256 == checksum
    assert AuditEntry.objects.filter(action="certifications.render_again").count() == 1


def test_the_page_of_one_can_be_read_and_not_changed(client, administrator):
    certificate = a_certificate()
    address = reverse("admin:certifications_certificate_change", args=[certificate.pk])
    page = client.get(address).text
    assert certificate.shown_code in page
    assert 'name="_save"' not in page

    client.post(address, {"title": "Something else"})
    assert Certificate.objects.get().title == certificate.title


def test_nobody_adds_or_deletes_one(client, administrator):
    certificate = a_certificate()
    add = reverse("admin:certifications_certificate_add")
    delete = reverse("admin:certifications_certificate_delete", args=[certificate.pk])

    assert client.get(add).status_code == 403
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_who_may_only_look_is_offered_no_acts(client):
    certificate = a_certificate()
    user = UserFactory(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_certificate"))
    client.force_login(user)

    assert 'value="withdraw"' not in client.get(LIST).text
    act(client, "withdraw", certificate, confirmed="yes", reason="Not mine to do.")
    assert not Certificate.objects.get().revoked_at
