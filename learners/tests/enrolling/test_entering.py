"""Enrolling by each of its ways, and what is refused."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from learners.enrolling import entering
from learners.enrolling.cancelling import cancel_run
from learners.models import (
    Actor,
    CourseKind,
    Enrolment,
    Membership,
    Notification,
    PlaceState,
    Role,
    StudyStatus,
    StudyStatusChange,
    TermBegins,
)
from learners.studying.new_enrolments import EnrolmentRefused
from learners.studying.study_status import change_status
from learners.tests.at_once import at_once
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
    an_enrolment,
    with_status,
)

S = StudyStatus
pytestmark = pytest.mark.django_db


def an_open_run(*days, **fields):
    return a_run(*days, course=CourseFactory(open_for_enrolment=True), **fields)


def enrol(run, learner, by=None):
    by = by or an_administrator()
    return entering.enrol(learner=learner, run=run, by=by, actor=Actor.ADMINISTRATOR)


def test_a_learner_enrols_in_an_open_run():
    run, learner = an_open_run(7), UserFactory()
    enrolment = entering.enrol_in_open_run(learner=learner, run=run)
    assert enrolment.status == S.ENROLLED
    assert enrolment.places.get().run == run
    assert enrolment.registered_on == run.course.organisation.today()
    assert enrolment.status_changes.get().actor == Actor.LEARNER
    assert Membership.objects.get(user=learner).role == Role.LEARNER
    assert not Notification.objects.exists(), "who did it themselves need not be told"


def test_a_double_click_is_one_enrolment():
    run, learner = an_open_run(7), UserFactory()
    first = entering.enrol_in_open_run(learner=learner, run=run)
    assert entering.enrol_in_open_run(learner=learner, run=run) == first
    assert StudyStatusChange.objects.count() == 1


def test_who_has_a_place_in_another_run_is_told_so():
    learner, course = UserFactory(), CourseFactory(open_for_enrolment=True)
    entering.enrol_in_open_run(learner=learner, run=a_run(7, course=course))
    with pytest.raises(EnrolmentRefused, match=r"another run"):
        entering.enrol_in_open_run(learner=learner, run=a_run(9, course=course))


@pytest.mark.parametrize(
    "closed",
    [
        {"open_for_enrolment": False},
        {"published_at": None},
        {"archived_at": timezone.now()},
    ],
)
def test_a_course_that_is_not_open_refuses(closed):
    run = an_open_run(7)
    for field, value in closed.items():
        setattr(run.course, field, value)
    run.course.save()
    with pytest.raises(EnrolmentRefused):
        entering.enrol_in_open_run(learner=UserFactory(), run=run)


def test_a_run_that_began_refuses_learners_but_not_administrators():
    run, learner = an_open_run(-1, 5), UserFactory()
    with pytest.raises(EnrolmentRefused):
        entering.enrol_in_open_run(learner=learner, run=run)
    assert enrol(run, learner).places.get().run == run


def test_a_full_run_refuses():
    run = an_open_run(7, capacity=1)
    a_participant(run)
    with pytest.raises(EnrolmentRefused, match=r"full"):
        entering.enrol_in_open_run(learner=UserFactory(), run=run)
    assert Enrolment.objects.count() == 1


def test_a_place_that_was_freed_is_there_for_the_next():
    run = an_open_run(7, capacity=1)
    gone = a_participant(run)
    change_status(enrolment=gone, to=S.WITHDRAWN_VALID, by=gone.learner, actor=Actor.LEARNER)
    assert entering.enrol_in_open_run(learner=UserFactory(), run=run).status == S.ENROLLED


def test_a_cancelled_run_refuses():
    run = a_run(7)
    cancel_run(run=run, by=an_administrator())
    with pytest.raises(EnrolmentRefused, match=r"cancelled"):
        enrol(run, UserFactory())


def test_somebody_whom_an_administrator_enrols_is_told_where_to_go():
    enrolment = enrol(a_run(7), UserFactory())
    (told,) = Notification.objects.all()
    assert (told.user, told.url) == (enrolment.learner, f"/my-learning/courses/{enrolment.pk}/")


def test_trying_again_is_a_new_enrolment():
    run, learner = a_run(7), UserFactory()
    first = with_status(enrol(run, learner), S.NOT_PASSED)
    again = enrol(a_run(30, course=run.course), learner)
    assert (again == first, again.status) == (False, S.ENROLLED)


def test_a_learner_cannot_enter_a_classroom_course_without_a_run():
    learner = UserFactory()
    with pytest.raises(EnrolmentRefused, match=r"Choose a run"):
        entering.enrol(learner=learner, by=learner, actor=Actor.LEARNER, course=CourseFactory())


def test_an_e_learning_that_is_open_is_entered_by_oneself():
    course, learner = CourseFactory(kind=CourseKind.ELEARNING), UserFactory()
    with pytest.raises(EnrolmentRefused):
        entering.enrol_in_open_course(learner=learner, course=course)
    course.open_for_enrolment = True
    course.save()
    enrolment = entering.enrol_in_open_course(learner=learner, course=course)
    assert enrolment.status == S.NOT_STARTED


class TestChoosingARun:
    def a_choice(self, **fields):
        """Somebody who entered by a programme, and has to choose."""
        course = CourseFactory()
        learner = UserFactory()
        whole = entering.enrol_in_programme(
            learner=learner, programme=a_programme(course, **fields), by=learner,
            actor=Actor.LEARNER,
        )  # fmt: skip
        return whole.parts.get(), learner

    def test_choosing_leads_to_enrolled(self):
        part, learner = self.a_choice()
        run = a_run(7, course=part.course)
        assert part.status == S.RUN_CHOICE_REQUIRED
        for _twice in range(2):
            chosen = entering.choose_run(enrolment=part, run=run, by=learner)
        assert (chosen.status, chosen.places.get().run) == (S.ENROLLED, run)

    def test_a_run_of_another_course_is_refused(self):
        part, learner = self.a_choice()
        with pytest.raises(EnrolmentRefused, match=r"another course"):
            entering.choose_run(enrolment=part, run=a_run(7), by=learner)

    def test_a_full_run_is_refused(self):
        part, learner = self.a_choice()
        run = a_run(7, course=part.course, capacity=1)
        a_participant(run)
        with pytest.raises(EnrolmentRefused, match=r"full"):
            entering.choose_run(enrolment=part, run=run, by=learner)

    @pytest.mark.parametrize("status", [S.WITHDRAWN_VALID, S.COMPLETED, S.TERM_LAPSED, S.CANCELLED])
    def test_who_is_done_or_gone_gets_no_place(self, status):
        part, learner = self.a_choice()
        with_status(part, status)
        with pytest.raises(EnrolmentRefused):
            entering.choose_run(enrolment=part, run=a_run(7, course=part.course), by=learner)
        assert not part.places.exists()

    def test_after_a_cancelled_run_another_is_chosen_and_the_old_place_stays(self):
        part, learner = self.a_choice()
        first, second = a_run(7, course=part.course), a_run(9, course=part.course)
        entering.choose_run(enrolment=part, run=first, by=learner)
        cancel_run(run=first, by=an_administrator())
        part.refresh_from_db()
        assert part.status == S.RUN_CHOICE_REQUIRED
        entering.choose_run(enrolment=part, run=second, by=learner)
        states = dict(part.places.values_list("run", "state"))
        assert states == {first.pk: PlaceState.RELEASED, second.pk: PlaceState.BOOKED}


class TestEnteringAProgramme:
    def enter(self, programme, learner, **fields):
        return entering.enrol_in_programme(
            learner=learner, programme=programme, by=learner, actor=Actor.LEARNER, **fields
        )

    def test_each_course_is_entered(self):
        classroom, online = CourseFactory(), CourseFactory(kind=CourseKind.ELEARNING)
        whole = self.enter(a_programme(classroom, online), UserFactory())
        assert dict(whole.parts.values_list("course", "status")) == {
            classroom.pk: S.RUN_CHOICE_REQUIRED,
            online.pk: S.NOT_STARTED,
        }

    def test_twice_is_once(self):
        programme, learner = a_programme(CourseFactory()), UserFactory()
        assert self.enter(programme, learner) == self.enter(programme, learner)

    def test_what_is_followed_already_joins(self):
        course, learner = CourseFactory(), UserFactory()
        mine = an_enrolment(course, learner)
        whole = self.enter(a_programme(course), learner)
        mine.refresh_from_db()
        assert (mine.part_of, whole.parts.count()) == (whole, 1)

    def test_a_newer_version_that_is_followed_joins_and_the_old_one_is_not_asked(self):
        old, learner = CourseFactory(), UserFactory()
        new = CourseFactory(organisation=old.organisation, new_version_of=old)
        mine = an_enrolment(new, learner)
        whole = self.enter(a_programme(old), learner)
        assert list(whole.parts.all()) == [mine]

    def test_what_was_done_before_counts_also_in_the_version_after_next(self):
        old, learner = CourseFactory(), UserFactory()
        newer = CourseFactory(organisation=old.organisation, new_version_of=old)
        newest = CourseFactory(organisation=old.organisation, new_version_of=newer)
        with_status(an_enrolment(newest, learner), S.COMPLETED)
        other = CourseFactory()
        whole = self.enter(a_programme(old, other), learner)
        assert [part.course for part in whole.parts.all()] == [other]
        assert whole.status == S.STARTED

    def test_where_all_was_done_before_it_is_completed_at_once(self):
        course, learner = CourseFactory(), UserFactory()
        with_status(an_enrolment(course, learner), S.EXEMPT)
        assert self.enter(a_programme(course), learner).status == S.COMPLETED

    def test_courses_end_with_the_programme(self):
        short = CourseFactory(term_days=10)
        long, endless = CourseFactory(term_days=1000), CourseFactory()
        programme = a_programme(short, long, endless, term_days=100)
        whole = self.enter(programme, UserFactory(), registered_on=date(2026, 1, 1))
        ends = {part.course: part.term_ends_on for part in whole.parts.all()}
        assert whole.term_ends_on == date(2026, 4, 11)
        assert ends == {
            short: date(2026, 1, 11),
            long: date(2026, 4, 11),
            endless: date(2026, 4, 11),
        }

    def test_a_term_that_begins_on_opening_ends_with_the_programme_too(self):
        course = CourseFactory(
            kind=CourseKind.ELEARNING, term_days=30, term_begins=TermBegins.START
        )
        for days, expected in ((100, 30), (10, 10)):
            whole = self.enter(a_programme(course, term_days=days), UserFactory())
            part = whole.parts.get()
            assert part.term_ends_on == whole.term_ends_on
            change_status(enrolment=part, to=S.STARTED, by=None, actor=Actor.SYSTEM)
            today = course.organisation.today()
            assert part.term_ends_on == today + timedelta(days=expected)

    def test_learners_who_do_not_choose_are_booked_by_others(self):
        whole = self.enter(a_programme(CourseFactory(), learners_choose_run=False), UserFactory())
        assert whole.parts.get().status == S.ENROLLED


def tried(act):
    """Make of this act one that is done whole or not at all, and that says why it was refused."""

    def outcome():
        try:
            with transaction.atomic():
                return act()
        except EnrolmentRefused as refused:
            return refused

    return outcome


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
class TestAtTheSameTime:
    def test_the_last_place_goes_to_one(self):
        run = an_open_run(7, capacity=1)
        people = UserFactory.create_batch(4)
        outcomes = at_once(
            *(
                tried(lambda who=who: entering.enrol_in_open_run(learner=who, run=run))
                for who in people
            )
        )
        assert sum(isinstance(outcome, Enrolment) for outcome in outcomes) == 1
        assert run.places.booked().count() == 1

    def test_two_windows_make_one_enrolment(self):
        course, learner = CourseFactory(open_for_enrolment=True), UserFactory()
        runs = [a_run(7, course=course), a_run(9, course=course)]
        at_once(
            *(
                tried(lambda run=run: entering.enrol_in_open_run(learner=learner, run=run))
                for run in [*runs, *runs]
            )
        )
        assert Enrolment.objects.filter(learner=learner).count() == 1

    def test_a_programme_entered_twice_is_entered_once(self):
        programme, learner = a_programme(CourseFactory(), CourseFactory()), UserFactory()
        outcomes = at_once(
            *[
                lambda: entering.enrol_in_programme(
                    learner=learner, programme=programme, by=learner, actor=Actor.LEARNER
                )
            ]
            * 3
        )
        assert len({outcome.pk for outcome in outcomes}) == 1
        assert Enrolment.objects.filter(learner=learner).count() == 3

    def test_a_place_regained_and_a_place_taken_are_one_place(self):
        run = an_open_run(30, capacity=1)
        gone, by = a_participant(run), an_administrator()
        change = change_status(
            enrolment=gone, to=S.WITHDRAWN_VALID, by=by, actor=Actor.ADMINISTRATOR
        )
        from learners.studying.study_status import StatusRefused, undo_changes

        def undo():
            try:
                return undo_changes(changes=[change], by=by, actor=Actor.ADMINISTRATOR)
            except StatusRefused as refused:
                raise EnrolmentRefused from refused

        new = tried(lambda: entering.enrol_in_open_run(learner=UserFactory(), run=run))
        at_once(tried(undo), new)
        assert run.places.booked().count() == 1
