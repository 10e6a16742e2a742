"""No sequence of what learners, coaches and the board may do breaks what must always be true."""

import contextlib
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from exams.assignments import drafts, exempting, experience, hand_ins, standing, states, works
from exams.assignments.states import WorkRefused
from exams.models import (
    Assignment,
    AssignmentExemption,
    ExamPlan,
    ExperienceEntry,
    HandIn,
    Reaches,
    Review,
    Verdict,
    Work,
    WorkState,
    XPFrom,
)
from exams.reviewing import reviews
from exams.tests.factories import (
    ThemeFactory,
    a_board_member,
    a_coach,
    a_follower,
    a_stored_file,
    a_version,
    an_assignment,
    an_exam_programme,
)
from learners.enrolling import standing_in
from learners.enrolling.withdrawing import WithdrawalRefused, withdraw
from learners.models import Actor, Enrolment, User
from learners.studying import terms
from learners.studying.study_status import StatusRefused
from learners.tests import searching
from learners.tests.searching import TakenBack

S = WorkState
REFUSALS = (WorkRefused, WithdrawalRefused, StatusRefused)
UNMOVED = (S.HANDED_IN, S.APPROVED, S.DONE)  # no newer version reaches it
LEARNERS, ASSIGNMENTS = st.integers(0, 1), st.integers(0, 1)
WINDOWS, COACHES = st.sampled_from("ab"), st.integers(0, 2)
TEXTS = st.sampled_from(["", "een", "twee", "drie", "vier"])


