"""No sequence of what people may do breaks what must always be true."""

import contextlib
import itertools
from datetime import date, timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    rule,
)

from learners.enrolling import cancelling, entering
from learners.enrolling.withdrawing import WithdrawalRefused, withdraw
from learners.meetings import planning
from learners.models import (
    FREES_PLACE,
    Actor,
    Enrolment,
    Place,
    PlaceState,
    StudyPointAccount,
    StudyPointEntry,
    StudyStatus,
    StudyStatusChange,
)
from learners.studying import outbox, points, terms
from learners.studying.new_enrolments import EnrolmentRefused
from learners.studying.study_status import StatusRefused, change_status, undo_changes
from learners.tests import searching
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
)
from learners.tests.searching import TakenBack

S = StudyStatus
WITHOUT_PLACE = FREES_PLACE | {S.CANCELLED, S.RUN_CHOICE_REQUIRED}
HUMANS = [Actor.TEACHER, Actor.ADMINISTRATOR]


class Studying(TakenBack):
    """One learner in a course of a programme with two small runs, and everybody who acts on it."""

    learner = None  # until `begin`

    @initialize(maximum=st.none() | st.integers(0, 25), capacity=st.none() | st.integers(1, 2))
    def begin(self, maximum, capacity):
        self.course = CourseFactory(study_points=10, maximum_study_points=maximum)
        self.programme = a_programme(self.course, organisation=self.course.organisation)
        self.runs = [a_run(20, course=self.course, capacity=capacity) for _run in range(2)]
        self.learner = UserFactory()
        self.by = an_administrator()

    def newest(self):
        mine = Enrolment.objects.filter(learner=self.learner, course=self.course)
        return mine.order_by("-pk").first()

    def attempt(self, what, **arguments):
        """Do what somebody asks for; a refusal is an answer too."""
        with contextlib.suppress(StatusRefused, EnrolmentRefused, WithdrawalRefused):
            what(**arguments)

    @rule(run=st.integers(0, 1))
    def enrol(self, run):
        self.attempt(
            entering.enrol, learner=self.learner, by=self.by, actor=Actor.ADMINISTRATOR,
            run=self.runs[run],
        )  # fmt: skip

    @rule()
    def enter_the_programme(self):
        self.attempt(
            entering.enrol_in_programme, learner=self.learner, programme=self.programme,
            by=self.by, actor=Actor.ADMINISTRATOR,
        )  # fmt: skip

    @rule(run=st.integers(0, 1))
    def a_rival_takes_a_place(self, run):
        self.attempt(lambda: a_participant(self.runs[run]))

    @rule(run=st.integers(0, 1))
    def choose(self, run):
        if enrolment := self.newest():
            self.attempt(
                entering.choose_run, enrolment=enrolment, run=self.runs[run], by=self.learner
            )

    @rule(to=st.sampled_from(S), actor=st.sampled_from(HUMANS), ignoring=st.booleans())
    def decide(self, to, actor, ignoring):
        if enrolment := self.newest():
            self.attempt(
                change_status, enrolment=enrolment, to=to, by=self.by, actor=actor,
                ignoring_maximum=points.MaximumIgnored(reason="merit") if ignoring else None,
            )  # fmt: skip

    @rule(to=st.sampled_from(S))
    def the_system_acts(self, to):
        if enrolment := self.newest():
            self.attempt(change_status, enrolment=enrolment, to=to, by=None, actor=Actor.SYSTEM)

    @rule(data=st.data())
    def undo(self, data):
        changes = list(StudyStatusChange.objects.filter(enrolment__learner=self.learner))
        if changes:
            change = data.draw(st.sampled_from(changes))
            self.attempt(undo_changes, changes=[change], by=self.by, actor=Actor.ADMINISTRATOR)

    @rule(days=st.integers(0, 40))
    def withdraw(self, days):
        if enrolment := self.newest():
            told = timezone.localdate() - timedelta(days=days)
            self.attempt(
                withdraw, enrolment=enrolment, by=self.learner, actor=Actor.LEARNER,
                notified_on=told,
            )  # fmt: skip

    @rule()
    def the_term_lapses(self):
        Enrolment.objects.filter(learner=self.learner).update(term_ends_on=date(2020, 1, 1))
        terms.lapse_terms()

    @rule(days=st.integers(-5, 60))
    def extend(self, days):
        for enrolment in Enrolment.objects.filter(learner=self.learner):
            until = timezone.localdate() + timedelta(days=days)
            self.attempt(terms.extend_term, enrolment=enrolment, until=until, by=self.by)

    @rule(run=st.integers(0, 1), days=st.integers(1, 60))
    def a_meeting_moves(self, run, days):
        meeting = self.runs[run].meetings.first()
        begins_at = timezone.now() + timedelta(days=days)
        planning.move_meeting(
            meeting=meeting, begins_at=begins_at, ends_at=begins_at + timedelta(hours=3), by=self.by
        )

    @rule(run=st.integers(0, 1))
    def a_run_is_cancelled(self, run):
        cancelling.cancel_run(run=self.runs[run], by=self.by)

    @rule()
    def hold(self):
        if enrolment := self.newest():
            outbox.hold(enrolment_ids=[enrolment.pk])

    @rule()
    def issue_now(self):
        outbox.issue_now(
            changes=StudyStatusChange.objects.filter(enrolment__learner=self.learner), by=self.by
        )

    @invariant()
    def one_open_enrolment_a_course(self):
        mine = Enrolment.objects.open().filter(learner=self.learner)
        assert mine.filter(course=self.course).count() <= 1
        assert mine.filter(programme=self.programme).count() <= 1

    @invariant()
    def history_is_one_chain_that_ends_where_the_enrolment_stands(self):
        for enrolment in Enrolment.objects.filter(learner=self.learner):
            steps = list(enrolment.status_changes.order_by("pk"))
            assert steps[0].from_status == ""
            for step, following in itertools.pairwise(steps):
                assert step.to_status == following.from_status
            assert steps[-1].to_status == enrolment.status
            assert all(step.handled_at for step in steps[:-1]), "only the newest may wait"

    @invariant()
    def places_fit_the_status(self):
        for enrolment in Enrolment.objects.filter(learner=self.learner):
            booked = enrolment.places.filter(state=PlaceState.BOOKED).count()
            freed = enrolment.places.filter(released_by_status=True).count()
            assert booked + freed <= 1
            assert not booked or enrolment.status not in WITHOUT_PLACE
            assert not freed or enrolment.status in FREES_PLACE

    @invariant()
    def no_run_is_overbooked(self):
        for run in getattr(self, "runs", ()):
            if run.capacity is not None:
                assert Place.objects.booked().filter(run=run).count() <= run.capacity

    @invariant()
    def points_are_what_the_rule_says(self):
        for account in StudyPointAccount.objects.filter(learner=self.learner):
            entries = StudyPointEntry.objects.filter(account=account)
            within = entries.filter(ignores_maximum=False).aggregate(sum=Sum("points"))["sum"] or 0
            beyond = entries.filter(ignores_maximum=True).aggregate(sum=Sum("points"))["sum"] or 0
            maximum = self.course.maximum_study_points
            capped = within if maximum is None else min(within, maximum)
            assert account.total == capped + beyond
            done = Enrolment.objects.filter(
                learner=self.learner, course=self.course, status=S.COMPLETED
            )
            assert within + beyond == 10 * done.count()

    @invariant()
    def a_programme_is_completed_with_its_courses(self):
        mine = Enrolment.objects.filter(learner=self.learner)
        done = mine.done().filter(course=self.course).exists()
        whole = mine.filter(programme=self.programme).order_by("-pk").first()
        if whole and whole.status == S.COMPLETED:
            assert done
        if whole and whole.status in (S.ENROLLED, S.STARTED):
            assert not done


@pytest.mark.django_db
def test_no_sequence_breaks_what_must_always_be_true():
    searching.run(Studying, examples=25, steps=20)
