"""'My courses': each with one sentence of what is expected now."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from learners.models import Actor, Enrolment, StudyStatus
from learners.offered import home
from learners.studying import outbox, whose_turn
from learners.studying.study_status import change_status
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_meeting,
    a_participant,
    a_run,
    an_enrolment,
    an_online_course,
    with_status,
)

S = StudyStatus
pytestmark = pytest.mark.django_db
LIST = "/my-learning/courses/"


@pytest.fixture
def user(client):
    user = UserFactory(language="en")
    client.force_login(user)
    return user


def mine(user, enrolment):
    Enrolment.objects.filter(pk=enrolment.pk).update(learner=user)
    enrolment.refresh_from_db()
    return enrolment


def sentence(enrolment):
    now = timezone.now()
    (prepared,) = whose_turn.prepared(Enrolment.objects.filter(pk=enrolment.pk), now)
    return whose_turn.expected(prepared, now)


def online(**fields):
    return an_online_course(**fields)


@time_machine.travel("2026-11-22T12:00:00+00:00", tick=False)
def test_the_next_meeting_is_said_with_day_hour_and_place(client, user):
    run = a_run(course=CourseFactory(), place="Gent")
    a_meeting(run, datetime(2026, 12, 8, 18, 0, tzinfo=UTC))
    a_meeting(run, datetime(2026, 11, 24, 18, 0, tzinfo=UTC))
    mine(user, a_participant(run))
    assert "Next meeting Tuesday 24 November 19:00, Gent" in client.get(LIST).text


@time_machine.travel("2026-11-22T12:00:00+00:00", tick=False)
def test_a_meeting_that_is_on_says_until_when():
    run = a_run(course=CourseFactory())
    a_meeting(run, datetime(2026, 11, 22, 11, 0, tzinfo=UTC), hours=2)
    assert "14:00, Gent" in sentence(a_participant(run)).text


@pytest.mark.parametrize(
    ("make", "whose"),
    [
        (lambda: with_status(an_enrolment(a_run(7).course), S.RUN_CHOICE_REQUIRED), "me"),
        (lambda: with_status(an_enrolment(CourseFactory()), S.RUN_CHOICE_REQUIRED), "institution"),
        (lambda: an_enrolment(online()), "me"),
        (lambda: with_status(an_enrolment(online()), S.STARTED), "me"),
        (lambda: an_enrolment(online(lessons=0)), "institution"),
        (lambda: an_enrolment(CourseFactory()), "institution"),
        (lambda: a_participant(a_run(course=CourseFactory())), "institution"),
        (lambda: a_participant(a_run(-3)), "teacher"),
        (lambda: a_participant(a_run(3)), ""),
        (lambda: with_status(an_enrolment(online()), S.TERM_LAPSED), "institution"),
        (lambda: with_status(an_enrolment(online()), S.COMPLETED), ""),
        (lambda: with_status(an_enrolment(online()), S.WITHDRAWN_VALID), ""),
    ],
)
def test_it_is_clear_whose_turn_it_is(make, whose):
    enrolment = make()
    expected = sentence(enrolment)
    assert expected.whose_turn == whose
    assert bool(expected.url) == (whose == "me")
    waiting = whose_turn.waiting(Enrolment.objects.all(), timezone.now(), 9)
    assert [each.whose_turn for _enrolment, each in waiting] == ([whose] if whose else [])


@pytest.mark.parametrize("status", S)
def test_every_status_has_a_sentence(status):
    assert sentence(with_status(an_enrolment(online()), status)).text


def test_a_certificate_is_ready_held_or_on_its_way():
    run = a_run(-3, 3)
    enrolment = a_participant(run)
    by = UserFactory()
    change = change_status(enrolment=enrolment, to=S.COMPLETED, by=by, actor=Actor.TEACHER)
    said = [sentence(enrolment).text]
    outbox.hold(enrolment_ids=[enrolment.pk])
    said.append(sentence(enrolment).text)
    outbox.issue_now(changes=[change], by=by)
    said.append(sentence(enrolment).text)
    enrolment.status_changes.update(handled_at=timezone.now())
    said.append(sentence(enrolment).text)
    assert [words.split(" ")[-1] for words in said[1:]] == ["decides", "way", "you"]
    assert said[0].startswith("Your certificate follows after the last meeting")


def test_the_list_filters_sorts_and_counts_in_the_address(client, user):
    for title, status in (("Zwemmen", S.STARTED), ("Anatomie", S.COMPLETED), ("Bier", S.ABSENT)):
        with_status(an_enrolment(online(title_nl=title, title_en=title), user), status)
    mine(user, an_enrolment(online(title_nl="Oud", title_en="Oud")))
    Enrolment.objects.filter(course__title_nl="Oud").update(archived_at=timezone.now())

    def shown(query):
        page = client.get(f"{LIST}?{query}").context["page"]
        return [enrolment.course.title_nl for enrolment in page]

    assert shown("") == ["Zwemmen", "Bier", "Anatomie", "Oud"]
    assert shown("state=open") == ["Zwemmen"]
    assert shown("state=done") == ["Anatomie"]
    assert shown("state=ended") == ["Bier"]
    assert shown("state=archived") == ["Oud"]
    assert shown("sort=title") == ["Anatomie", "Bier", "Oud", "Zwemmen"]
    assert shown("text=anat") == ["Anatomie"]
    assert shown("state=nonsense&sort=nonsense") == ["Zwemmen", "Bier", "Anatomie", "Oud"]
    assert "1 result" in client.get(f"{LIST}?text=anat").text
    assert "No course fits this filter" in client.get(f"{LIST}?text=zzz").text


def test_without_courses_it_says_what_will_appear(client, user):
    an_enrolment(online())
    assert "No courses yet" in client.get(LIST).text


def test_pages_have_twenty_five(client, user):
    for _row in range(26):
        an_enrolment(online(), user)
    assert len(client.get(LIST).context["rows"]) == 25
    assert len(client.get(f"{LIST}?page=2").context["rows"]) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(client, user, rows, django_assert_num_queries):
    for _row in range(rows):
        mine(user, a_participant(a_run(3, 5)))
        an_enrolment(online(), user)
    with django_assert_num_queries(7):
        client.get(LIST)


class TestThePageOfACourse:
    @pytest.mark.parametrize("rows", [1, 3])
    def test_it_asks_as_much_for_one_as_for_three(
        self, client, user, rows, django_assert_num_queries
    ):
        run = a_run(*range(1, rows + 1))
        enrolment = mine(user, a_participant(run))
        with django_assert_num_queries(12):
            client.get(f"{LIST}{enrolment.pk}/")

    def test_another_persons_course_is_not_there(self, client, user):
        enrolment = an_enrolment(online())
        assert client.get(f"{LIST}{enrolment.pk}/").status_code == 404

    def test_a_programme_is_not_there_either(self, client, user):
        assert client.get(f"{LIST}999/").status_code == 404

    def test_it_says_who_decided_what_and_keeps_remarks_for_staff(self, client, user):
        teacher = UserFactory(name="Bram Kuipers")
        enrolment = mine(user, a_participant(a_run(3)))
        enrolment.remark = "Slaapt in de les"
        enrolment.save()
        change_status(
            enrolment=enrolment, to=S.ABSENT, by=teacher, actor=Actor.TEACHER, reason="Not seen"
        )
        page = client.get(f"{LIST}{enrolment.pk}/").text
        assert "Bram Kuipers, a teacher" in page
        assert "“Not seen”" in page
        assert "Slaapt" not in page

    def test_what_the_maximum_cut_is_said(self, client, user):
        course = CourseFactory(study_points=10, maximum_study_points=4)
        enrolment = mine(user, a_participant(a_run(3, course=course)))
        change_status(enrolment=enrolment, to=S.COMPLETED, by=UserFactory(), actor=Actor.TEACHER)
        page = client.get(f"{LIST}{enrolment.pk}/").text
        assert "6 points more were earned than the maximum allows" in page

    def test_a_code_in_a_title_is_shown_as_text(self, client, user):
        enrolment = an_enrolment(online(title_nl="<b>", title_en="<script>x</script> & co"), user)
        page = client.get(f"{LIST}{enrolment.pk}/").text
        assert "<script>x" not in page
        assert "&lt;script&gt;x&lt;/script&gt; &amp; co" in page
        assert "&amp;amp;" not in page


def test_the_calendar_has_my_place_and_nobody_elses(user):
    run = a_run(3)
    a_participant(run)
    enrolment = mine(user, a_participant(run))
    (entry,) = home.calendar(user)
    assert entry.url == f"{LIST}{enrolment.pk}/"


def test_a_course_that_ends_soon_is_urgent(user):
    enrolment = an_enrolment(online(), user)
    enrolment.term_ends_on = timezone.localdate() + timedelta(days=14)
    enrolment.save()
    (waiting,) = home.waiting_for(user)
    assert (waiting.is_urgent, waiting.turn.is_of(user)) == (True, True)
