"""Changing run, and until when learners do by themselves what administrators always may."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from learners.enrolling import changing, entering, waiting_lists
from learners.meetings import planning
from learners.models import (
    AuditEntry,
    Membership,
    Notification,
    PlaceState,
    Role,
    Run,
    StudyStatus,
)
from learners.studying.new_enrolments import EnrolmentRefused
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    UserFactory,
    a_meeting,
    a_participant,
    a_run,
    an_administrator,
    with_status,
)

S, P = StudyStatus, PlaceState
pytestmark = pytest.mark.django_db


def two_runs(**fields):
    """Make two runs of one open course, and somebody in the first of them."""
    course = CourseFactory(open_for_enrolment=True)
    first, second = a_run(30, course=course), a_run(40, course=course, **fields)
    return first, second, a_participant(first)


def close(run, days=-1):
    """Let the last day to enrol be so many days from today."""
    Run.objects.filter(pk=run.pk).update(
        enrol_until=run.course.organisation.today() + timedelta(days=days)
    )
    planning.keep_run(run=run)
    run.refresh_from_db()


class TestChangingRun:
    def test_the_old_place_is_given_up_and_its_row_stays(self):
        first, second, enrolment = two_runs()
        for _twice in range(2):
            changing.change_run(enrolment=enrolment, run=second, by=enrolment.learner)
        assert dict(enrolment.places.values_list("run", "state")) == {
            first.pk: P.RELEASED,
            second.pk: P.BOOKED,
        }
        assert AuditEntry.objects.get(action="learners.run_changed").changes == {
            "run": [first.code, second.code]
        }
        assert not Notification.objects.exists(), "who did it themselves need not be told"

    def test_whose_run_somebody_else_changes_is_told_once(self):
        _first, second, enrolment = two_runs()
        for _twice in range(2):
            changing.change_run(enrolment=enrolment, run=second, by=an_administrator())
        (told,) = Notification.objects.all()
        assert (told.user, told.kind) == (enrolment.learner, "learners/run_changed")

    def test_there_and_back_again(self):
        first, second, enrolment = two_runs()
        for run in (second, first):
            changing.change_run(enrolment=enrolment, run=run, by=enrolment.learner)
        assert enrolment.places.booked().get().run == first

    def test_a_full_or_cancelled_run_and_one_of_another_course_are_refused(self):
        _first, full, enrolment = two_runs(capacity=1)
        a_participant(full)
        cancelled = a_run(50, course=full.course, cancelled_at=timezone.now())
        for run, why in ((full, "full"), (cancelled, "cancelled"), (a_run(9), "another course")):
            with pytest.raises(EnrolmentRefused, match=why):
                changing.change_run(enrolment=enrolment, run=run, by=an_administrator())

    @pytest.mark.parametrize("status", [S.COMPLETED, S.ABSENT, S.TERM_LAPSED])
    def test_who_is_done_keeps_the_run(self, status):
        _first, second, enrolment = two_runs()
        with_status(enrolment, status)
        with pytest.raises(EnrolmentRefused):
            changing.change_run(enrolment=enrolment, run=second, by=an_administrator())

    @pytest.mark.parametrize("closed", [0, 1])
    def test_after_the_cut_off_of_either_run_only_an_administrator_changes_it(self, closed):
        first, second, enrolment = two_runs()
        close((first, second)[closed])
        with pytest.raises(EnrolmentRefused, match=r"too late|no longer"):
            changing.change_run(enrolment=enrolment, run=second, by=enrolment.learner)
        changing.change_run(enrolment=enrolment, run=second, by=an_administrator())
        assert enrolment.places.booked().get().run == second

    def test_what_it_means_is_shown_before(self, client):
        first, second, enrolment = two_runs(place="Brugge")
        Run.objects.filter(pk=first.pk).update(capacity=1)
        waiting_lists.enter_open(learner=UserFactory(), run=first)
        client.force_login(enrolment.learner)
        address = f"/my-learning/courses/{enrolment.pk}/other-run/"
        assert [o.run for o in client.get(address).context["offers"]] == [second]
        meaning = client.get(f"{address}?run={second.pk}").context["meaning"]
        assert (meaning.old, meaning.new, meaning.waiting) == (first, second, 1)
        assert enrolment.places.booked().get().run == first
        client.post(address, {"run": second.pk})
        assert enrolment.places.booked().get().run == second

    def test_nonsense_and_what_is_full_by_now_is_said(self, client):
        _first, second, enrolment = two_runs(capacity=1)
        enrolment.learner.language = "en"
        enrolment.learner.save()
        client.force_login(enrolment.learner)
        address = f"/my-learning/courses/{enrolment.pk}/other-run/"
        a_participant(second)
        for run, words in (("x", "Choose one of these runs."), (second.pk, "is full.")):
            assert words in client.post(address, {"run": run}, follow=True).text

    def test_the_page_of_the_course_offers_it_until_the_cut_off(self, client):
        first, _second, enrolment = two_runs()
        client.force_login(enrolment.learner)
        address = f"/my-learning/courses/{enrolment.pk}/other-run/"
        assert address in client.get(enrolment.get_absolute_url()).text
        close(first)
        assert address not in client.get(enrolment.get_absolute_url()).text
        assert client.get(address)["Location"] == enrolment.get_absolute_url()

    def test_another_persons_run_is_not_there(self, client):
        _first, second, enrolment = two_runs()
        client.force_login(UserFactory())
        address = f"/my-learning/courses/{enrolment.pk}/other-run/"
        assert client.get(address).status_code == 404
        assert client.post(address, {"run": second.pk}).status_code == 404


class TestTheLastDayToEnrol:
    def test_it_is_inclusive_in_the_time_zone_of_the_institution(self):
        course = CourseFactory(organisation__time_zone="America/New_York", open_for_enrolment=True)
        run = a_run(60, course=course, enrol_until=date(2026, 12, 10))
        there = ZoneInfo("America/New_York")
        for hour, is_open in (
            (datetime(2026, 12, 10, 23, 59), True),
            (datetime(2026, 12, 11), False),
        ):
            with time_machine.travel(hour.replace(tzinfo=there), tick=False):
                assert run.takes_learners(timezone.now()) is is_open
                assert Run.objects.open_for_enrolment(timezone.now()).exists() is is_open

    def test_empty_is_until_it_begins(self):
        run = a_run(7)
        assert run.enrol_closes_at == run.starts_at
        assert run.takes_learners(run.starts_at - timedelta(seconds=1))
        assert not run.takes_learners(run.starts_at)

    def test_it_is_never_after_the_beginning(self):
        run = a_run(7)
        close(run, days=90)
        assert run.enrol_closes_at == run.starts_at

    def test_the_institution_says_how_many_days_before_and_the_day_follows_the_run(self):
        course = CourseFactory(organisation=OrganisationFactory(enrol_closes_days=5))
        run = a_run(30, course=course)
        first_day = run.first_day(course.organisation)
        assert run.enrol_until == first_day - timedelta(days=5)
        a_meeting(run, timezone.now() + timedelta(days=20))
        run.refresh_from_db()
        assert run.enrol_until == first_day - timedelta(days=15)

    def test_a_day_that_was_given_stays(self):
        course = CourseFactory(organisation=OrganisationFactory(enrol_closes_days=5))
        run = a_run(30, course=course)
        close(run, days=3)
        given = run.enrol_until
        a_meeting(run, timezone.now() + timedelta(days=20))
        run.refresh_from_db()
        assert run.enrol_until == given

    def test_learners_neither_enrol_nor_choose_nor_wait_after_it_but_administrators_do(self):
        course = CourseFactory(open_for_enrolment=True)
        run = a_run(30, course=course)
        close(run)
        for enter in (entering.enrol_in_open_run, waiting_lists.enter_open):
            with pytest.raises(EnrolmentRefused, match=r"no longer"):
                enter(learner=UserFactory(), run=run)
        chooser = entering.enter_course(learner=UserFactory(), course=course)
        with pytest.raises(EnrolmentRefused, match=r"no longer"):
            entering.choose_run(enrolment=chooser, run=run, by=chooser.learner)
        entering.choose_run(enrolment=chooser, run=run, by=an_administrator())
        assert chooser.places.booked().get().run == run

    def test_the_database_refuses_one_after_the_beginning(self):
        run = a_run(7)
        with pytest.raises(IntegrityError), transaction.atomic():
            Run.objects.update(enrol_closes_at=run.starts_at + timedelta(hours=1))


class TestTheCatalogue:
    @pytest.fixture
    def user(self, client):
        user = UserFactory(language="en")
        client.force_login(user)
        return user

    def an_open_course(self, user, *days, **run):
        course = CourseFactory(open_for_enrolment=True)
        Membership.objects.create(user=user, organisation=course.organisation, role=Role.LEARNER)
        return course, [a_run(day, course=course, **run) for day in days]

    def test_a_full_run_offers_its_waiting_list(self, client, user):
        _course, (run,) = self.an_open_course(user, 30, capacity=1)
        a_participant(run)
        waiting_lists.enter_open(learner=UserFactory(), run=run)
        page = client.get("/catalogue/").text
        assert "Waiting list" in page
        assert "waiting list with 1 person" in page
        assert "as number 2" in client.get(f"/catalogue/runs/{run.pk}/enrol/").text
        answer = client.post(f"/catalogue/runs/{run.pk}/wait/", follow=True).text
        assert "1 person is before you" in answer
        assert "Leave the waiting list" in answer

    def test_it_says_the_last_day_to_enrol_and_hides_what_is_closed(self, client, user):
        _course, (near, far) = self.an_open_course(user, 30, 40)
        close(far, days=20)
        close(near)
        (listing,) = client.get("/catalogue/").context["listings"]
        assert [offer.run for offer in listing.offers] == [far]
        assert "enrol until and including" in client.get("/catalogue/").text
        assert client.get(f"/catalogue/runs/{near.pk}/enrol/").status_code == 404

    def test_it_marks_what_i_achieved(self, client, user):
        _course, (run,) = self.an_open_course(user, 30)
        done = with_status(entering.enrol_in_open_run(learner=user, run=run), S.COMPLETED)
        (listing,) = client.get("/catalogue/").context["listings"]
        assert (listing.mine, listing.achieved) == (None, done)
        assert "Completed" in client.get("/catalogue/").text

    def test_it_shows_the_first_runs_and_leads_to_all(self, client, user):
        course, runs = self.an_open_course(user, *range(10, 16))
        (listing,) = client.get("/catalogue/").context["listings"]
        assert [offer.run for offer in listing.offers] == runs[:4]
        assert "All 6 runs" in client.get("/catalogue/").text
        everything = client.get(f"/catalogue/courses/{course.pk}/").context["listing"]
        assert [offer.run for offer in everything.offers] == runs

    @pytest.mark.parametrize("number", [1, 300])
    def test_it_asks_as_much_for_one_run_as_for_three_hundred(
        self, client, user, number, django_assert_num_queries
    ):
        course, _runs = self.an_open_course(user)
        begins = timezone.now() + timedelta(days=10)
        Run.objects.bulk_create(
            Run(
                course=course,
                code=f"R{nth}",
                starts_at=begins,
                ends_at=begins + timedelta(hours=3),
                enrol_closes_at=begins,
                capacity=nth % 3 + 1,
            )
            for nth in range(number)
        )
        with django_assert_num_queries(7):
            client.get("/catalogue/")
        with django_assert_num_queries(7):
            client.get(f"/catalogue/courses/{course.pk}/")

    def test_the_search_lists_no_full_run_as_open(self, client, user):
        _course, (full, free) = self.an_open_course(user, 30, 40, capacity=1)
        a_participant(full)
        groups = client.get("/search/?q=first").context["groups"]
        found = [len(g.results) for g in groups if str(g.title) == "Open for enrolment"]
        assert found == [1]
        a_participant(free)
        groups = client.get("/search/?q=first").context["groups"]
        assert "Open for enrolment" not in [str(group.title) for group in groups]


class TestLeavingTheList:
    @pytest.fixture
    def waiter(self, client):
        run = a_run(30, course=CourseFactory(open_for_enrolment=True), capacity=1)
        a_participant(run)
        enrolment = waiting_lists.enter_open(learner=UserFactory(language="en"), run=run)
        client.force_login(enrolment.learner)
        return enrolment

    @pytest.mark.parametrize(
        ("then", "status"), [("stay", S.RUN_CHOICE_REQUIRED), ("withdraw", S.WITHDRAWN_VALID)]
    )
    def test_it_asks_what_then(self, client, waiter, then, status):
        address = f"/my-learning/courses/{waiter.pk}/waiting/leave/"
        assert client.get(address).status_code == 200
        client.post(address, {"then": then})
        waiter.refresh_from_db()
        assert (waiter.status, waiter.places.get().state) == (status, P.RELEASED)
        assert client.get(address)["Location"] == waiter.get_absolute_url()

    def test_nothing_chosen_is_said_and_changes_nothing(self, client, waiter):
        address = f"/my-learning/courses/{waiter.pk}/waiting/leave/"
        assert client.post(address, {"then": "x"}).context["form"].errors
        assert waiter.places.get().state == P.WAITLISTED

    def test_home_and_my_courses_say_the_turn_in_words(self, client, waiter):
        for address in ("/", "/my-learning/courses/", waiter.get_absolute_url()):
            assert "You are the first on the waiting list" in client.get(address).text

    def test_in_choosing_a_run_a_full_one_is_waited_for_on_purpose(self, client, waiter):
        other = a_run(40, course=waiter.course, capacity=1)
        a_participant(other)
        address = f"/my-learning/courses/{waiter.pk}/run/"
        assert "wait-" in client.get(address).text
        assert "is full." in client.post(address, {"run": other.pk}, follow=True).text
        client.post(address, {"run": f"wait-{other.pk}"})
        assert waiting_lists.place_of(waiter).run == other
