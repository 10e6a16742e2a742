"""XP: once per assignment, for good, and the same in whatever order things happened."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exams.assignments import exempting, experience, standing
from exams.models import (
    AssignmentExemption,
    ExamPlan,
    ExperienceEntry,
    Reaches,
    Verdict,
    Work,
    XPFrom,
)
from exams.tests.factories import (
    ThemeFactory,
    a_board_member,
    a_coach,
    a_follower,
    a_hand_in,
    a_review,
    a_version,
    an_assignment,
    an_exam_programme,
    work_on,
)
from learners.models import Enrolment
from learners.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
# What may happen to one assignment, from first to last; of the last nobody reviews anything.
REVIEWED = (
    (),
    ("hand in",),
    ("hand in", "approve"),
    ("hand in", "hand in", "send back"),
    ("hand in", "send back", "hand in", "approve", "send back"),
    ("exempt", "end", "hand in", "approve"),
    ("hand in", "exempt"),
    ("hand in", "approve", "exempt"),
    ("exempt",),
)
UNREAD = ((), ("hand in",), ("hand in", "hand in"), ("exempt", "end"), ("hand in", "exempt"))
XP = (10, 25, 7)


@settings(max_examples=40, deadline=None)
@given(
    chains=st.tuples(*map(st.sampled_from, (REVIEWED, REVIEWED, UNREAD))),
    needed=st.integers(0, 60),
    xp_from=st.sampled_from(XPFrom),
    changes_plan=st.booleans(),
    data=st.data(),
)
def test_xp_is_the_same_in_whatever_order_things_happened(
    chains, needed, xp_from, changes_plan, data
):
    turns = [number for number, chain in enumerate(chains) for _act in chain]
    if changes_plan:  # to XP with the first hand-in; the other way what was earned stays
        xp_from = XPFrom.APPROVAL
        turns.append(len(chains))
    first, second = (
        _played(chains, data.draw(st.permutations(turns)), needed, xp_from) for _order in range(2)
    )
    assert first == second


def _played(chains, turns, needed, xp_from) -> tuple[int, int, int]:
    """Let it happen in this order; return what was earned, of how many, and how many it asks."""
    programme = an_exam_programme(0, needed_xp=needed, xp_from=xp_from)
    theme = ThemeFactory(programme=programme)
    for number, xp in enumerate(XP):
        an_assignment(theme, xp=xp, is_reviewed=number < 2)
    enrolment = a_follower(programme)
    left = [iter(chain) for chain in chains]
    for turn in turns:
        if turn == len(chains):
            ExamPlan.objects.filter(programme=programme).update(xp_from=XPFrom.HAND_IN)
            experience.make_up(ExamPlan.objects.get(programme=programme))
        else:
            _act(next(left[turn]), enrolment, turn + 1)
    stands = standing.of(enrolment)
    assert stands.earned <= stands.total
    assert 0 <= stands.needed <= stands.total
    return stands.earned, stands.total, stands.needed


def _act(act: str, enrolment: Enrolment, number: int) -> None:
    work, by = work_on(enrolment, number), UserFactory()
    if act == "hand in":
        a_hand_in(work, f"Versie {work.number + 1}")
    elif act == "exempt":
        given = {"enrolment": enrolment, "assignment": work.assignment}
        exempting.exempt(**given, by=by, ground="Diploma")
    elif act == "end":
        exemption = AssignmentExemption.objects.get(work=work, ended_at=None)
        exempting.end(exemption=exemption, by=by)
    else:
        verdict = Verdict.APPROVED if act == "approve" else Verdict.SENT_BACK
        a_review(work.hand_ins.latest("number"), by, verdict)


def test_a_plan_that_is_changed_gives_what_is_earned_by_it_and_takes_nothing():
    programme = an_exam_programme(2, xp_from=XPFrom.APPROVAL)
    works = [a_hand_in(work_on(a_follower(programme))).work for _learner in range(3)]
    plan = ExamPlan.objects.get(programme=programme)
    assert experience.make_up(plan) == 0
    plan.xp_from = XPFrom.HAND_IN
    plan.save()
    assert experience.make_up(plan) == 3
    plan.xp_from = XPFrom.APPROVAL
    plan.save()
    assert experience.make_up(plan) == 0
    assert set(ExperienceEntry.objects.values_list("work", "xp")) == {(w.pk, 10) for w in works}


def test_a_plan_that_asks_approval_gives_it_for_what_was_approved_once():
    programme = an_exam_programme(1, xp_from=XPFrom.HAND_IN)
    coach = a_coach(programme)
    approved, _unread = (a_hand_in(work_on(a_follower(programme, coach))) for _who in range(2))
    a_review(approved, coach)
    a_review(approved, coach, Verdict.SENT_BACK)
    ExperienceEntry.objects.all().delete()  # as if they were handed in before there was a plan
    plan = ExamPlan.objects.get(programme=programme)
    plan.xp_from = XPFrom.APPROVAL
    assert experience.make_up(plan) == 1
    assert ExperienceEntry.objects.get().work == approved.work


def test_a_plan_is_made_up_in_as_many_queries_for_many(django_assert_num_queries):
    programme = an_exam_programme(1, xp_from=XPFrom.APPROVAL)
    for _learner in range(5):
        a_hand_in(work_on(a_follower(programme)))
    plan = ExamPlan(programme=programme, xp_from=XPFrom.HAND_IN)
    with django_assert_num_queries(7):
        assert experience.make_up(plan) == 5


def test_what_will_be_earned_is_what_the_version_gives_that_was_handed_in_first():
    programme = an_exam_programme(1, needed_xp=10, xp_from=XPFrom.APPROVAL)
    coach = a_coach(programme)
    enrolment = a_follower(programme, coach)
    work = work_on(enrolment)
    a_review(a_hand_in(work), coach, Verdict.SENT_BACK)
    a_version(work.assignment, reaches=Reaches.IMPROVING, xp=30)
    assert standing.of(enrolment).total == 10
    a_review(a_hand_in(work, "Beter"), coach)
    stands = standing.of(enrolment)
    assert (stands.earned, stands.total) == (10, 10)


def test_an_exemption_that_ends_gives_back_what_was_earned():
    programme = an_exam_programme(2, needed_xp=20)
    enrolment = a_follower(programme)
    work = a_hand_in(work_on(enrolment)).work
    board = a_board_member(programme)
    given = {"enrolment": enrolment, "assignment": work.assignment, "by": board}
    exemption = exempting.exempt(**given, ground="Diploma")
    assert exempting.exempt(**given, ground="Nog eens") == exemption
    assert standing.of(enrolment).earned == 0
    exempting.end(exemption=exemption, by=board)
    assert standing.of(enrolment).earned == 10
    assert Work.objects.get(pk=work.pk).waits_since is not None


def test_where_many_stand_is_asked_in_as_many_queries_as_of_one(django_assert_num_queries):
    programme = an_exam_programme(3)
    enrolments = [a_follower(programme) for _learner in range(4)]
    for enrolment in enrolments:
        a_hand_in(work_on(enrolment, 2))
    for asked in (enrolments[:1], enrolments):
        with django_assert_num_queries(4):
            found = standing.of_many(asked)
        assert {one.earned for one in found.values()} == {10}
