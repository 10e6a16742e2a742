"""Certificates for tests, made the way that the product makes them."""

from datetime import date, timedelta

from certifications import awarding
from certifications.assigning import giving
from certifications.defining import publication
from certifications.models import (
    AssigningMode,
    Certificate,
    Certification,
    CertificationVersion,
    Cycle,
)
from learners.models import (
    Actor,
    Course,
    CourseKind,
    Enrolment,
    Programme,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.studying import study_status
from learners.tests import factories

VERSION_FIELDS = (
    *("validity", "period_months", "window_days", "grace_days", "anchor"),
    *("fixed_month", "fixed_day", "due_days", "minimum"),
)
TWO_YEARS = {"validity": "recurring", "period_months": 24, "window_days": 60, "grace_days": 30}


def an_elearning(**fields: object) -> Course:
    """Make a course without meetings."""
    return factories.CourseFactory(kind=CourseKind.ELEARNING, **fields)


def completed(enrolment: Enrolment, by: User | None = None) -> Enrolment:
    """Complete it as the system does at once, or as this administrator does, to be undone yet."""
    study_status.change_status(
        enrolment=enrolment,
        to=StudyStatus.COMPLETED,
        by=by,
        actor=Actor.ADMINISTRATOR if by else Actor.SYSTEM,
    )
    return enrolment


def undo_time_is_over() -> None:
    """Let everything that waits for the undo time be due."""
    for change in StudyStatusChange.objects.waiting().exclude(due_at=None):
        change.due_at -= timedelta(days=1)
        change.save(update_fields=["due_at"])


def a_certificate(course: Course | None = None, **learner: object) -> Certificate:
    """Issue a certificate for an e-learning course that was completed just now."""
    enrolment = factories.an_enrolment(course or an_elearning(), factories.UserFactory(**learner))
    completed(enrolment)
    awarding.drain()
    return Certificate.objects.get(enrolment=enrolment)


def a_certification(*asked: Course | Programme, **fields: object) -> Certification:
    """Make and publish a certification that asks for these; what belongs to its version too."""
    organisation = fields.pop("organisation", None) or (
        asked[0].organisation if asked else factories.OrganisationFactory()
    )
    of_version = {name: fields.pop(name) for name in VERSION_FIELDS if name in fields}
    mandatory, old = fields.pop("mandatory", ()), fields.pop("accepts_days_old", 0)
    usual = {"title_nl": "Hulpverlener", "title_en": "First aider"}
    made = Certification.objects.create(
        organisation=organisation,
        code=f"C{Certification.objects.count() + 1}",
        **{**usual, **fields},
    )
    version = CertificationVersion.objects.create(certification=made, **of_version)
    for position, subject in enumerate(asked, 1):
        key = "course" if isinstance(subject, Course) else "programme"
        version.requirements.create(
            position=position,
            is_mandatory=subject in mandatory,
            accepts_days_old=old,
            **{key: subject},
        )
    publication.publish(version=version, by=factories.an_administrator())
    made.refresh_from_db()
    return made


def assigned(
    certification: Certification,
    learner: User | None = None,
    mode: str = AssigningMode.MANDATORY,
    due_on: date | None = None,
) -> Cycle:
    """Assign a certification to somebody, as an administrator does."""
    (cycle,) = giving.assign(
        certification=certification,
        learners=[learner or factories.UserFactory()],
        mode=mode,
        by=factories.an_administrator(),
        due_on=due_on,
    )
    return reloaded(cycle)


def reloaded(cycle: Cycle) -> Cycle:
    """Fetch a cycle anew, with what its state is worked out from."""
    related = ("assignment__certification__organisation", "assignment__learner", "version")
    return Cycle.objects.select_related(*related).get(pk=cycle.pk)


def done_by(learner: User, course: Course) -> Enrolment:
    """Let the system complete a course for somebody, and drain the outbox."""
    enrolment = completed(factories.an_enrolment(course, learner))
    awarding.drain()
    return enrolment
