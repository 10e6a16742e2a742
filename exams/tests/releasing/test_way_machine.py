"""No sequence of what learners, coaches and the board do on the way to an exam breaks what must
always be true of it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from exams.assignments import drafts, exempting, experience, hand_ins, standing
from exams.assignments.states import WorkRefused
from exams.models import (
    Application,
    AssignmentExemption,
    Attempt,
    ExamPlan,
    Sample,
    SampleAct,
    SampleItem,
    SampleState,
    Verdict,
    Work,
    WorkState,
    XPFrom,
)
from exams.releasing import releases, way
from exams.releasing.way import Step
from exams.reviewing import reviews
from exams.sampling import assessing, drawing, samples
from exams.tests.factories import (
    ThemeFactory,
    a_board_member,
    a_coach,
    a_follower,
    an_assignment,
    an_exam,
    an_exam_programme,
    work_on,
)
from exams.tests.releasing import facts
from learners.enrolling.withdrawing import WithdrawalRefused, withdraw
from learners.models import Actor, Enrolment, Organisation
from learners.studying import terms
from learners.studying.study_status import StatusRefused
from learners.tests import searching
from learners.tests.searching import TakenBack

REFUSALS = (WorkRefused, WithdrawalRefused, StatusRefused)
DECIDED = {SampleState.APPROVED, SampleState.REFUSED}
ASSIGNMENTS, PLACES = st.integers(1, 4), st.integers(0, 3)
VERDICTS, FEEDBACK = st.sampled_from(Verdict), st.sampled_from(["", "Mooi.", "Kijk nog eens."])
MOSTLY = st.sampled_from([False, False, False, True])


class Walking(TakenBack):
    """A learner of a programme with two themes of two assignments, of which nobody reviews one;
    their coach, and the board."""

    enrolment_pk = None  # until `begin`

    @initialize(needed=st.integers(0, 40), size=st.integers(1, 4), early=st.booleans())
    def begin(self, needed, size, early):
        self.programme = an_exam_programme(2, needed_xp=needed)
        theme = ThemeFactory(programme=self.programme)
        an_assignment(theme)
        an_assignment(theme, is_reviewed=False)
        an_exam(self.programme)
        ExamPlan.objects.filter(programme=self.programme).update(sample_size=size)
        self.early_release_is_allowed(early)
        self.coach, self.board = a_coach(self.programme), a_board_member(self.programme)
        self.enrolment_pk = a_follower(self.programme, self.coach).pk
        self.frozen, self.decided, self.turn = {}, {}, 0

    @property
    def enrolment(self) -> Enrolment:
        rows = Enrolment.objects.select_related("learner", "programme__organisation")
        return rows.get(pk=self.enrolment_pk)

    def asked(self, what, **arguments):
        """Do what somebody asks for; what is refused leaves everything as it was."""
        before = facts.of(self.enrolment_pk)
        try:
            return what(**arguments)
        except REFUSALS:
            assert facts.of(self.enrolment_pk) == before
            return None

    def last(self) -> Sample | None:
        return samples.last_of(self.enrolment)

    @rule(number=ASSIGNMENTS)
    def hand_in(self, number):
        self.turn += 1
        enrolment = self.enrolment
        work = work_on(enrolment, number)
        draft, me = drafts.of(work), enrolment.learner
        saved = drafts.save_text(
            work=work, by=me, text=f"Tekst {self.turn}.", revision=draft.revision
        )
        press = {"number": work.number, "revision": saved.draft.revision}
        self.asked(hand_ins.hand_in, work=work, by=me, **press)

    @rule()
    def improve_all(self):
        """Hand in again what was refused, as a learner does before they ask again."""
        last = self.last()
        for item in list(samples.unimproved(last)) if last else ():
            number = list(self.programme.assignments.order_by("pk")).index(
                item.hand_in.work.assignment
            )
            self.hand_in(number + 1)

    @rule(number=ASSIGNMENTS, verdict=VERDICTS)
    def review(self, number, verdict):
        work = work_on(self.enrolment, number)
        if newest := work.hand_ins.order_by("-number").first():
            said = reviews.given(newest).first()
            self.asked(
                reviews.give, hand_in=newest, by=self.coach, verdict=verdict,
                feedback="Gezien.", seen=said and said.pk,
            )  # fmt: skip

    @rule()
    def apply(self):
        enrolment = self.enrolment
        made = self.asked(samples.apply, enrolment=enrolment, by=enrolment.learner)
        if made:
            again = samples.apply(enrolment=enrolment, by=enrolment.learner)
            assert again == made, "pressed twice, it is done once"

    @rule()
    def draw(self):
        enrolment, was = self.enrolment, self.last()
        made = self.asked(samples.draw, enrolment=enrolment, by=self.coach)
        if made and made != was:
            refused = SampleItem.objects.filter(sample=was, verdict=Verdict.SENT_BACK)
            keys = set(refused.values_list("hand_in__work", flat=True))
            exempt = set(Work.objects.filter(state=WorkState.EXEMPT).values_list("pk", flat=True))
            drawn = set(made.items.values_list("hand_in__work", flat=True))
            assert keys - exempt <= drawn, "what was refused is drawn again"
            assert not exempt & drawn
            assert not Application.objects.filter(sample=None).exists()

    @rule(place=PLACES, verdict=VERDICTS, feedback=FEEDBACK, is_stale=MOSTLY)
    def judge(self, place, verdict, feedback, is_stale):
        last = self.last()
        item = last.items.filter(position=place + 1).first() if last else None
        if item is None:
            return
        revision = item.revision + is_stale
        said = (item.verdict, item.feedback)
        made = self.asked(
            assessing.judge, item=item, by=self.coach, verdict=verdict, feedback=feedback,
            revision=revision,
        )  # fmt: skip
        assert not (made and is_stale) or said == (verdict, feedback)

    @rule(act=st.sampled_from([SampleAct.APPROVE, SampleAct.REFUSE]), is_stale=MOSTLY)
    def decide(self, act, is_stale):
        last = self.last()
        if last is None:
            return
        seen = sum(last.items.values_list("revision", flat=True)) + is_stale
        made = self.asked(assessing.decide, sample=last, by=self.coach, act=act, revisions=seen)
        if made and last.state not in DECIDED:
            assert not is_stale
            self.what_was_said_stands(made)

    @rule(bad=st.sets(PLACES, max_size=2), feedback=st.sampled_from(["", "Gezien."]))
    def judge_all_and_decide(self, bad, feedback):
        for place in range(4):
            verdict = Verdict.SENT_BACK if place in bad else Verdict.APPROVED
            self.judge(place, verdict, feedback or ("Wie?" if place in bad else ""), False)
        self.decide(SampleAct.REFUSE if bad else SampleAct.APPROVE, False)

    def what_was_said_stands(self, sample):
        """Each work of a decided sample is as it was judged, unless it was handed in newer or
        somebody is exempt of it."""
        for item in sample.items.select_related("hand_in__work", "hand_in__version"):
            work = item.hand_in.work
            if work.state == WorkState.EXEMPT or work.number != item.hand_in.number:
                continue
            unread = WorkState.DONE if not item.hand_in.version.is_reviewed else item.verdict
            assert work.state in {item.verdict, unread}
            assert item.verdict == Verdict.APPROVED or work.state == WorkState.SENT_BACK

    @rule(reason=st.sampled_from(["", " ", "Zij kan het al."]))
    def release(self, reason):
        enrolment, had = self.enrolment, Attempt.objects.exists()
        last, stands = self.last(), standing.of(self.enrolment)
        suffices = bool(last) and last.state == SampleState.APPROVED
        suffices = suffices and stands.earned >= stands.needed
        made = self.asked(releases.release, enrolment=enrolment, by=self.coach, reason=reason)
        if made and not had:
            assert suffices or (made.reason and enrolment.organisation.early_release)
            assert made.is_early is not suffices
            assert made.sample == (last if suffices else made.sample)
        elif made is None:
            is_early = reason.strip() and enrolment.organisation.early_release
            assert not enrolment.is_followed or not (suffices or is_early)

    @rule()
    def start(self):
        attempt = Attempt.objects.select_related("enrolment").first()
        if attempt:
            self.asked(releases.start, attempt=attempt, by=self.enrolment.learner)

    @rule(is_allowed=st.booleans())
    def early_release_is_allowed(self, is_allowed):
        here = Organisation.objects.filter(pk=self.programme.organisation_id)
        here.update(early_release=is_allowed)

    @rule(number=ASSIGNMENTS)
    def exempt(self, number):
        assignment = self.programme.assignments.order_by("pk")[number - 1]
        self.asked(
            exempting.exempt, enrolment=self.enrolment, assignment=assignment, by=self.board,
            ground="Diploma.",
        )  # fmt: skip

    @rule()
    def end_an_exemption(self):
        if row := AssignmentExemption.objects.filter(ended_at=None).first():
            self.asked(exempting.end, exemption=row, by=self.board)

    @rule(needed=st.integers(0, 60), size=st.integers(1, 5), xp_from=st.sampled_from(XPFrom))
    def change_the_plan(self, needed, size, xp_from):
        plan = ExamPlan.objects.get(programme=self.programme)
        plan.needed_xp, plan.sample_size, plan.xp_from = needed, size, xp_from
        plan.save()
        experience.make_up(plan)

    @rule()
    def the_term_lapses(self):
        Enrolment.objects.filter(pk=self.enrolment_pk).update(term_ends_on=date(2020, 1, 1))
        terms.lapse_terms()

    @rule()
    def extend(self):
        until = timezone.localdate() + timedelta(days=30)
        self.asked(terms.extend_term, enrolment=self.enrolment, until=until, by=self.board)

    @rule(is_sure=MOSTLY)
    def withdraw(self, is_sure):
        if is_sure:  # rarely: it is final
            enrolment = self.enrolment
            self.asked(
                withdraw, enrolment=enrolment, by=enrolment.learner, actor=Actor.LEARNER,
                notified_on=None,
            )  # fmt: skip

    @invariant()
    def a_sample_never_changes_after_it_was_drawn_and_is_drawn_again_the_same(self):
        for sample in Sample.objects.all() if self.enrolment_pk else ():
            now = facts.frozen(sample)
            assert self.frozen.setdefault(sample.pk, now) == now
            again = drawing.draw(
                drawing.from_list(sample.drawn_from), size=sample.size, seed=sample.seed
            )
            items = sample.items.order_by("position").values_list("hand_in", flat=True)
            assert [one.hand_in for one in again] == list(items)

    @invariant()
    def what_was_decided_has_a_verdict_of_everything_and_is_final(self):
        for sample in Sample.objects.filter(state__in=DECIDED) if self.enrolment_pk else ():
            now = facts.decided(sample)
            assert self.decided.setdefault(sample.pk, now) == now
            verdicts = set(sample.items.values_list("verdict", flat=True))
            is_approved = sample.state == SampleState.APPROVED
            assert verdicts <= set(Verdict.values)
            assert (Verdict.SENT_BACK in verdicts) is not is_approved

    @invariant()
    def one_thing_at_a_time(self):
        if self.enrolment_pk is None:
            return
        is_open = Sample.objects.exclude(state__in=DECIDED)
        asked = Application.objects.filter(sample=None)
        assert is_open.count() + asked.count() <= 1
        assert Attempt.objects.count() <= 1
        numbers = Sample.objects.order_by("number").values_list("number", flat=True)
        assert list(numbers) == [*range(1, len(numbers) + 1)]
        assert not Sample.objects.filter(state=SampleState.APPROVED)[1:].exists()

    @invariant()
    def what_is_shown_is_what_can_be_done(self):
        """No page offers an application that is refused, but for what closes the programme."""
        if self.enrolment_pk is None:
            return
        found, enrolment = way.of(self.enrolment), self.enrolment
        attempt = Attempt.objects.first()
        assert (found.step in (Step.RELEASED, Step.STARTED)) is (attempt is not None)
        if not found.may_be_applied_for:
            return
        before = facts.of(self.enrolment_pk)
        try:
            samples._refuse_too_early(enrolment)
            samples._refuse_settled(enrolment, self.last())
        finally:
            assert facts.of(self.enrolment_pk) == before

    @invariant()
    def xp_that_is_earned_is_given(self):
        works = Work.objects.select_related("enrolment") if self.enrolment_pk else ()
        assert [one for one in works if experience._is_earned(one) and not has_xp(one)] == []


def has_xp(work: Work) -> bool:
    return hasattr(work, "experience")


@pytest.mark.django_db
def test_no_sequence_breaks_what_must_always_be_true():
    searching.run(Walking, examples=10, steps=25)
