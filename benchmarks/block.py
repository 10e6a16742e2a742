"""Two hundred and fifty enrolments of two institutions, made by the product's own functions.

Fifty people follow four classroom courses and one e-learning each, over two years: some ended with
certificates, some wait for their register, some are to come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from attendance.marking import registers
from attendance.register import savings
from attendance.register.drafts import Typed
from certifications import awarding
from certifications.models import Certificate
from learners.meetings import planning
from learners.models import (
    Actor,
    Course,
    CourseKind,
    Enrolment,
    Membership,
    Notification,
    Organisation,
    Role,
    Run,
    StudyStatus,
    User,
)
from learners.studying import new_enrolments, study_status
from learners.studying.new_enrolments import NewEnrolment
from learners.studying.status_wishes import Wish

PEOPLE = 50
ENROLMENTS = 250
FOLLOWED = 4  # classroom courses of each
FIRST_MEETINGS = (-600, -400, -200, -100, -20, -3, 10, 40)  # days from now, of each run
ENDED = 4  # runs whose people know how it ended
BEGUN = 6
LENGTH = timedelta(hours=3)
WEEK = timedelta(days=7)
NAMES = ("Yasmina El Idrissi", "Emma Van den Broeck", "Bram Jansen", "Noor de Vries", "Ömer Kaya")


@dataclass(frozen=True, kw_only=True)
class Block:
    """What was made; `admin` and the institutions are there once, however often it is copied."""

    admin: User
    organisations: Sequence[Organisation]
    courses: Sequence[Course]
    runs: Sequence[Run]


def institutions() -> tuple[User, list[Organisation]]:
    """Make an administrator, and two institutions in two time zones."""
    admin = User.objects.create_superuser("admin@example.org", name="Head Office")
    zones = {"BVA": "Europe/Amsterdam", "BLA": "Europe/London"}
    return admin, [
        Organisation.objects.create(name=f"Academie {code}", code=code, time_zone=zone)
        for code, zone in zones.items()
    ]


def make(admin: User, organisations: Sequence[Organisation]) -> Block:
    """Make the people, their courses, what was recorded and what they earned."""
    courses = [a_course(organisations[n % 2], f"B{n}", n) for n in range(len(FIRST_MEETINGS) + 2)]
    classroom, online = courses[:-2], courses[-2:]
    runs = [
        a_run(course, [day, day + 7]) for course, day in zip(classroom, FIRST_MEETINGS, strict=True)
    ]
    teacher = a_teacher(organisations, "teacher")
    for run in runs:
        run.teachers.add(teacher)
    enrol(people("learner", PEOPLE), runs, online)
    for run in runs[:BEGUN]:
        record(run, admin)
    for run in runs[:ENDED]:
        complete(run, admin)
    hand_over()
    return Block(admin=admin, organisations=organisations, courses=courses, runs=runs)


def a_course(organisation: Organisation, code: str, number: int) -> Course:
    """Make a course, the last two of ten an e-learning, in which learners enrol themselves."""
    is_online = number >= len(FIRST_MEETINGS)
    return Course.objects.create(
        organisation=organisation,
        code=code,
        title_nl=f"Eerste hulp bij ongevallen {number}",
        title_en=f"First aid {number}",
        summary_nl="Wat je doet voordat de ambulance er is. " * 3,
        kind=CourseKind.ELEARNING if is_online else CourseKind.CLASSROOM,
        study_points=12,
        certificate_months=24,
        term_days=700 if is_online else None,
        open_for_enrolment=True,
        published_at=timezone.now() - timedelta(days=800),
    )


def a_run(course: Course, days: Sequence[float], code: str = "R") -> Run:
    """Make a run with a meeting so many days from now, each."""
    run = Run.objects.create(course=course, code=code, place="Utrecht")
    for day in days:
        at = timezone.now() + timedelta(days=day)
        planning.plan_meeting(run=run, begins_at=at, ends_at=at + LENGTH, by=None)
    run.refresh_from_db()
    return run


def a_teacher(organisations: Sequence[Organisation], name: str) -> User:
    """Make somebody who teaches at these institutions."""
    teacher = User.objects.create_user(f"{name}@example.org", name="Tine Docent")
    for organisation in organisations:
        Membership.objects.create(user=teacher, organisation=organisation, role=Role.TEACHER)
    return teacher


def people(name: str, number: int) -> list[User]:
    """Make so many people."""
    return User.objects.create_newcomers(
        [
            User(name=f"{NAMES[n % len(NAMES)]} {name} {n}", email=f"{name}{n}@example.org")
            for n in range(number)
        ]
    )


def enrol(learners: Sequence[User], runs: Sequence[Run], online: Sequence[Course]) -> None:
    """Enrol each in four of the runs and in an e-learning, long ago."""
    news = [NewEnrolment(learner=one, course=online[n % 2]) for n, one in enumerate(learners)]
    for n, learner in enumerate(learners):
        taken = [runs[(n + step) % len(runs)] for step in range(FOLLOWED)]
        news += [NewEnrolment(learner=learner, course=run.course, run=run) for run in taken]
    long_ago = timezone.now() - timedelta(days=700)
    new_enrolments.enrol_many(news=news, by=None, actor=Actor.SYSTEM, at=long_ago)


def record(run: Run, by: User) -> None:
    """Record everybody present at the meetings that were."""
    of_run = registers.runs_for(by).get(pk=run.pk)
    everybody = Typed(all_present=True, all_meetings=True)
    savings.save_register(run=of_run, typed=everybody, by=by)


def complete(run: Run, by: User) -> None:
    """Let everybody pass but every tenth, the day after the last meeting."""
    assert run.ends_at is not None, "it has meetings"
    ids = Enrolment.objects.participants_of(run).order_by("pk").values_list("pk", flat=True)
    ends = {True: StudyStatus.NOT_PASSED, False: StudyStatus.COMPLETED}
    wishes = [Wish(enrolment_id=pk, to=ends[n % 10 == 9]) for n, pk in enumerate(ids)]
    at = run.ends_at + timedelta(days=1)
    study_status.change_statuses(wishes=wishes, by=by, actor=Actor.ADMINISTRATOR, at=at)


def hand_over(now: datetime | None = None) -> None:
    """Award what is due, and count it as printed, mailed and read."""
    now = now or timezone.now()
    while awarding.drain():
        pass
    Certificate.objects.update(rendered_at=now, file="printed.pdf", file_sha256="0" * 64)
    Notification.objects.update(mailed_at=now, read_at=now)
