"""Enrolling oneself: the catalogue, the confirmation, choosing a run, withdrawing."""

import pytest

from learners.enrolling import entering
from learners.models import Actor, CourseKind, Enrolment, Membership, Role, StudyStatus
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    UserFactory,
    a_participant,
    a_programme,
    a_run,
    an_enrolment,
    with_status,
)

S = StudyStatus
pytestmark = pytest.mark.django_db
LIST = "/catalogue/"


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def user(client, organisation):
    user = UserFactory(language="en")
    Membership.objects.create(user=user, organisation=organisation, role=Role.LEARNER)
    client.force_login(user)
    return user


def an_open_run(organisation, *days, title="First aid", run=None, **fields):
    course = CourseFactory(
        organisation=organisation, open_for_enrolment=True, title_nl=title, title_en=title, **fields
    )
    return a_run(*(days or (20,)), course=course, **(run or {}))


def titles(client, query=""):
    return [each.course.title for each in client.get(f"{LIST}?{query}").context["listings"]]


def test_it_shows_what_i_can_enrol_in(client, user, organisation):
    an_open_run(organisation, title="Open")
    an_open_run(organisation, -3, title="Begun")
    an_open_run(OrganisationFactory(), title="Elsewhere")
    a_run(20, course=CourseFactory(organisation=organisation, title_en="Closed"))
    CourseFactory(
        organisation=organisation, kind=CourseKind.ELEARNING, open_for_enrolment=True,
        title_nl="Online", title_en="Online",
    )  # fmt: skip
    assert titles(client) == ["Online", "Open"]


def test_it_filters_by_words_kind_place_and_room(client, user, organisation):
    full = an_open_run(organisation, title="Full", run={"place": "Gent", "capacity": 1})
    a_participant(full)
    an_open_run(organisation, title="Roomy", run={"place": "Utrecht", "capacity": 2})
    an_open_run(organisation, title="Blended", kind=CourseKind.BLENDED)
    assert titles(client, "text=roo") == ["Roomy"]
    assert titles(client, "kind=blended") == ["Blended"]
    assert titles(client, "place=utr") == ["Roomy"]
    assert titles(client, "room=on") == ["Blended", "Roomy"]
    assert titles(client, "place=gent&room=on") == ["Blended"]


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_as_much_for_one_as_for_three(
    client, user, organisation, rows, django_assert_num_queries
):
    for row in range(rows):
        an_open_run(organisation, 20 + row)
    with django_assert_num_queries(7):
        client.get(LIST)


def test_looking_changes_nothing_and_says_what_will_happen(client, user, organisation):
    run = an_open_run(organisation, 20, run={"capacity": 3}, study_points=5)
    page = client.get(f"/catalogue/runs/{run.pk}/enrol/").text
    assert "3 places left" in page
    assert "Withdrawing with a valid reason" in page
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (20, "until and including"),
        (15, "until and including"),
        (14, "only with proof of force majeure"),
    ],
)
def test_it_says_until_when_one_can_withdraw_and_what_holds_after_that(
    client, user, organisation, days, words
):
    run = an_open_run(organisation, days)
    page = client.get(f"/catalogue/runs/{run.pk}/enrol/").text

    both = ("until and including", "only with proof of force majeure")
    assert [said for said in both if said in page] == [words]


def test_confirming_twice_enrols_once(client, user, organisation):
    run = an_open_run(organisation)
    for _twice in range(2):
        response = client.post(f"/catalogue/runs/{run.pk}/enrol/", follow=True)
        assert "You are enrolled in “First aid”." in response.text
    (enrolment,) = Enrolment.objects.all()
    assert response.request["PATH_INFO"] == enrolment.get_absolute_url()


def test_a_run_that_filled_up_meanwhile_is_said_to_be_full(client, user, organisation):
    run = an_open_run(organisation, run={"capacity": 1})
    a_participant(run)
    response = client.post(f"/catalogue/runs/{run.pk}/enrol/", follow=True)
    assert "is full." in response.text
    assert "This run is full." in response.text
    assert not Enrolment.objects.filter(learner=user).exists()


def test_in_another_window_i_enrolled_in_another_run(client, user, organisation):
    run = an_open_run(organisation)
    entering.enrol_in_open_run(learner=user, run=a_run(30, course=run.course))
    response = client.post(f"/catalogue/runs/{run.pk}/enrol/", follow=True)
    assert "You are enrolled in another run of this course." in response.text
    assert "You are enrolled in this course already." in response.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_mine_to_enrol_in_is_not_there(client, user, method):
    elsewhere = an_open_run(OrganisationFactory())
    assert getattr(client, method)(f"/catalogue/runs/{elsewhere.pk}/enrol/").status_code == 404
    assert getattr(client, method)("/catalogue/courses/99/enrol/").status_code == 404


