"""Show registers, the learner's home and long lists: queries, processor time, and their floor.

python -m benchmarks.pages [ENROLMENTS]
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from benchmarks import block, printing, world
from benchmarks.block import Block
from benchmarks.measuring import Figure, page
from learners.enrolling import entering
from learners.models import Actor, Course, Programme, ProgrammeCourse, Run, User
from learners.studying import new_enrolments
from learners.studying.new_enrolments import NewEnrolment

REGISTERS = (25, 200, 500)
MEETINGS = (1, 8)
HOME, REGISTER, LIST = 12, 10, 8  # queries at most
LISTED = 30  # more than a page shows


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Those whose pages are measured, and the registers: run, participants, meetings."""

    learner: User
    teacher: User
    admin: User
    registers: Sequence[tuple[Run, int, int]]


def main() -> None:
    """Print the figures of a new world."""
    made = world.make(printing.asked_for(world.SMALL))
    printing.print_figures(measure(cast(made)))


def cast(made: Block) -> Cast:
    """Make those whose pages are measured, through the product."""
    learner, teacher = a_learner(made), a_busy_teacher(made)
    runs = list(registers(made, teacher))
    world.analyse()
    return Cast(learner=learner, teacher=teacher, admin=made.admin, registers=runs)


def measure(people: Cast) -> Iterator[Figure]:
    """Yield the figures of pages."""
    for run, number, meetings in people.registers:
        yield page(
            f"show {register_name(number, meetings)}",
            who=people.teacher,
            url=reverse("attendance:run_register", args=[run.pk]),
            most_queries=REGISTER,
        )
    yield page("learner's home", who=people.learner, url=reverse("lms:home"), most_queries=HOME)
    lists = {
        "my courses": (people.learner, "learners:my_course_list"),
        "catalogue": (people.learner, "learners:catalogue_list"),
        "courses I teach": (people.teacher, "attendance:teaching"),
        "administration: enrolments": (people.admin, "admin:learners_enrolment_changelist"),
    }
    for name, (who, address) in lists.items():
        yield page(name, who=who, url=reverse(address), most_queries=LIST)


def register_name(number: int, meetings: int) -> str:
    """Say which register: 'a register of 200, 8 meetings'."""
    return f"a register of {number}, {meetings} meeting{'s' * (meetings > 1)}"


def a_learner(made: Block) -> User:
    """Make somebody with thirty courses in every state, a programme and their certificates."""
    (learner,) = block.people("busy", 1)
    runs = list(Run.objects.select_related("course").order_by("pk")[: LISTED * 2])
    chosen = list({run.course_id: run for run in runs}.values())[: LISTED - 2]
    news = [NewEnrolment(learner=learner, course=run.course, run=run) for run in chosen]
    new_enrolments.enrol_many(news=news, by=None, actor=Actor.SYSTEM)
    entering.enrol_in_programme(
        learner=learner, programme=a_programme(made), by=made.admin, actor=Actor.ADMINISTRATOR
    )
    return learner


def a_programme(made: Block) -> Programme:
    """Make a programme of the e-learnings and a course without a run yet."""
    programme = Programme.objects.create(
        organisation=made.organisations[0], code="P", title_nl="Hulpverlener", term_days=10
    )
    for position, course in enumerate(made.courses[-3:]):
        ProgrammeCourse.objects.create(programme=programme, course=course, position=position)
    return programme


def a_busy_teacher(made: Block) -> User:
    """Make somebody who teaches thirty runs, past and to come."""
    teacher = block.a_teacher(made.organisations, "busy.teacher")
    soon = timezone.now() + timedelta(days=100)
    for run in Run.objects.filter(starts_at__lt=soon).order_by("-pk")[:LISTED]:
        run.teachers.add(teacher)
    return teacher


def registers(made: Block, teacher: User) -> Iterator[tuple[Run, int, int]]:
    """Make a run of each size and number of meetings, of which nothing is recorded yet."""
    for number in REGISTERS:
        learners = block.people(f"class.of.{number}.", number)
        for meetings in MEETINGS:
            yield a_register(made, teacher, learners, meetings), number, meetings


def a_register(made: Block, teacher: User, learners: Sequence[User], meetings: int) -> Run:
    """Make a run whose meetings were in the last weeks, with these people on its register."""
    code = f"C{len(learners)}-{meetings}"
    course: Course = block.a_course(made.organisations[0], code, 0)
    run = block.a_run(course, [-1 - 2 * n for n in range(meetings)])
    run.teachers.add(teacher)
    news = [NewEnrolment(learner=one, course=course, run=run) for one in learners]
    new_enrolments.enrol_many(news=news, by=None, actor=Actor.SYSTEM)
    return run


if __name__ == "__main__":
    main()
