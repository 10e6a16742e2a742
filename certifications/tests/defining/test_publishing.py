"""A later version: whom it touches, person by person, before it is published."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from certifications.defining import publication
from certifications.models import (
    Certificate,
    Certification,
    CertificationVersion,
    Cycle,
    Path,
    Touches,
)
from certifications.tests.factories import (
    TWO_YEARS,
    a_certification,
    an_elearning,
    assigned,
    done_by,
    reloaded,
)
from learners.models import Notification
from learners.tests.factories import OrganisationFactory, UserFactory, a_programme, an_administrator

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = an_administrator(language="en")
    client.force_login(user)
    return user


@pytest.fixture
def courses():
    here = OrganisationFactory()
    return [an_elearning(organisation=here) for _ in range(2)]


@pytest.fixture
def draft(courses, administrator):
    """A second version that asks for less and is valid for half as long."""
    certification = a_certification(*courses, **TWO_YEARS, due_days=30)
    made = publication.begin(certification=certification, by=administrator)
    made.period_months, made.due_days = 12, 60
    made.save()
    made.requirements.filter(course=courses[1]).delete()
    return made


def address(version):
    return reverse("admin:certifications_certificationversion_publish", args=[version.pk])


def test_every_person_is_listed_with_the_old_and_the_new_days(client, draft):
    cycle = assigned(draft.certification, UserFactory(name="Noor Janssens"))
    page = client.get(address(draft), {"touches": "all_open"}).text
    today = timezone.localdate()
    assert "Noor Janssens" in page
    for days in (30, 60):
        day = today + timedelta(days=days)
        assert f"{day.day} {day:%B %Y}" in page
    assert reloaded(cycle).version.number == 1  # nothing of it was written


def test_who_is_completed_by_it_is_told_so_and_nothing_stays(client, draft, courses):
    cycle = assigned(draft.certification)
    done_by(cycle.assignment.learner, courses[0])
    told = Notification.objects.count()
    page = client.get(address(draft), {"touches": "all_open"}).text
    assert "completed at once, with a certificate" in page
    assert not Certificate.objects.filter(cycle=cycle).exists()
    assert Notification.objects.count() == told


def test_by_default_it_is_for_the_next_cycle_and_says_when_that_begins(client, draft, courses):
    cycle = assigned(draft.certification)
    for course in courses:
        done_by(cycle.assignment.learner, course)
    opens = reloaded(cycle).window_opens_on
    page = client.get(address(draft)).text
    assert f"with the round that begins on {opens.day} {opens:%B %Y}" in page
    client.post(address(draft), {"touches": "next"})
    draft.refresh_from_db()
    assert draft.published_at is not None
    assert reloaded(cycle).version.number == 1


def test_who_is_under_way_and_not_moved_follows_with_the_cycle_after_this_one(client, draft):
    assigned(draft.certification)
    page = client.get(address(draft)).text
    assert "with the round after this one" in page
    assert "1 person moves now" in page


def test_published_for_everybody_it_moves_them_over(client, draft):
    cycle = assigned(draft.certification)
    client.post(address(draft), {"touches": "all_open"})
    assert reloaded(cycle).version == draft
    draft.refresh_from_db()
    assert draft.touches == Touches.ALL_OPEN
    assert client.get(address(draft)).status_code == 302  # it is done


def test_what_was_chosen_after_looking_is_shown_before_it_is_published(client, draft):
    cycle = assigned(draft.certification)
    said = {"shown": "next", "touches": "all_open"}
    answer = client.post(address(draft), said, follow=True)
    assert "You chose something else than was shown" in answer.text
    assert "now</td>" in answer.text
    draft.refresh_from_db()
    assert draft.published_at is None
    client.post(address(draft), {"shown": "all_open", "touches": "all_open"})
    assert reloaded(cycle).version == draft


def test_looking_publishes_nothing(client, draft):
    assigned(draft.certification)
    answer = client.post(address(draft), {"shown": "next", "touches": "all_open", "look": "1"})
    assert answer.url == f"{address(draft)}?touches=all_open"
    draft.refresh_from_db()
    assert draft.published_at is None


def test_a_first_version_has_nobody_to_choose_and_leads_on_to_assigning(client, administrator):
    course = an_elearning()
    made = Certification.objects.create(organisation=course.organisation, code="C1", title_nl="A")
    version = CertificationVersion.objects.create(certification=made)
    version.requirements.create(course=course, position=1)
    assert "Whom it is for" not in client.get(address(version)).text
    page = client.post(address(version), {"shown": "next", "touches": "next"}, follow=True).text
    assert f"/certificationassignment/add/?certification={version.certification_id}" in page


def test_the_page_of_the_version_leads_there(client, draft):
    page = reverse("admin:certifications_certificationversion_change", args=[draft.pk])
    assert address(draft) in client.get(page).text


@pytest.mark.parametrize("people", [1, 3])
def test_the_dry_run_asks_as_much_for_one_as_for_three(
    client, draft, people, django_assert_max_num_queries
):
    for _person in range(people):
        assigned(draft.certification)
    with django_assert_max_num_queries(QUERIES):
        client.get(address(draft), {"touches": "all_open"})


QUERIES = 60


def test_a_renewal_that_would_ask_for_nothing_is_not_published(client, draft):
    draft.requirements.update(path=Path.FULL)
    page = client.get(address(draft)).text
    assert "asks for nothing when renewing" in page
    with pytest.raises(publication.DefinitionRefused):
        publication.publish(version=draft, by=an_administrator())


def test_a_programme_may_be_asked_when_renewing(draft, courses):
    programme = a_programme(courses[0], organisation=courses[0].organisation)
    draft.requirements.create(programme=programme, position=9)
    assert publication.whats_missing(draft) == ""


def test_issued_certificates_never_change(client, draft, courses):
    cycle = assigned(draft.certification)
    for course in courses:
        done_by(cycle.assignment.learner, course)
    before = Certificate.objects.filter(cycle=cycle).values().get()
    client.post(address(draft), {"touches": "all_open"})
    assert Certificate.objects.filter(cycle=cycle).values().get() == before
    assert Cycle.objects.count() == 1
