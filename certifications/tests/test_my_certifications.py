"""A learner's certifications: the list, the page of one, and what they do with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from certifications import assigning
from certifications.models import Cycle
from certifications.states import CycleState, state_of
from certifications.tests.factories import (
    TWO_YEARS,
    a_certification,
    an_elearning,
    assigned,
    done_by,
    reloaded,
)
from learners.models import Enrolment, Membership, Role, StudyStatus
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    UserFactory,
    a_member,
    a_programme,
    an_administrator,
)

pytestmark = pytest.mark.django_db
LIST = "/my-learning/certifications/"


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def learner(client, organisation):
    user = a_member(Role.LEARNER, organisation, language="en")
    client.force_login(user)
    return user


@pytest.fixture
def course(organisation):
    return an_elearning(organisation=organisation, title_en="Hygiene")


def titled(course, title, **fields):
    return a_certification(course, title_nl=title, title_en=title, **fields)


def order_of(page, *titles):
    return sorted(titles, key=page.index)


@pytest.mark.parametrize("number", [1, 300])
def test_the_list_asks_as_much_for_one_as_for_300(
    client, learner, course, number, django_assert_num_queries
):
    template = titled(course, "Lifesaver")
    made = [template] + [a_copy(template, n) for n in range(number - 1)]
    for certification in made:
        begin(certification, learner)
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(LIST).text
    assert f"{number} result" in page


# session, user; count, time zones, page; what may be chosen; bell, institutions
LIST_QUERIES = 8


def a_copy(certification, number):
    version = certification.versions.get()
    certification = type(certification).objects.get(pk=certification.pk)
    certification.pk, certification.code = None, f"N{number}"
    certification._state.adding = True
    certification.save()
    version.pk, version.certification = None, certification
    version._state.adding = True
    version.save()
    return type(certification).objects.get(pk=certification.pk)


def begin(certification, learner):
    assignment = certification.assignments.create(learner=learner, mode="mandatory", by=learner)
    version = certification.versions.get()
    return assignment.cycles.create(version=version, begins_on=timezone.localdate())


@pytest.mark.parametrize("number", [1, 300])
def test_home_asks_at_most_twelve_times(
    client, learner, course, number, django_assert_max_num_queries
):
    template = titled(course, "Lifesaver")
    for certification in [template, *(a_copy(template, n) for n in range(number - 1))]:
        begin(certification, learner)
    with django_assert_max_num_queries(12):
        page = client.get("/").text
    assert "Outstanding" in page
    assert "All pending certifications" in page


def test_sorted_by_relevance_the_earliest_date_comes_first_and_what_is_done_later(
    client, learner, course, organisation
):
    today = timezone.localdate()
    other = an_elearning(organisation=organisation)
    assigned(titled(other, "Later"), learner, due_on=today + timedelta(days=9))
    assigned(titled(other, "Sooner"), learner, due_on=today + timedelta(days=3))
    assigned(titled(other, "Without"), learner)
    assigned(titled(course, "Valid", **TWO_YEARS), learner)
    done_by(learner, course)
    page = client.get(LIST).text
    assert order_of(page, "Valid", "Without", "Later", "Sooner") == [
        *("Sooner", "Later", "Without", "Valid")
    ]
    assert "Sorted by relevance: first what you still have to do" in page


def test_sorted_by_publication_the_newest_comes_first(client, learner, course):
    for days, title in ((9, "Old"), (1, "New"), (5, "Between")):
        certification = titled(course, title)
        certification.published_at = timezone.now() - timedelta(days=days)
        certification.save()
        assigned(certification, learner)
    page = client.get(LIST, {"sort": "published"}).text
    assert order_of(page, "Old", "New", "Between") == ["New", "Between", "Old"]


def test_pending_leaves_out_what_is_completed_and_a_filter_stands_in_the_address(
    client, learner, course, organisation
):
    assigned(titled(course, "Done thing"), learner)
    assigned(titled(an_elearning(organisation=organisation), "Open thing"), learner)
    done_by(learner, course)
    pending = client.get(LIST, {"mode": "pending"}).text
    assert ("Open thing" in pending, "Done thing" in pending) == (True, False)
    certified = client.get(LIST, {"state": "certified"}).text
    assert ("Open thing" in certified, "Done thing" in certified) == (False, True)


def test_start_opens_the_latest_published_pending_course_and_enrols(client, learner, organisation):
    now = timezone.now()
    older, newer = (
        an_elearning(organisation=organisation, published_at=now - timedelta(days=days))
        for days in (90, 10)
    )
    cycle = assigned(a_certification(older, newer), learner)
    response = client.post(f"{LIST}{cycle.certification.pk}/start/")
    enrolment = Enrolment.objects.get(learner=learner, course=newer)
    assert response["Location"] == enrolment.get_absolute_url()
    done_by_start = client.post(f"{LIST}{cycle.certification.pk}/start/")
    assert done_by_start["Location"] == enrolment.get_absolute_url()
    assert Enrolment.objects.filter(learner=learner).count() == 1
    assert reloaded(cycle).started_on == cycle.today


def test_any_pending_course_can_be_opened_on_its_own(client, learner, course, organisation):
    other = an_elearning(organisation=organisation)
    cycle = assigned(a_certification(course, other), learner)
    requirement = cycle.version.requirements.get(course=other)
    client.post(f"{LIST}{cycle.certification.pk}/start/", {"requirement": requirement.pk})
    assert Enrolment.objects.get(learner=learner).course == other


def test_start_of_a_classroom_course_lets_its_learner_choose_a_run(client, learner, organisation):
    cycle = assigned(a_certification(CourseFactory(organisation=organisation)), learner)
    response = client.post(f"{LIST}{cycle.certification.pk}/start/")
    enrolment = Enrolment.objects.get(learner=learner)
    assert enrolment.status == StudyStatus.RUN_CHOICE_REQUIRED
    assert response["Location"].endswith(f"/{enrolment.pk}/run/")


def test_start_of_a_programme_enrols_in_it(client, learner, course, organisation):
    cycle = assigned(a_certification(a_programme(course, organisation=organisation)), learner)
    client.post(f"{LIST}{cycle.certification.pk}/start/")
    assert Enrolment.objects.filter(learner=learner, programme__isnull=False).exists()


def test_start_accepts_and_what_is_no_longer_offered_says_so(client, learner, course):
    cycle = assigned(a_certification(course), learner, mode="nominated")
    course.archived_at = timezone.now()
    course.save()
    page = client.post(f"{LIST}{cycle.certification.pk}/start/", follow=True).text
    assert "is not on offer now" in page
    assert reloaded(cycle).assignment.accepted_at is None
    course.archived_at = None
    course.save()
    client.post(f"{LIST}{cycle.certification.pk}/start/")
    assert reloaded(cycle).assignment.accepted_at is not None


def test_a_nominated_learner_accepts_or_declines_and_a_mandatory_one_never_declines(
    client, learner, course
):
    nominated = assigned(a_certification(course), learner, mode="nominated")
    address = f"{LIST}{nominated.certification.pk}/"
    assert "Decline" in client.get(address).text
    client.post(f"{address}decline/")
    assert state_of(reloaded(nominated)) == CycleState.DECLINED

    mandatory = assigned(a_certification(course), learner)
    address = f"{LIST}{mandatory.certification.pk}/"
    assert "Decline" not in client.get(address).text
    client.post(f"{address}decline/")
    assert state_of(reloaded(mandatory)) == CycleState.ASSIGNED
    client.post(f"{address}accept/")
    assert reloaded(mandatory).assignment.accepted_at is not None


def test_what_is_open_can_be_chosen_once_by_people_of_the_institution(client, learner, course):
    certification = a_certification(course, open_to_learners=True)
    address = f"{LIST}{certification.pk}/"
    assert "Choose this certification" in client.get(address).text
    for _ in range(2):
        client.post(f"{address}choose/")
    assert Cycle.objects.for_user(learner).count() == 1
    Membership.objects.create(user=UserFactory(), organisation=OrganisationFactory())
    stranger = UserFactory()
    client.force_login(stranger)
    assert client.get(address).status_code == 404


def test_the_page_says_what_fulfilled_each_requirement_and_when(
    client, learner, course, organisation
):
    other = an_elearning(organisation=organisation, title_en="Radio")
    cycle = assigned(a_certification(course, other, **TWO_YEARS), learner)
    done_by(learner, course)
    page = client.get(f"{LIST}{cycle.certification.pk}/").text
    for words in ("Completed on", "Not begun yet", "1 of 2 done", "Recurring, valid for 2 years"):
        assert words in page
    done_by(learner, other)
    page = client.get(f"{LIST}{cycle.certification.pk}/").text
    assert "To your certificate" in page
    assert "Can be renewed from" in page
    assert "was issued" in page


def test_the_badge_is_drawn_with_its_title_and_nothing_in_it_runs(client, learner, course):
    certification = titled(course, "<script>alert(1)</script>")
    response = client.get(certification.badge_url)
    assert response["Content-Type"] == "image/svg+xml"
    assert "<script>" not in response.text
    assert "&lt;script&gt;" in response.text


def test_whoever_has_no_certification_is_told_what_will_come(client, learner):
    assert "No certifications yet" in client.get(LIST).text


def test_assigning_tells_people_once(course, learner):
    certification = a_certification(course)
    for _ in range(2):
        assigning.assign(
            certification=certification,
            learners=[learner],
            mode="mandatory",
            by=an_administrator(),
        )
    assert learner.notifications.filter(kind__endswith="certification_assigned").count() == 1
