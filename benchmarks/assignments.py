"""Programmes with assignments: the pages of who makes them and of who coaches.

python -m benchmarks.assignments [HAND_INS]

Each learner handed in all twenty assignments of one programme, of which a coach has some fifty
learners; one of twenty waits, one of ten was sent back, and the rest was approved. Of ten learners
one is in a sample, and one has an exam that was released.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from benchmarks import block, printing, way, world
from benchmarks.measuring import Figure, page
from exams.models import (
    Assignment,
    AssignmentVersion,
    Attempt,
    ExamPlan,
    ExperienceEntry,
    HandIn,
    Review,
    Sample,
    Theme,
    Verdict,
    Work,
    WorkState,
)
from exams.models.sample import OPEN
from learners.models import (
    Coaching,
    CompletedBy,
    Enrolment,
    Membership,
    Organisation,
    Programme,
    Role,
    StudyStatus,
    StudyStatusChange,
    User,
)

SMALL = 1_000
ASSIGNMENTS, THEMES, COACHED = 20, 4, 50
AT_ONCE = 5_000
HOME, LIST, PAGE = 12, 8, 20  # queries at most
TEXT = "Ik keek twee dagen mee, en schreef op wat ik zag.\n\n" * 20
SAID = "Mooi beschreven. Let de volgende keer ook op wie er niets zegt."
WAITS, SENT_BACK = 20, 10  # of so many works one


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Those whose pages are measured, and what is on them."""

    learner: User
    coach: User
    board: User
    enrolment: Enrolment
    waiting: Work
    programme: Programme
    sample: Sample
    released: Enrolment


def main() -> None:
    """Print the figures of a new world."""
    printing.print_figures(measure(printing.asked_for(SMALL)))


def measure(hand_ins: int) -> Iterator[Figure]:
    """Yield the figures of the pages of assignments, in a world of their own."""
    people = cast(hand_ins)
    making = [people.enrolment.pk, people.waiting.assignment_id]
    pages = {
        "programme with assignments": (people.learner, people.enrolment.get_absolute_url(), PAGE),
        "an assignment": (people.learner, reverse("exams:assignment_detail", args=making), PAGE),
        "coach's home": (people.coach, reverse("lms:home"), HOME),
        "coach's queue": (people.coach, reverse("exams:review_list"), LIST),
        "board's queue": (people.board, reverse("exams:review_list"), LIST),
        "a review": (people.coach, people.waiting.get_review_url(), PAGE),
        "programmes of a coach": (people.coach, reverse("exams:progress_list"), LIST),
        "progress in a programme": (
            people.coach,
            reverse("exams:programme_progress", args=[people.programme.pk]),
            PAGE,
        ),
        "progress in a programme, for the board": (
            people.board,
            reverse("exams:programme_progress", args=[people.programme.pk]),
            PAGE,
        ),
        "assignments of a learner": (
            people.coach,
            reverse("exams:learner_assignments", args=[people.enrolment.pk]),
            PAGE,
        ),
        "a sample": (people.coach, people.sample.get_absolute_url(), PAGE),
        "the way of a learner to the exam": (
            people.coach,
            reverse("exams:learner_exam", args=[people.sample.enrolment_id]),
            PAGE,
        ),
        "an exam that was released": (
            people.released.learner,
            reverse("exams:exam_detail", args=[people.released.pk]),
            PAGE,
        ),
    }
    for name, (who, url, most) in pages.items():
        yield page(name, who=who, url=url, most_queries=most)


def cast(hand_ins: int) -> Cast:
    """Empty the database, and fill it with so many hand-ins."""
    world.prepare()
    with world.in_haste():
        _admin, (here, _other) = block.institutions()
        people = _fill(here, hand_ins)
    world.analyse()
    return people


