"""What the database sums of many is what `standing` says of each."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exams.assignments import exempting, standing, sums
from exams.assignments.sums import Scale, Share
from exams.defining import putting_aside
from exams.models import Assignment, Reaches, Verdict, Work, WorkState, XPFrom
from exams.tests.factories import (
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
from learners.models import Enrolment, Programme
from learners.tests.factories import an_administrator

pytestmark = pytest.mark.django_db
XP = st.sampled_from([0, 7, 10, 25])
PEOPLE, NUMBERS = st.integers(0, 2), st.integers(1, 3)
STEPS = st.one_of(
    st.tuples(st.just("hand in"), PEOPLE, NUMBERS),
    st.tuples(st.sampled_from(["approve", "send back"]), PEOPLE, NUMBERS),
    st.tuples(st.just("exempt"), PEOPLE, NUMBERS),
    st.tuples(st.just("publish"), NUMBERS, st.tuples(XP, st.sampled_from(list(Reaches)))),
    st.tuples(st.just("put aside"), NUMBERS, st.just(None)),
    st.tuples(st.just("add"), XP, st.sampled_from(list(Reaches))),
)


class World:
    """A programme of three assignments, who follows it, and what may become of both."""

    def __init__(self, needed_xp: int, xp_from: XPFrom) -> None:
        self.programme = an_exam_programme(3, needed_xp=needed_xp, xp_from=xp_from)
        self.coach, self.board = a_coach(self.programme), a_board_member(self.programme)
        self.people = [a_follower(self.programme, self.coach) for _n in range(3)]

    def do(self, what: str, one: int, other: object) -> None:
        if what == "publish":
            xp, reaches = other  # type: ignore[misc]
            a_version(self._assignment(one), xp=xp, reaches=reaches)
        elif what == "put aside":
            rows = Assignment.objects.filter(pk=self._assignment(one).pk)
            putting_aside.archive(assignments=rows, by=an_administrator())
        elif what == "add":
            made = an_assignment(self.programme.themes.get(), xp=one)
            a_version(made, xp=one + 1, reaches=other)
            self.people.append(a_follower(self.programme, self.coach))
        else:
            self._work(what, self.people[one], self._assignment(other))  # type: ignore[arg-type]

    def _assignment(self, number: int) -> Assignment:
        return Assignment.objects.filter(programme=self.programme).order_by("pk")[number - 1]

    def _work(self, what: str, enrolment: Enrolment, assignment: Assignment) -> None:
        work = Work.objects.filter(enrolment=enrolment, assignment=assignment).first()
        if standing.of(enrolment).asked_of(assignment.pk) is None:
            return
        if what == "exempt":
            said = {"enrolment": enrolment, "assignment": assignment, "by": self.board}
            exempting.exempt(**said, ground="Elders gedaan.")
        elif what == "hand in" and (work is None or work.state == WorkState.TO_DO):
            number = list(Assignment.objects.filter(programme=self.programme).order_by("pk"))
            a_hand_in(work_on(enrolment, number.index(assignment) + 1))
        elif work and work.state == WorkState.HANDED_IN and what in ("approve", "send back"):
            verdict = Verdict.APPROVED if what == "approve" else Verdict.SENT_BACK
            a_review(work.hand_ins.get(), self.coach, verdict)


def scale_of(programme: Programme) -> Scale:
    return sums.scale_of(sums.with_scale(Programme.objects.filter(pk=programme.pk)).get())


@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    needed=st.integers(0, 60),
    xp_from=st.sampled_from(list(XPFrom)),
    steps=st.lists(STEPS, max_size=12),
)
def test_sums_say_of_everybody_what_their_standing_says(needed, xp_from, steps) -> None:
    world = World(needed, xp_from)
    for step in steps:
        world.do(*step)
    scale, people = scale_of(world.programme), Enrolment.objects.filter(programme=world.programme)
    stands = standing.of_many(list(people))
    varies = {"varies": scale.varies}
    for row in sums.with_xp(people, **varies):
        share = Share(world.programme.pk, row.earned, row.exempt_xp, 1, row.other_xp)
        one = stands[row.pk]
        total = scale.whole + share.other - share.exempt
        summed = (share.earned, total, scale.needed_of(share), scale.is_in_reach(share))
        assert summed == (one.earned, one.total, one.needed, one.is_in_reach)
    shares = list(sums.shares_of(people, **varies))
    in_reach = {pk for pk, one in stands.items() if one.is_in_reach}
    assert sum(one.people for one in shares if scale.is_in_reach(one)) == len(in_reach)
    found = scale.narrowed(sums.with_xp(people, **varies), in_reach=True)
    assert set(found.values_list("pk", flat=True)) == in_reach
    lacking = scale.narrowed(sums.with_xp(people, **varies), in_reach=False)
    assert set(lacking.values_list("pk", flat=True)) == set(stands) - in_reach


def test_what_was_put_aside_after_an_exemption_counts_nowhere() -> None:
    world = World(20, XPFrom.HAND_IN)
    world.do("exempt", 0, 1)
    world.do("put aside", 1, None)
    one = standing.of(world.people[0])
    (row,) = sums.with_xp(Enrolment.objects.filter(pk=world.people[0].pk))
    assert (row.exempt_xp, row.other_xp, scale_of(world.programme).whole) == (0, 0, 20)
    assert (one.total, one.needed) == (20, 20)


def test_where_nothing_varies_what_an_exemption_takes_is_said_by_the_one_version() -> None:
    world = World(20, XPFrom.HAND_IN)
    world.do("exempt", 0, 1)
    assert not scale_of(world.programme).varies
    people = Enrolment.objects.filter(programme=world.programme)
    said = [
        set(
            sums.with_xp(people, varies=varies).values_list("pk", "earned", "exempt_xp", "other_xp")
        )
        for varies in (True, False)
    ]
    assert said[0] == said[1]
    assert {exempt for _pk, _earned, exempt, _other in said[0]} > {0}
