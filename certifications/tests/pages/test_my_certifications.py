"""A learner's certifications: the list, the page of one, and what they do with it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from certifications import evidence
from certifications.assigning import giving
from certifications.cycles.states import state_of
from certifications.models import Cycle, CycleState
from certifications.tests.factories import (
    TWO_YEARS,
    a_certification,
    an_elearning,
    assigned,
    done_by,
    reloaded,
    undo_time_is_over,
)
from learners.models import Actor, Enrolment, Material, Membership, Role, StudyStatus
from learners.studying.new_enrolments import NewEnrolment, enrol_many
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    UserFactory,
    a_member,
    a_programme,
    a_run,
    an_administrator,
    an_enrolment,
    an_online_course,
)

pytestmark = pytest.mark.django_db
LIST = "/my-learning/certifications/"
DAY = timedelta(days=1)


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


# session, user with bell; count, time zones, page; what may be chosen; institutions
LIST_QUERIES = 7


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


def test_home_leads_to_all_that_is_pending(client, learner, course):
    begin(titled(course, "Lifesaver"), learner)
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
    assert response["Location"] == f"/my-learning/courses/{enrolment.pk}/lessons/"
    page = client.get(response["Location"], follow=True)
    assert page.redirect_chain[-1][0] == enrolment.get_absolute_url()  # it has no lessons
    done_by_start = client.post(f"{LIST}{cycle.certification.pk}/start/")
    assert done_by_start["Location"] == response["Location"]
    assert Enrolment.objects.filter(learner=learner).count() == 1
    assert reloaded(cycle).started_on == cycle.today


def test_any_pending_course_can_be_opened_on_its_own(client, learner, course, organisation):
    other = an_elearning(organisation=organisation)
    cycle = assigned(a_certification(course, other), learner)
    requirement = cycle.version.requirements.get(course=other)
    client.post(f"{LIST}{cycle.certification.pk}/start/", {"requirement": requirement.pk})
    assert Enrolment.objects.get(learner=learner).course == other


def test_start_of_a_classroom_course_lets_its_learner_choose_a_run(client, learner, organisation):
    course = CourseFactory(organisation=organisation)
    a_run(7, course=course)
    cycle = assigned(a_certification(course), learner)
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


def test_start_accepts_what_is_mandatory_too(client, learner, course):
    cycle = assigned(a_certification(course), learner)
    client.post(f"{cycle.certification.get_absolute_url()}start/")
    assert reloaded(cycle).assignment.accepted_at is not None


def test_what_is_mandatory_offers_start_alone_and_what_is_proposed_only_the_two_answers(
    client, learner, course
):
    offered = {}
    for mode in ("mandatory", "nominated"):
        cycle = assigned(a_certification(course), learner, mode=mode)
        page = client.get(cycle.certification.get_absolute_url()).text
        offered[mode] = [word for word in ("Accept", "Decline", "Start") if f">{word}<" in page]
    assert offered == {"mandatory": ["Start"], "nominated": ["Accept", "Decline"]}


def test_what_is_proposed_shows_what_would_count_before_one_accepts(client, learner, course):
    cycle = assigned(a_certification(course), learner, mode="nominated")
    done_by(learner, course)
    undo_time_is_over()
    page = client.get(cycle.certification.get_absolute_url()).text
    assert "Completed on" in page
    assert "1 of 1 done" in page
    assert "Not begun yet" not in page


def test_without_a_planned_run_a_course_waits_for_the_institution_before_anybody_clicks(
    client, learner, organisation
):
    course = CourseFactory(organisation=organisation)
    cycle = assigned(a_certification(course), learner)
    address = cycle.certification.get_absolute_url()
    page = client.get(address).text
    assert "Waits for your institution: no run is planned yet" in page
    assert ">Start<" not in page
    assert "waiting for your institution, which has planned no run yet" in client.get(LIST).text
    assert ">Start<" not in client.get(LIST).text
    assert "waiting for your institution" in client.get("/").text.lower()
    assert "No run is planned yet" in client.post(f"{address}start/", follow=True).text
    a_run(7, course=course)
    assert ">Start<" in client.get(address).text
    assert ">Start<" in client.get(LIST).text


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
    assert "See it and choose" in client.get(LIST).text
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


def test_what_is_optional_counts_only_as_far_as_there_is_room_beside_what_is_mandatory(
    client, learner, course, organisation
):
    mandatory = [an_elearning(organisation=organisation) for _ in range(2)]
    optional = [course, an_elearning(organisation=organisation)]
    certification = a_certification(*mandatory, *optional, mandatory=mandatory, minimum=3)
    assigned(certification, learner)
    for one in optional:
        done_by(learner, one)
    for address in (LIST, certification.get_absolute_url(), "/"):
        assert "1 of 3 done" in client.get(address).text
    assert 'value="1" max="3"' in client.get(certification.get_absolute_url()).text
    done_by(learner, mandatory[0])
    assert "2 of 3 done" in client.get(LIST).text


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
        giving.assign(
            certification=certification,
            learners=[learner],
            mode="mandatory",
            by=an_administrator(),
        )
    assert learner.notifications.filter(kind__endswith="certification_assigned").count() == 1


def test_start_opens_the_player_with_what_follows_and_the_way_back(client, learner, organisation):
    now = timezone.now()
    first, second, third = (
        an_online_course(2, organisation=organisation, title_en=title, published_at=at)
        for title, at in (("Newest", now - DAY), ("Middle", now - 9 * DAY), ("Old", now - 90 * DAY))
    )
    certification = a_certification(third, second, first)
    assigned(certification, learner)
    done_by(learner, third)
    page = client.post(f"{certification.get_absolute_url()}start/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/my-learning/courses/")
    assert [(stop.title, stop.is_here, stop.is_done) for stop in page.context["trail"].stops] == [
        ("Newest", True, False),
        ("Middle", False, False),
        ("Old", False, True),
    ]
    assert page.context["trail"].stops[1].url == certification.get_absolute_url()
    for words in ("What follows", "Back to “First aider”", certification.get_absolute_url()):
        assert words in page.text


def test_the_last_lesson_leads_back_to_the_certification_and_says_what_follows(
    client, learner, organisation
):
    course = an_online_course(1, organisation=organisation)
    certification = a_certification(course, an_online_course(1, organisation=organisation))
    cycle = assigned(certification, learner)
    address = certification.get_absolute_url()
    requirement = cycle.version.requirements.get(course=course)
    client.post(f"{address}start/", {"requirement": requirement.pk})
    enrolment = Enrolment.objects.get(learner=learner, course=course)
    page = f"{enrolment.get_absolute_url()}lessons/{course.lessons.get().pk}/"
    done = client.post(f"{page}finish/", follow=True)
    assert done.redirect_chain == [(address, 302)]
    assert "You finished all lessons and completed the course." in done.text
    assert "Completed; it will count here soon, you need not do anything" in done.text


def test_start_on_a_course_with_meetings_shows_its_knowledge_centre_and_meetings(
    client, learner, organisation
):
    run = a_run(5, course=CourseFactory(organisation=organisation))
    Material.objects.create(course=run.course, title="Handboek", link="https://example.org")
    new = NewEnrolment(learner=learner, course=run.course, run=run)
    enrol_many(news=[new], by=None, actor=Actor.SYSTEM)
    certification = a_certification(run.course)
    assigned(certification, learner)
    page = client.post(f"{certification.get_absolute_url()}start/", follow=True)
    for words in ("Handboek", "Knowledge centre", "Meetings"):
        assert words in page.text


def test_a_course_says_for_which_certification_it_counts(client, learner, organisation):
    course = an_elearning(organisation=organisation)
    certification = a_certification(course, an_elearning(organisation=organisation))
    assigned(certification, learner)
    enrolment = an_enrolment(course, learner)
    page = client.get(enrolment.get_absolute_url()).text
    assert "Counts for" in page
    assert certification.get_absolute_url() in page
    assert "0 of 2 done" in page


@pytest.mark.parametrize("number", [1, 300])
def test_the_pages_ask_as_much_with_one_certification_as_with_300(
    client, learner, course, number, django_assert_num_queries
):
    template = titled(course, "Lifesaver")
    for certification in [template, *(a_copy(template, n) for n in range(number - 1))]:
        begin(certification, learner)
    for address, asked in (
        (LIST, LIST_QUERIES),
        (f"{LIST}?mode=pending", LIST_QUERIES - 1),
        ("/", 9),
        (template.get_absolute_url(), PAGE_QUERIES),
    ):
        with django_assert_num_queries(asked):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_of_one_asks_as_much_with_one_requirement_and_cycle_as_with_three(
    client, learner, organisation, number, django_assert_num_queries
):
    courses = [an_elearning(organisation=organisation) for _ in range(number)]
    cycle = assigned(a_certification(*courses, **TWO_YEARS), learner)
    for course in courses:
        done_by(learner, course)
    cycle = reloaded(cycle)
    day = cycle.valid_until
    for n in range(2, number + 1):
        cycle.assignment.cycles.create(
            version=cycle.version,
            number=n,
            begins_on=day,
            previous_until=day,
            renewal_until=day,
        )
    with django_assert_num_queries(PAGE_QUERIES):
        page = client.get(cycle.certification.get_absolute_url())
    assert len(page.context["cycles"]) == len(page.context["steps"]) == number


# Session, user with bell, institutions; cycles, what they ask, what was done, certificates; newer
# versions of courses, and where one is in them.
PAGE_QUERIES = 9


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_of_an_external_one_asks_as_much_with_evidence_once_as_thrice(
    client, learner, organisation, number, django_assert_num_queries
):
    certification = a_certification(kind="external", organisation=organisation)
    cycle = assigned(certification, learner)
    judge = an_administrator()
    for _ in range(number):
        upload = SimpleUploadedFile("proof.pdf", b"%PDF-1.7 a proof")
        files = evidence.store(files=[upload], by=learner)
        submitted = evidence.hand_in(cycle=cycle, files=files, by=learner, facts=evidence.Facts())
        evidence.refuse(evidence=submitted, by=judge, reason="The back is missing.")
    with django_assert_num_queries(EXTERNAL_QUERIES):
        page = client.get(certification.get_absolute_url()).text
    assert page.count("The back is missing.") == number + 1  # in the history, and on top


# Session, user with bell, institutions; cycles, their certificates, evidence, and its files.
EXTERNAL_QUERIES = 7
