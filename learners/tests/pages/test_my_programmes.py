"""'My programmes', the free trial, and what people take along of themselves."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from learners.enrolling import entering
from learners.models import (
    Actor,
    AuditEntry,
    Coaching,
    CourseKind,
    Role,
    StudyStatus,
    Subscription,
    SubscriptionKind,
)
from learners.offered import personal
from learners.people import subscriptions
from learners.studying.study_status import change_status
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    UserFactory,
    a_member,
    a_programme,
    a_run,
)

S = StudyStatus
pytestmark = pytest.mark.django_db
LIST = "/my-learning/programmes/"


@pytest.fixture
def user(client):
    user = UserFactory(language="en")
    client.force_login(user)
    return user


def enter(user, *courses, **fields):
    return entering.enrol_in_programme(
        learner=user, programme=a_programme(*courses, **fields), by=user, actor=Actor.LEARNER
    )


def test_courses_stand_in_order_with_what_is_expected(client, user):
    second = CourseFactory(title_en="Second")
    a_run(7, course=second)
    first = CourseFactory(title_en="First", kind=CourseKind.ELEARNING)
    whole = enter(user, first, second)
    change_status(
        enrolment=whole.parts.get(course=first), to=S.COMPLETED, by=None, actor=Actor.SYSTEM
    )
    page = client.get(f"{LIST}{whole.pk}/")
    lines = page.context["enrolment"].lines
    assert [line.course for line in lines] == [first, second]
    assert page.context["next_line"].course == second
    assert "1 of 2 courses done" in page.text
    assert "Second&nbsp;· Choose a run" in page.text


def test_a_course_that_is_not_needed_says_so_and_is_not_counted(client, user):
    other, needed = (a_run(7).course for _ in range(2))
    whole = enter(user, other, needed)
    whole.programme.programme_courses.filter(course=other).update(is_needed=False)
    page = client.get(f"{LIST}{whole.pk}/")
    assert page.text.count("Not needed to complete it") == 1
    assert "0 of 1 course done" in page.text
    assert page.context["next_line"].course == needed


def test_the_coach_and_the_term_are_named(client, user):
    whole = enter(user, CourseFactory(), term_days=100)
    Coaching.objects.create(
        enrolment=whole, coach=a_member(Role.COACH, whole.organisation, name="Bram Kuipers")
    )
    page = client.get(f"{LIST}{whole.pk}/").text
    assert "Bram Kuipers" in page
    assert "Study term until" in page


def test_another_persons_programme_is_not_there(client, user):
    whole = enter(UserFactory(), CourseFactory())
    assert client.get(f"{LIST}{whole.pk}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_as_much_for_one_as_for_three(client, user, rows, django_assert_num_queries):
    wholes = [enter(user, *CourseFactory.create_batch(rows)) for _row in range(rows)]
    for part in wholes[0].parts.all():
        entering.choose_run(enrolment=part, run=a_run(3, course=part.course), by=user)
    with django_assert_num_queries(6):
        client.get(LIST)
    with django_assert_num_queries(11):  # one of them for assignments, of which there are none
        client.get(f"{LIST}{wholes[0].pk}/")


class TestSubscriptions:
    def an_institution(self):
        return OrganisationFactory(
            programmes_need_subscription=True, subscription_url="https://shop.example.org/"
        )

    def test_nothing_is_asked_where_the_institution_does_not(self, user):
        assert subscriptions.access(user, OrganisationFactory()).is_open

    def test_the_trial_opens_for_ten_days_once(self, client, user):
        whole = enter(user, CourseFactory(), organisation=self.an_institution())
        organisation = whole.organisation
        page = client.get(f"{LIST}{whole.pk}/").text
        assert "You need a subscription to go on" in page
        assert "https://shop.example.org/" in page
        for _twice in range(2):
            client.post("/my-learning/trial/")
        (trial,) = Subscription.objects.all()
        assert (trial.ends_on - trial.starts_on).days == 9
        assert AuditEntry.objects.get(action="learners.trial_started").by == user
        assert "You need a subscription" not in client.get(f"{LIST}{whole.pk}/").text
        for days, is_open in ((9, True), (10, False)):
            with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
                access = subscriptions.access(user, organisation)
                assert (access.is_open, access.has_trial_left) == (is_open, False)

    def test_the_trial_leads_back_to_the_programme_that_asked_it(self, client, user):
        whole = enter(user, CourseFactory(), organisation=self.an_institution())
        theirs = enter(UserFactory(), CourseFactory(), organisation=whole.organisation)
        assert f'name="enrolment" value="{whole.pk}"' in client.get(f"{LIST}{whole.pk}/").text
        for sent, to in ((whole.pk, f"{LIST}{whole.pk}/"), (theirs.pk, LIST), ("x", LIST)):
            answer = client.post("/my-learning/trial/", {"enrolment": sent})
            assert answer.headers["Location"] == to

    def test_a_paid_one_holds_on_both_its_days(self, user):
        organisation = self.an_institution()
        today = organisation.today()
        Subscription.objects.create(
            user=user, kind=SubscriptionKind.PAID, starts_on=today, ends_on=today
        )
        access = subscriptions.access(user, organisation)
        assert (access.is_open, access.until, access.has_trial_left) == (True, today, True)

    def test_one_of_another_institution_opens_nothing_here(self, user):
        here, there = self.an_institution(), self.an_institution()
        today = here.today()
        days = {"kind": SubscriptionKind.PAID, "starts_on": today, "ends_on": today}
        Subscription.objects.create(user=user, organisation=there, **days)
        access = subscriptions.access(user, here)
        assert (access.is_open, access.until, access.has_trial_left) == (False, None, True)
        assert subscriptions.access(user, there).is_open

    def test_all_institutions_are_asked_about_at_once(self, user, django_assert_num_queries):
        here, there, open_one = self.an_institution(), self.an_institution(), OrganisationFactory()
        today = here.today()
        Subscription.objects.create(
            user=user,
            organisation=there,
            kind=SubscriptionKind.PAID,
            starts_on=today,
            ends_on=today,
        )
        with django_assert_num_queries(1):
            found = subscriptions.accesses(user, [here, there, open_one])
        assert {pk: one.is_open for pk, one in found.items()} == {
            here.pk: False,
            there.pk: True,
            open_one.pk: True,
        }
        with django_assert_num_queries(0):
            assert subscriptions.accesses(user, [open_one])[open_one.pk].is_open

    @pytest.mark.parametrize("is_for_all", [True, False])
    def test_the_page_says_whether_it_holds_everywhere(self, client, user, is_for_all):
        whole = enter(user, CourseFactory(), organisation=self.an_institution())
        today = whole.organisation.today()
        Subscription.objects.create(
            user=user,
            organisation=None if is_for_all else whole.organisation,
            kind=SubscriptionKind.PAID,
            starts_on=today,
            ends_on=today,
        )
        page = client.get(f"{LIST}{whole.pk}/").text
        assert ("at all institutions" in page, "at this institution" in page) == (
            is_for_all,
            not is_for_all,
        )

    def test_ones_own_data_names_the_institution(self, user):
        here = self.an_institution()
        days = {"starts_on": here.today(), "ends_on": here.today()}
        Subscription.objects.create(user=user, kind=SubscriptionKind.TRIAL, **days)
        Subscription.objects.create(
            user=user, organisation=here, kind=SubscriptionKind.PAID, **days
        )
        assert [row["at"] for row in personal.export(user)["subscriptions"]] == [None, here.name]

    def test_looking_starts_nothing(self, client, user):
        assert client.get("/my-learning/trial/").status_code == 405


def test_my_data_holds_what_is_mine_and_no_remark(client, user):
    whole = enter(user, CourseFactory(title_nl="Eerste hulp"))
    whole.parts.update(remark="Slaapt in de les")
    enter(UserFactory(), CourseFactory(title_nl="Andermans"))
    response = client.get("/profile/data/")
    data = json.loads(response.content)
    assert data["person"]["email"] == user.email
    assert [row["in_course"] for row in data["enrolments"]] == [None, "Eerste hulp"]
    assert "attachment" in response["Content-Disposition"]
    assert "Slaapt" not in response.text
    assert "Andermans" not in response.text
