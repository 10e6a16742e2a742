"""What a missing subscription closes of what is followed through a programme, and what stays."""

import pytest
from django.urls import reverse

from learners.content import knowledge_centre, player
from learners.content.player import LessonsClosed
from learners.enrolling import changing, entering, waiting_lists
from learners.models import (
    Actor,
    CourseKind,
    LessonKind,
    LessonProgress,
    Material,
    StudyStatus,
)
from learners.studying import reopening
from learners.studying.new_enrolments import EnrolmentRefused
from learners.studying.study_status import change_status
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    a_programme,
    a_run,
    an_administrator,
    an_enrolment,
    an_online_course,
    with_status,
)
from learners.tests.studying.subscribing import a_follower, subscribe

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return OrganisationFactory(programmes_need_subscription=True)


@pytest.fixture
def course():
    return an_online_course(2)


@pytest.fixture
def whole(here, course):
    """Somebody whose subscription to a programme with this course ended yesterday."""
    made = a_follower(a_programme(course, organisation=here))
    subscribe(made, -9, -1)
    return made


@pytest.fixture
def part(whole):
    return whole.parts.get()


@pytest.fixture
def learner(client, whole):
    client.force_login(whole.learner)
    return client


@pytest.fixture
def lesson(course):
    return course.lessons.first()


@pytest.fixture
def material(course):
    return Material.objects.create(course=course, title="Blad", link="https://example.org/")


class TestClosed:
    def test_no_lesson_is_opened(self, learner, whole, part, lesson):
        page = learner.get(
            reverse("learners:lesson_detail", args=[part.pk, lesson.pk]), follow=True
        )
        assert page.redirect_chain == [(f"{whole.get_absolute_url()}#subscription", 302)]
        assert "You need a subscription to go on. What you did is kept." in page.text
        assert not LessonProgress.objects.exists()
        part.refresh_from_db()
        assert part.status == StudyStatus.NOT_STARTED

    def test_no_lesson_is_finished(self, learner, part, lesson):
        learner.post(reverse("learners:lesson_finish", args=[part.pk, lesson.pk]))
        assert not LessonProgress.objects.exists()
        with pytest.raises(LessonsClosed):
            player.finish_lesson(enrolment=part, lesson=lesson, by=part.learner)

    def test_no_position_in_a_video_is_kept(self, part, lesson):
        lesson.kind = LessonKind.VIDEO
        with pytest.raises(LessonsClosed):
            player.keep_position(enrolment=part, lesson=lesson, by=part.learner, seconds=3)

    def test_nothing_is_begun_or_gone_on_with(self, learner, whole, part):
        answer = learner.get(reverse("learners:learn", args=[part.pk]))
        assert answer.url == f"{whole.get_absolute_url()}#subscription"

    def test_no_material_is_opened(self, learner, material):
        assert learner.get(reverse("learners:material_open", args=[material.pk])).status_code == 404

    def test_no_file_of_its_content_is_read(self, whole, course):
        assert course not in knowledge_centre.courses_read_by(whole.learner)

    def test_no_run_is_chosen_nor_waited_for(self, here):
        run = a_run(7, capacity=1)
        whole = a_follower(a_programme(run.course, organisation=here))
        part = whole.parts.get()
        with_status(part, StudyStatus.RUN_CHOICE_REQUIRED)
        with pytest.raises(EnrolmentRefused):
            entering.choose_run(enrolment=part, run=run, by=whole.learner)
        an_enrolment(run.course)
        with pytest.raises(EnrolmentRefused):
            waiting_lists.join(enrolment=part, run=run, by=whole.learner)

    def test_the_page_to_choose_a_run_leads_to_what_opens_it(self, client, here):
        run = a_run(7)
        whole = a_follower(a_programme(run.course, organisation=here))
        part = with_status(whole.parts.get(), StudyStatus.RUN_CHOICE_REQUIRED)
        client.force_login(whole.learner)
        answer = client.get(reverse("learners:run_choose", args=[part.pk]))
        assert answer.url == f"{whole.get_absolute_url()}#subscription"

    def test_the_page_of_the_course_says_so_and_leads_to_what_opens_it(
        self, learner, whole, part, material
    ):
        page = learner.get(part.get_absolute_url()).text
        address = f'href="{whole.get_absolute_url()}#subscription"'
        assert page.count("You need a subscription to go on. What you did is kept.") == 2
        assert page.count(address) == 3
        assert reverse("learners:learn", args=[part.pk]) not in page

    def test_the_list_of_courses_leads_there_too(self, learner, whole, part):
        page = learner.get(reverse("learners:my_course_list")).text
        assert f'href="{whole.get_absolute_url()}#subscription"' in page
        assert reverse("learners:learn", args=[part.pk]) not in page


class TestStays:
    def test_what_was_done_and_earned_can_be_read(self, learner, whole, part, course):
        change_status(enrolment=part, to=StudyStatus.COMPLETED, by=None, actor=Actor.SYSTEM)
        assert "completed" in learner.get(part.get_absolute_url()).text.lower()
        assert course.title in learner.get(whole.get_absolute_url()).text

    def test_a_course_that_is_followed_by_itself_stays_open(self, whole, part, course):
        part.part_of = None
        part.save()
        assert player.is_open(part)
        assert course in knowledge_centre.courses_read_by(whole.learner)

    def test_a_programme_that_was_completed_keeps_its_lessons(self, whole, part):
        with_status(whole, StudyStatus.COMPLETED)
        part.refresh_from_db()
        assert player.is_open(part)

    def test_an_institution_that_asks_none_closes_nothing(self, whole, part, here):
        here.programmes_need_subscription = False
        here.save()
        part.refresh_from_db()
        assert player.is_open(part)

    def test_a_run_that_was_booked_can_be_changed(self, here):
        course = CourseFactory()
        old, new = a_run(40, course=course), a_run(50, course=course)
        whole = a_follower(a_programme(course, organisation=here))
        part = whole.parts.get()
        entering.choose_run(enrolment=part, run=old, by=an_administrator())
        changing.change_run(enrolment=part, run=new, by=whole.learner)
        assert changing.run_of(part) == new

    def test_an_administrator_chooses_a_run_for_them(self, here):
        run = a_run(7)
        part = a_follower(a_programme(run.course, organisation=here)).parts.get()
        with_status(part, StudyStatus.RUN_CHOICE_REQUIRED)
        entering.choose_run(enrolment=part, run=run, by=an_administrator())
        assert run.places.filter(enrolment=part).exists()

    def test_a_new_subscription_opens_it_again_where_it_was(self, whole, part, lesson):
        subscribe(whole, 0, 9)
        part.refresh_from_db()
        player.open_lesson(enrolment=part, lesson=lesson, by=whole.learner)
        assert LessonProgress.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_many_courses_ask_as_little_as_one(here, rows, django_assert_num_queries):
    courses = CourseFactory.create_batch(rows, kind=CourseKind.ELEARNING)
    whole = a_follower(a_programme(*courses, organisation=here))
    with django_assert_num_queries(2):  # the enrolments, and the subscriptions
        assert knowledge_centre.courses_open_to(whole.learner) == []
    parts = list(whole.parts.select_related("part_of__programme__organisation"))
    with django_assert_num_queries(1):
        assert reopening.lacking(whole.learner, parts) == {one.pk for one in parts}
