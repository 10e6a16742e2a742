"""Removing a row within a page of the administration: said first, and history stays."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learners.enrolling import entering
from learners.models import (
    Actor,
    Material,
    Membership,
    ProgrammeCourse,
    Role,
    Subscription,
    SubscriptionKind,
)
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    UserFactory,
    a_member,
    a_programme,
    an_administrator,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def head_office(client: Client) -> Client:
    client.force_login(an_administrator(language="en"))
    return client


def filled_in(page) -> dict[str, str]:
    """Return what a browser would send of the form of a page."""
    sent = {}
    forms = [page.context["adminform"].form]
    for shown in page.context["inline_admin_formsets"]:
        forms += [shown.formset.management_form, *shown.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False and value != "":
                sent[field.html_name] = value
    return sent


def remove_first(client: Client, row, prefix: str, **more: str):
    """Tick 'remove' at the first row of a table on the page of this row, and save."""
    address = reverse(f"admin:learners_{row._meta.model_name}_change", args=[row.pk])
    sent = filled_in(client.get(address)) | {f"{prefix}-0-DELETE": "on"} | more
    return client.post(address, sent)


def test_what_follows_is_said_before_a_membership_is_removed(head_office: Client) -> None:
    person = a_member(Role.TEACHER, OrganisationFactory())
    membership = Membership.objects.get(user=person)
    asked = remove_first(head_office, person, "memberships")
    assert "they lose this role" in asked.text
    assert Membership.objects.filter(pk=membership.pk).exists()
    agreed = {"memberships-agreed": str(membership.pk)}
    assert remove_first(head_office, person, "memberships", **agreed).status_code == 302
    assert not Membership.objects.filter(pk=membership.pk).exists()


def test_who_agreed_to_another_removal_is_asked_again(head_office: Client) -> None:
    person = a_member(Role.TEACHER, OrganisationFactory())
    asked = remove_first(head_office, person, "memberships", **{"memberships-agreed": "0"})
    assert "Yes, remove this" in asked.text
    assert Membership.objects.filter(user=person).exists()


def test_a_subscription_that_has_begun_stays(head_office: Client) -> None:
    person, today = a_member(Role.LEARNER, OrganisationFactory()), timezone.localdate()
    Subscription.objects.create(
        user=person,
        kind=SubscriptionKind.PAID,
        starts_on=today - timedelta(1),
        ends_on=today + timedelta(9),
    )
    assert "it stays" in remove_first(head_office, person, "subscriptions").text
    assert person.subscriptions.count() == 1


def add_subscription(client: Client, person, **said: object):
    """Fill in a new line of the table of subscriptions, and save."""
    address = reverse("admin:learners_user_change", args=[person.pk])
    today = timezone.localdate().isoformat()
    line = {"kind": "paid", "starts_on": today, "ends_on": today, **said}
    sent = filled_in(client.get(address))
    number = int(sent["subscriptions-TOTAL_FORMS"])
    sent |= {f"subscriptions-{number}-{name}": str(value) for name, value in line.items()}
    return client.post(address, sent | {"subscriptions-TOTAL_FORMS": str(number + 1)})


def test_a_new_paid_subscription_names_its_institution(head_office: Client) -> None:
    person, here = a_member(Role.LEARNER, OrganisationFactory()), OrganisationFactory()
    assert "Say at which institution it holds." in add_subscription(head_office, person).text
    assert not person.subscriptions.exists()
    assert add_subscription(head_office, person, organisation=here.pk).status_code == 302
    assert person.subscriptions.get().organisation == here


def test_the_free_trial_is_for_all_institutions(head_office: Client) -> None:
    person, here = a_member(Role.LEARNER, OrganisationFactory()), OrganisationFactory()
    refused = add_subscription(head_office, person, kind="trial", organisation=here.pk)
    assert "The free trial is for all institutions." in refused.text
    assert add_subscription(head_office, person, kind="trial").status_code == 302


def test_a_subscription_for_all_that_was_there_stays_so(head_office: Client) -> None:
    person, today = a_member(Role.LEARNER, OrganisationFactory()), timezone.localdate()
    days = {"starts_on": today, "ends_on": today}
    made = Subscription.objects.create(user=person, kind=SubscriptionKind.PAID, **days)
    address = reverse("admin:learners_user_change", args=[person.pk])
    later = {"subscriptions-0-ends_on": (today + timedelta(9)).isoformat()}
    assert head_office.post(address, filled_in(head_office.get(address)) | later).status_code == 302
    made.refresh_from_db()
    assert (made.organisation, made.ends_on) == (None, today + timedelta(9))


def test_a_course_stays_in_a_programme_that_people_follow(head_office: Client) -> None:
    course = CourseFactory()
    programme = a_programme(course, organisation=course.organisation)
    learner = UserFactory()
    entering.enrol_in_programme(learner=learner, programme=programme, by=None, actor=Actor.SYSTEM)
    refused = remove_first(head_office, programme, "programme_courses")
    assert "people follow this programme" in refused.text
    assert ProgrammeCourse.objects.filter(programme=programme).exists()


def test_a_course_leaves_a_programme_that_nobody_follows_after_a_tick(head_office: Client) -> None:
    course = CourseFactory()
    programme = a_programme(course, organisation=course.organisation)
    placed = ProgrammeCourse.objects.get(programme=programme)
    assert (
        "who enrols from now on" in remove_first(head_office, programme, "programme_courses").text
    )
    agreed = {"programme_courses-agreed": str(placed.pk)}
    assert remove_first(head_office, programme, "programme_courses", **agreed).status_code == 302
    assert not ProgrammeCourse.objects.filter(programme=programme).exists()


def test_material_leaves_the_knowledge_centre_after_a_tick(head_office: Client) -> None:
    course = CourseFactory()
    material = Material.objects.create(course=course, title="Map", link="https://example.org/")
    assert "no longer find it" in remove_first(head_office, course, "materials").text
    agreed = {"materials-agreed": str(material.pk)}
    assert remove_first(head_office, course, "materials", **agreed).status_code == 302
    assert not Material.objects.exists()


def test_the_page_of_an_institution_says_how_many_subscriptions_name_it(
    head_office: Client,
) -> None:
    here, person, today = OrganisationFactory(), UserFactory(), timezone.localdate()
    for organisation, ends_on in ((here, today), (here, today - timedelta(1)), (None, today)):
        Subscription.objects.create(
            user=person,
            organisation=organisation,
            kind=SubscriptionKind.PAID,
            starts_on=today - timedelta(9),
            ends_on=ends_on,
        )
    page = head_office.get(reverse("admin:learners_organisation_change", args=[here.pk]))
    assert "1 for this institution; those for all hold here too" in page.text
