"""Assigning a certification to many: looking at everybody first, doing it, and the preview.

python -m benchmarks.assigning [PEOPLE]

A tenth of them completed what it asks long ago, and are certified at once. A tenth is assigned it
first, so that one sees whether ten times as many people want more memory.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from benchmarks import block, printing, world
from benchmarks.measuring import Figure, page, work
from benchmarks.world import OWN, TEXT, Span
from certifications.assigning import jobs
from certifications.assigning.jobs import Terms, Whom
from certifications.defining import publication
from certifications.models import (
    AssigningJob,
    AssigningMode,
    Certification,
    CertificationVersion,
    GroupKind,
)
from learners.models import (
    Actor,
    Course,
    CourseKind,
    Enrolment,
    ImportState,
    Membership,
    Organisation,
    Role,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.studying import new_enrolments
from learners.studying.new_enrolments import NewEnrolment
from learners.studying.status_wishes import Wish
from learners.studying.study_status import change_statuses

USUAL = 1_000
PEOPLE = 100  # in a block; a tenth of them teaches, and another tenth completed the course
TENTH = 10
LIST = 8  # queries at most

COPIED: Mapping[type[models.Model], Mapping[str, str]] = {
    User: {"email": TEXT, "name": TEXT, "sort_name": TEXT, "search_name": TEXT},
    Membership: {"user_id": OWN},
    Enrolment: {"learner_id": OWN},
    StudyStatusChange: {"enrolment_id": OWN},
}


def main() -> None:
    """Print the figures of a new world."""
    printing.print_figures(measure(printing.asked_for(USUAL)))


def measure(people: int) -> Iterator[Figure]:
    """Yield the figures of assigning to so many; it empties the database first."""
    certification, admin = make(people)
    later = timezone.localdate() + timedelta(days=90)
    for name, role, number, due_on in (
        ("a tenth of the people first", Role.TEACHER, people // TENTH, None),
        ("everybody", Role.LEARNER, people, None),
        ("a tenth, who get another day", Role.TEACHER, people // TENTH, later),
    ):
        job = begin(certification, admin, role, due_on)
        yield phase(job, f"assigning: look at {name}", ImportState.READY, number)
        preview = reverse("admin:certifications_assigningjob_change", args=[job.pk])
        if number == people and due_on is None:
            yield page("assigning: the preview", who=admin, url=preview, most_queries=LIST)
        jobs.consent(job=job, by=admin)
        yield phase(job, f"assigning: do it for {name}", ImportState.DONE, number)


def begin(
    certification: Certification, admin: User, role: Role, due_on: date | None
) -> AssigningJob:
    """Ask for everybody with a role; with a day, also for who has it already."""
    here = certification.organisation
    terms = Terms(mode=AssigningMode.MANDATORY, due_on=due_on, leaves=due_on is None)
    group = {"group": GroupKind.ROLE, "role": role, "organisation": here}
    return jobs.begin(certification=certification, whom=Whom(group=group), terms=terms, by=admin)


def phase(job: AssigningJob, name: str, wanted: ImportState, people: int) -> Figure:
    """Measure one of the two halves of a job."""

    def do() -> None:
        assert jobs.run(job_id=job.pk) == wanted

    return work(name, do, rows=people)


def make(people: int) -> tuple[Certification, User]:
    """Empty the database, let the product make a block, and the database copies of it."""
    world.prepare()
    with world.in_haste():
        before = {model: world.last_key(model) for model in COPIED}
        certification, admin = _block()
        spans = {model: Span(last + 1, world.last_key(model)) for model, last in before.items()}
        with transaction.atomic():
            world.trust_what_points_where()
            for model, changed in COPIED.items():
                world.copy(model, spans[model], {"id": OWN, **changed}, people // PEOPLE - 1)
            world.go_on_counting(COPIED)
    world.analyse()
    return certification, admin


def _block() -> tuple[Certification, User]:
    admin, organisations = block.institutions()
    here = organisations[0]
    course = Course.objects.create(
        organisation=here, code="ASSIGN", title_nl="Reanimatie", kind=CourseKind.ELEARNING
    )
    learners = block.people("many", PEOPLE)
    teach = learners[:: PEOPLE // TENTH]
    of = [(Role.LEARNER, learners), (Role.TEACHER, teach)]
    Membership.objects.bulk_create(
        Membership(user=one, organisation=here, role=role) for role, some in of for one in some
    )
    _complete(course, learners[1 :: PEOPLE // TENTH], admin)
    return _certification(course, here, admin), admin


def _complete(course: Course, learners: list[User], admin: User) -> None:
    news = [NewEnrolment(learner=one, course=course) for one in learners]
    enrolments = new_enrolments.enrol_many(news=news, by=admin, actor=Actor.ADMINISTRATOR)
    wishes = [Wish(enrolment_id=one.pk, to=StudyStatus.COMPLETED) for one in enrolments]
    at = timezone.now() - timedelta(days=30)
    change_statuses(wishes=wishes, by=None, actor=Actor.SYSTEM, at=at)
    block.hand_over()


def _certification(course: Course, here: Organisation, admin: User) -> Certification:
    made = Certification.objects.create(organisation=here, code="ASSIGN", title_nl="AED-bediener")
    version = CertificationVersion.objects.create(
        certification=made, validity="recurring", period_months=24, window_days=60, due_days=30
    )
    version.requirements.create(course=course, accepts_days_old=2_000)
    publication.publish(version=version, by=admin)
    made.refresh_from_db()
    return made


if __name__ == "__main__":
    main()