class Making(TakenBack):
    """Two learners of a programme with two assignments, of which the coach reviews one; their
    coach, who stands in, and the board."""

    programme = None  # until `begin`

    @initialize(needed=st.integers(0, 60), xp_from=st.sampled_from(XPFrom))
    def begin(self, needed, xp_from):
        self.programme = an_exam_programme(0, needed_xp=needed, xp_from=xp_from)
        theme = ThemeFactory(programme=self.programme)
        self.assignments = [an_assignment(theme), an_assignment(theme, is_reviewed=False, xp=7)]
        coach, other = a_coach(self.programme), a_coach(self.programme)
        self.board = a_board_member(self.programme)
        self.coaches = [coach, other, self.board]
        today = self.programme.organisation.today()
        standing_in.name_stand_in(
            coach=coach, stand_in=other, organisation=self.programme.organisation,
            starts_on=today, ends_on=today, by=coach,
        )  # fmt: skip
        self.enrolments = [a_follower(self.programme, coach), a_follower(self.programme)]
        self.seen = {}  # (work, window) → the revision that it knows
        self.typed = {}  # (work, window) → what must be found yet
        self.earned, self.given = {}, {}

    def enrolment(self, who) -> Enrolment:
        return Enrolment.objects.get(pk=self.enrolments[who].pk)

    def work(self, who, what) -> Work | None:
        rows = Work.objects.select_related("enrolment__learner", "assignment")
        chosen = {"enrolment": self.enrolments[who], "assignment": self.assignments[what]}
        return rows.filter(**chosen).first()

    def begun(self, who, what) -> tuple[Work, User]:
        enrolment = self.enrolment(who)
        assignment = Assignment.objects.get(pk=self.assignments[what].pk)
        try:
            work = works.begin(enrolment=enrolment, assignment=assignment, by=enrolment.learner)
        except WorkRefused:  # it was put aside
            return None, enrolment.learner
        return work, enrolment.learner

    def attempt(self, what, **arguments):
        """Do what somebody asks for; a refusal is an answer too."""
        with contextlib.suppress(*REFUSALS):
            return what(**arguments)

    @rule(who=LEARNERS, what=ASSIGNMENTS, window=WINDOWS)
    def look(self, who, what, window):
        work, _me = self.begun(who, what)
        if work:
            self.seen[work.pk, window] = drafts.of(work).revision

    @rule(who=LEARNERS, what=ASSIGNMENTS, window=WINDOWS, text=TEXTS)
    def type(self, who, what, window, text):
        work, me = self.begun(who, what)
        if work is None:
            return
        before, key = drafts.of(work), (work.pk, window)
        known = self.seen.setdefault(key, 0)
        saved = drafts.save_text(work=work, by=me, text=text, revision=known, window=window)
        if saved.is_ahead:
            if known == before.revision:  # its writer read what stood there
                self.forget(work, before.text)
            self.seen[key] = saved.draft.revision
        self.typed[key] = text

    def forget(self, work, text):
        self.typed = {k: v for k, v in self.typed.items() if (k[0], v) != (work.pk, text)}

    @rule(who=LEARNERS, what=ASSIGNMENTS, takes=st.booleans(), data=st.data())
    def choose_a_copy(self, who, what, takes, data):
        work = self.work(who, what)
        copies = list(drafts.of(work).copies.all()) if work and drafts.of(work).pk else []
        if copies:
            copy = data.draw(st.sampled_from(copies))
            if takes:
                drafts.take_copy(copy=copy, by=work.enrolment.learner)
            else:
                drafts.let_copy_go(copy=copy, seen=copy.seen, by=work.enrolment.learner)
                self.forget(work, copy.text)

    @rule(who=LEARNERS, what=ASSIGNMENTS, adds=st.booleans())
    def change_files(self, who, what, adds):
        work, me = self.begun(who, what)
        if work is None:
            return
        there = list(drafts.locked(work).files.all())
        if adds and len(there) < 2:
            self.attempt(drafts.add_files, work=work, files=[a_stored_file(me)], by=me)
        elif there:
            drafts.remove_file(work=work, file=there[0].file_id, by=me)

    @rule(who=LEARNERS, what=ASSIGNMENTS, stale=st.sampled_from(["", "", "number", "revision"]))
    def hand_in(self, who, what, stale):
        work = self.work(who, what)
        if work is None:
            return
        draft, before = drafts.of(work), work.hand_ins.count()
        asked = {"number": work.number, "revision": draft.revision}
        if stale:
            asked[stale] += 1
        press = {"work": work, "by": work.enrolment.learner, **asked}
        made = self.attempt(hand_ins.hand_in, **press)
        assert not (made and stale)
        if made:
            assert hand_ins.hand_in(**press) == made, "pressed twice, it is done once"
            assert (made.number, work.hand_ins.count()) == (before + 1, before + 1)

    @rule(
        who=LEARNERS, what=ASSIGNMENTS, coach=COACHES, verdict=st.sampled_from(Verdict),
        feedback=st.sampled_from(["", "Mooi.", "Kijk nog eens."]), is_stale=st.booleans(),
        older=st.booleans(),
    )  # fmt: skip
    def review(self, who, what, coach, verdict, feedback, is_stale, older):
        work, by = self.work(who, what), self.coaches[coach]
        if work is None or not work.number:
            return
        hand_in = work.hand_ins.earliest("number") if older else work.hand_ins.latest("number")
        reviews.save(hand_in=hand_in, by=by, feedback="Concept")
        last = reviews.given(hand_in).first()
        seen = None if is_stale or last is None else last.pk
        made = self.attempt(
            reviews.give, hand_in=hand_in, by=by, verdict=verdict, feedback=feedback, seen=seen
        )
        if made and made != last:
            assert hand_in.number == work.number, "only of the newest"
            assert last is None or not is_stale
        elif made is None:
            assert reviews.draft_of(hand_in, by).feedback == "Concept", "what was written is kept"

    @rule(who=LEARNERS, what=ASSIGNMENTS, ground=st.sampled_from(["", "Diploma."]))
    def exempt(self, who, what, ground):
        assignment = Assignment.objects.get(pk=self.assignments[what].pk)
        self.attempt(
            exempting.exempt, enrolment=self.enrolment(who), assignment=assignment,
            by=self.board, ground=ground,
        )  # fmt: skip

    @rule(who=LEARNERS)
    def end_an_exemption(self, who):
        rows = AssignmentExemption.objects.filter(work__enrolment=self.enrolments[who])
        if row := rows.first():
            self.attempt(exempting.end, exemption=row, by=self.board)

    @rule(
        what=ASSIGNMENTS, reaches=st.sampled_from(Reaches), xp=st.integers(0, 30),
        is_reviewed=st.booleans(),
    )  # fmt: skip
    def publish(self, what, reaches, xp, is_reviewed):
        a_version(self.assignments[what], reaches=reaches, xp=xp, is_reviewed=is_reviewed)

    @rule(what=ASSIGNMENTS, is_back=st.booleans())
    def put_aside(self, what, is_back):
        Assignment.objects.filter(pk=self.assignments[what].pk).update(
            archived_at=None if is_back else timezone.now()
        )

    @rule(needed=st.integers(0, 100), xp_from=st.sampled_from(XPFrom))
    def change_the_plan(self, needed, xp_from):
        plan = ExamPlan.objects.get(programme=self.programme)
        plan.needed_xp, plan.xp_from = needed, xp_from
        plan.save()
        experience.make_up(plan)
        assert experience.make_up(plan) == 0, "done twice, it is done once"

    @rule()
    def the_second_withdraws(self):
        enrolment = self.enrolment(1)
        self.attempt(
            withdraw, enrolment=enrolment, by=enrolment.learner, actor=Actor.LEARNER,
            notified_on=None,
        )  # fmt: skip

    @rule(who=LEARNERS)
    def the_term_lapses(self, who):
        Enrolment.objects.filter(pk=self.enrolments[who].pk).update(term_ends_on=date(2020, 1, 1))
        terms.lapse_terms()

    @rule(who=LEARNERS)
    def extend(self, who):
        until = timezone.localdate() + timedelta(days=30)
        self.attempt(terms.extend_term, enrolment=self.enrolment(who), until=until, by=self.board)

    def all_works(self) -> list[Work]:
        return list(Work.objects.select_related("version", "enrolment", "assignment"))

    @invariant()
    def what_is_stored_is_what_the_facts_say(self):
        for work in self.all_works():
            is_exempt = work.exemptions.filter(ended_at=None).exists()
            assert (work.state == S.EXEMPT) is is_exempt
            assert is_exempt or work.state == states.facts_of(work)
            assert (work.waits_since is not None) is (work.state == S.HANDED_IN)

    @invariant()
    def hand_ins_are_counted_from_one_and_never_changed(self):
        for work in self.all_works():
            rows = list(work.hand_ins.order_by("number"))
            assert [row.number for row in rows] == list(range(1, work.number + 1))
            assert not rows or rows[-1].version_id == work.version_id
            for row in rows:
                files = tuple(row.files.values_list("file", flat=True))
                now = (row.text, row.version_id, row.handed_in_at, files)
                assert self.given.setdefault(row.pk, now) == now
        assert HandIn.objects.count() == len(getattr(self, "given", ()))

    @invariant()
    def xp_is_earned_once_and_for_good(self):
        if self.programme is None:
            return
        entries = {e.work_id: (e.pk, e.xp, e.earned_at) for e in ExperienceEntry.objects.all()}
        assert self.earned.items() <= entries.items()
        assert len(entries) == ExperienceEntry.objects.count()
        self.earned = entries
        for work in self.all_works():
            if experience._is_earned(work):
                assert entries[work.pk][1] == work.hand_ins.earliest("number").version.xp

    @invariant()
    def xp_stays_within_what_there_is(self):
        for enrolment in getattr(self, "enrolments", ()):
            stands = standing.of(enrolment)
            assert 0 <= stands.needed <= stands.total
            assert 0 <= stands.earned <= stands.total

    @invariant()
    def what_was_asked_never_changes_under_who_handed_it_in(self):
        for work in self.all_works():
            if work.state in UNMOVED:
                assert works.asked_of(work.enrolment, work.assignment, work) == work.version

    @invariant()
    def nothing_that_was_typed_is_lost(self):
        for (work, _window), text in getattr(self, "typed", {}).items():
            draft = drafts.of(Work.objects.get(pk=work))
            kept = {draft.text, *draft.copies.values_list("text", flat=True)}
            assert not text or text in kept

    @invariant()
    def nobody_reviews_twice_at_once(self):
        drafts_of_reviews = Review.objects.filter(given_at=None).values_list("hand_in", "by")
        assert len(set(drafts_of_reviews)) == len(drafts_of_reviews)


@pytest.mark.django_db
def test_no_sequence_breaks_what_must_always_be_true():
    searching.run(Making, examples=10, steps=30)