def _fill(here: Organisation, hand_ins: int) -> Cast:
    programme, versions = _a_programme(here)
    number = max(1, hand_ins // ASSIGNMENTS)
    learners = _members(here, "maker", number, Role.LEARNER)
    coaches = _members(here, "coach", max(1, number // COACHED), Role.COACH)
    (board,) = _members(here, "board", 1, Role.BOARD)
    enrolments = _enrol(programme, learners)
    coached = [
        Coaching(enrolment=one, coach=coaches[n % len(coaches)]) for n, one in enumerate(enrolments)
    ]
    Coaching.objects.bulk_create(coached, batch_size=AT_ONCE)
    begun = timezone.now() - timedelta(days=100)
    for first in range(0, number, AT_ONCE // ASSIGNMENTS):
        some = enrolments[first : first + AT_ONCE // ASSIGNMENTS]
        _hand_in(some, versions, coaches, begun, first)
    way.publish_exam(programme)
    way.go_on(enrolments, board)
    waiting = Work.objects.filter(state=WorkState.HANDED_IN, enrolment__coachings__coach=coaches[0])
    work = waiting.select_related("enrolment__learner").earliest("pk")
    mine = Sample.objects.filter(enrolment__coachings__coach=coaches[0])
    return Cast(
        sample=mine.select_related("enrolment").filter(state__in=sorted(OPEN)).earliest("pk"),
        released=Attempt.objects.select_related("enrolment__learner").earliest("pk").enrolment,
        learner=work.enrolment.learner,
        coach=coaches[0],
        board=board,
        enrolment=work.enrolment,
        waiting=work,
        programme=programme,
    )


def _a_programme(here: Organisation) -> tuple[Programme, Sequence[AssignmentVersion]]:
    """Make a programme with an exam, of twenty assignments in four themes."""
    long_ago = timezone.now() - timedelta(days=400)
    programme = Programme.objects.create(
        organisation=here,
        code="VRIJWILLIGER",
        title_nl="Basis vrijwilliger",
        completed_by=CompletedBy.EXAM,
        published_at=long_ago,
    )
    ExamPlan.objects.create(programme=programme, needed_xp=150)
    versions = []
    for number in range(ASSIGNMENTS):
        if number % (ASSIGNMENTS // THEMES) == 0:
            theme = Theme.objects.create(
                programme=programme, title_nl=f"Thema {number}", position=number
            )
        asked = Assignment.objects.create(theme=theme, code=f"OPD-{number}", position=number)
        versions.append(
            AssignmentVersion.objects.create(
                assignment=asked,
                title_nl=f"Opdracht {number}",
                task_nl="Kijk **twee dagen** mee, en schrijf op wat je ziet.",
                published_at=long_ago,
            )
        )
    return programme, versions


def _members(here: Organisation, name: str, number: int, role: Role) -> list[User]:
    people = block.people(f"{name}.", number)
    rows = [Membership(user=one, organisation=here, role=role) for one in people]
    Membership.objects.bulk_create(rows, batch_size=AT_ONCE)
    return list(people)


def _enrol(programme: Programme, learners: Sequence[User]) -> list[Enrolment]:
    """Let them follow the programme, with the one step that their status took."""
    at = timezone.now() - timedelta(days=120)
    started = {"status": StudyStatus.STARTED, "created_at": at, "registered_on": at.date()}
    rows = [Enrolment(learner=one, programme=programme, **started) for one in learners]
    made = Enrolment.objects.bulk_create(rows, batch_size=AT_ONCE)
    steps = [
        StudyStatusChange(
            enrolment=one, to_status=StudyStatus.STARTED, actor="system", at=at, handled_at=at
        )
        for one in made
    ]
    StudyStatusChange.objects.bulk_create(steps, batch_size=AT_ONCE)
    return list(made)


def _hand_in(
    enrolments: Sequence[Enrolment],
    versions: Sequence[AssignmentVersion],
    coaches: Sequence[User],
    begun: datetime,
    first: int,
) -> None:
    """Let these people hand in every assignment, and their coaches review most of it."""
    works = [
        _work(enrolment, version, begun + timedelta(days=4 * n, seconds=first + row), row + n)
        for row, enrolment in enumerate(enrolments)
        for n, version in enumerate(versions)
    ]
    made = Work.objects.bulk_create(works)
    handed_in = HandIn.objects.bulk_create(
        HandIn(work=w, number=1, version=w.version, text=TEXT, handed_in_at=w.created_at)
        for w in made
    )
    ExperienceEntry.objects.bulk_create(
        ExperienceEntry(work=one.work, xp=one.version.xp, hand_in=one, earned_at=one.handed_in_at)
        for one in handed_in
    )
    coach_of = {one.pk: coaches[(first + n) % len(coaches)] for n, one in enumerate(enrolments)}
    Review.objects.bulk_create(
        Review(
            hand_in=one,
            by=coach_of[one.work.enrolment_id],
            feedback=SAID,
            verdict=Verdict(one.work.state),
            saved_at=one.handed_in_at + timedelta(days=2),
            given_at=one.handed_in_at + timedelta(days=2),
        )
        for one in handed_in
        if one.work.state != WorkState.HANDED_IN
    )


def _work(enrolment: Enrolment, version: AssignmentVersion, at: datetime, turn: int) -> Work:
    state = WorkState.APPROVED
    if turn % WAITS == 0:
        state = WorkState.HANDED_IN
    elif turn % SENT_BACK == 1:
        state = WorkState.SENT_BACK
    waits = state == WorkState.HANDED_IN
    return Work(
        enrolment=enrolment,
        assignment_id=version.assignment_id,
        state=state,
        number=1,
        version=version,
        waits_since=at if waits else None,
        expected_on=at.date() + timedelta(days=7) if waits else None,
        created_at=at,
    )


if __name__ == "__main__":
    main()
