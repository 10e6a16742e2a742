"""People, courses, runs and enrolments for tests, made the way that the product makes them."""

from datetime import datetime, timedelta

import factory
from django.utils import timezone

from learners.meetings import planning
from learners.models import (
    Actor,
    Course,
    CourseKind,
    Enrolment,
    Lesson,
    Meeting,
    Membership,
    Organisation,
    Programme,
    ProgrammeCourse,
    Role,
    Run,
    StudyStatus,
    User,
)
from learners.pages import course_page
from learners.studying import new_enrolments

PASSWORD = "a long enough secret"


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Academie {n}")
    code = factory.Sequence(lambda n: f"AC{n}")


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Noor Janssens{n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")

    @classmethod
    def _create(cls, model_class: type[User], *args: object, **fields: object) -> User:
        password = fields.pop("password", None)
        return model_class.objects.create_user(password=password, **fields)


class CourseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Course

    organisation = factory.SubFactory(OrganisationFactory)
    code = factory.Sequence(lambda n: f"EHBO-{n}")
    title_nl = "Eerste hulp bij ongevallen"
    title_en = "First aid"
    kind = CourseKind.CLASSROOM
    published_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=400))


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    organisation = factory.SubFactory(OrganisationFactory)
    code = factory.Sequence(lambda n: f"PRG-{n}")
    title_nl = "Hulpverlener"
    title_en = "First aider"


class RunFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Run

    course = factory.SubFactory(CourseFactory)
    code = factory.Sequence(lambda n: f"GENT-{n}")
    place = "Gent"


def a_member(role: Role, organisation: Organisation, **fields: object) -> User:
    """Make a person with this role at the institution."""
    user = UserFactory(**fields)
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def teaches(teacher: User, *runs: Run) -> User:
    """Let somebody give these runs, as a teacher of their institutions."""
    for run in runs:
        here = {"organisation": run.course.organisation, "role": Role.TEACHER}
        Membership.objects.get_or_create(user=teacher, **here)
        run.teachers.add(teacher)
    return teacher


def an_administrator(**fields: object) -> User:
    """Make somebody of head office."""
    return UserFactory(is_staff=True, is_superuser=True, **fields)


def a_meeting(run: Run, begins_at: datetime, hours: float = 3) -> Meeting:
    """Plan a meeting of this run."""
    return planning.plan_meeting(
        run=run, begins_at=begins_at, ends_at=begins_at + timedelta(hours=hours), by=None
    )


def a_run(*days: float, course: Course | None = None, **fields: object) -> Run:
    """Make a run with a meeting of three hours so many days from now, each; negative is past."""
    run = RunFactory(course=course or CourseFactory(), **fields)
    for day in days:
        a_meeting(run, by_day(day))
    run.refresh_from_db()
    return run


def by_day(day: float) -> datetime:
    """Return the moment so many days from now; of another day one in the morning, so that a meeting
    is over on the day on which it begins, at whatever hour the tests run."""
    moment = timezone.localtime(timezone.now() + timedelta(days=day))
    is_another = day != 0 and day == int(day)
    return moment.replace(hour=9, minute=30) if is_another else moment


def a_programme(*courses: Course, **fields: object) -> Programme:
    """Make a programme of these courses, in this order."""
    programme = ProgrammeFactory(**fields)
    for position, course in enumerate(courses, 1):
        ProgrammeCourse.objects.create(programme=programme, course=course, position=position)
    return programme


def a_lesson(course: Course, **fields: object) -> Lesson:
    """Add a lesson to a course, after those that it has; a text, unless said otherwise."""
    position = course.lessons.count() + 1
    said = {"title_nl": f"Les {position}", "title_en": f"Lesson {position}"}
    if "kind" not in fields:
        said["body_nl"] = "Lees **dit** eerst."
    return Lesson.objects.create(course=course, position=position, **said | fields)


def an_online_course(lessons: int = 1, **fields: object) -> Course:
    """Make an e-learning with so many lessons, each a text."""
    course = CourseFactory(kind=CourseKind.ELEARNING, **fields)
    for _lesson in range(lessons):
        a_lesson(course)
    return course


def a_participant(run: Run, **fields: object) -> Enrolment:
    """Enrol a new learner in this run."""
    new = new_enrolments.NewEnrolment(learner=UserFactory(**fields), course=run.course, run=run)
    (enrolment,) = new_enrolments.enrol_many(news=[new], by=None, actor=Actor.SYSTEM)
    return enrolment


def an_enrolment(course: Course, learner: User | None = None) -> Enrolment:
    """Enrol a learner in a course, without a run."""
    new = new_enrolments.NewEnrolment(learner=learner or UserFactory(), course=course)
    (enrolment,) = new_enrolments.enrol_many(news=[new], by=None, actor=Actor.SYSTEM)
    return enrolment


def with_status(enrolment: Enrolment, status: StudyStatus) -> Enrolment:
    """Put an enrolment in a status as if it had come there long ago."""
    Enrolment.objects.filter(pk=enrolment.pk).update(status=status)
    enrolment.refresh_from_db()
    return enrolment


def as_on_its_page(enrolment: Enrolment) -> Enrolment:
    """Fetch a course as its page does."""
    return course_page.fetch(Enrolment.objects.all(), timezone.now(), enrolment.pk)