def test_an_e_learning_is_entered_from_the_catalogue(client, user, organisation):
    course = CourseFactory(
        organisation=organisation, kind=CourseKind.ELEARNING, open_for_enrolment=True
    )
    assert client.get(f"/catalogue/courses/{course.pk}/enrol/").status_code == 200
    client.post(f"/catalogue/courses/{course.pk}/enrol/")
    assert Enrolment.objects.get().status == S.NOT_STARTED


class TestChoosingARun:
    @pytest.fixture
    def part(self, user):
        whole = entering.enrol_in_programme(
            learner=user, programme=a_programme(CourseFactory()), by=user, actor=Actor.LEARNER
        )
        return whole.parts.get()

    def test_the_coming_runs_are_offered_and_one_is_booked(self, client, part):
        past, run = a_run(-9, course=part.course), a_run(9, course=part.course)
        path = f"/my-learning/courses/{part.pk}/run/"
        offers = client.get(path).context["offers"]
        assert [offer.run for offer in offers] == [run]
        assert "Choose one of these runs." in client.post(path, {"run": past.pk}, follow=True).text
        for nonsense in ("x", "²", "9" * 30):
            answer = client.post(path, {"run": nonsense}, follow=True)
            assert "Choose one of these runs." in answer.text
        client.post(path, {"run": run.pk})
        part.refresh_from_db()
        assert (part.status, part.places.get().run) == (S.ENROLLED, run)
        assert client.get(path)["Location"] == part.get_absolute_url()

    def test_a_full_run_is_refused_with_words(self, client, part):
        run = a_run(9, course=part.course, capacity=1)
        a_participant(run)
        path = f"/my-learning/courses/{part.pk}/run/"
        assert "is full." in client.post(path, {"run": run.pk}, follow=True).text

    def test_without_runs_it_says_so(self, client, part):
        assert "No run is planned yet" in client.get(f"/my-learning/courses/{part.pk}/run/").text

    def test_another_persons_choice_is_not_there(self, client, part):
        client.force_login(UserFactory())
        assert client.post(f"/my-learning/courses/{part.pk}/run/").status_code == 404


class TestWithdrawing:
    def withdraw_page(self, enrolment):
        return f"/my-learning/enrolments/{enrolment.pk}/withdraw/"

    @pytest.mark.parametrize(
        ("days", "words", "status"),
        [
            (20, "15 days or more", S.WITHDRAWN_VALID),
            (15, "15 days or more", S.WITHDRAWN_VALID),
            (14, "fewer than 15 days", S.WITHDRAWN_INVALID),
        ],
    )
    def test_the_consequence_is_shown_first_and_is_what_happens(
        self, client, user, organisation, days, words, status
    ):
        run = an_open_run(organisation, days)
        enrolment = entering.enrol_in_open_run(learner=user, run=run)
        page = client.get(self.withdraw_page(enrolment)).text
        assert words in page
        enrolment.refresh_from_db()
        assert enrolment.status == S.ENROLLED
        for _twice in range(2):
            client.post(self.withdraw_page(enrolment), {"reason": "I moved"})
        enrolment.refresh_from_db()
        assert enrolment.status == status
        assert enrolment.status_changes.first().reason == "I moved"
        assert enrolment.status_changes.count() == 2

    def test_a_run_that_is_over_cannot_be_left(self, client, user):
        enrolment = a_participant(a_run(-3))
        Enrolment.objects.update(learner=user)
        response = client.post(self.withdraw_page(enrolment), follow=True)
        assert "This run is over" in response.text

    def test_what_is_final_leads_back(self, client, user):
        enrolment = with_status(an_enrolment(CourseFactory(), user), S.COMPLETED)
        response = client.get(self.withdraw_page(enrolment))
        assert response["Location"] == enrolment.get_absolute_url()

    def test_a_programme_shows_what_becomes_of_its_courses(self, client, user):
        course = CourseFactory(title_en="First aid")
        whole = entering.enrol_in_programme(
            learner=user, programme=a_programme(course), by=user, actor=Actor.LEARNER
        )
        assert "First aid" in client.get(self.withdraw_page(whole)).text
        client.post(self.withdraw_page(whole))
        assert set(Enrolment.objects.values_list("status", flat=True)) == {S.WITHDRAWN_VALID}

    def test_another_persons_enrolment_is_not_there(self, client, user):
        enrolment = an_enrolment(CourseFactory())
        assert client.get(self.withdraw_page(enrolment)).status_code == 404
        assert client.post(self.withdraw_page(enrolment)).status_code == 404
