"""Somebody's work on an assignment: begun, locked, and whether they may work on it now."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.assignments.states import Wait, WorkRefused
from exams.defining.applying import version_for
from exams.models import Application, Assignment, AssignmentVersion, Work
from learners import working_days
from learners.models import Actor, Enrolment, StudyStatus, User
from learners.people import subscriptions
from learners.studying.study_status import change_status

BEGINS = frozenset({StudyStatus.ENROLLED, StudyStatus.NOT_STARTED})
RELATED = ("assignment", "version", "enrolment__learner", "enrolment__programme__organisation")


def why_closed(
    enrolment: Enrolment,
    access: subscriptions.Access | None = None,
    at: datetime | None = None,
) -> str:
    """Say why somebody cannot work on the assignments of their programme now, '' where they can.
    What they made stays to be read. `access` is asked for where it is not known."""
    if why := _why_over(enrolment, at):
        return why
    today = enrolment.organisation.day_of(at or timezone.now())
    access = access or subscriptions.access(enrolment.learner, enrolment.organisation, today)
    if not access.is_open:
        return _("You need a subscription to go on. What you handed in is still reviewed.")
    return ""


def needs_subscription(
    enrolment: Enrolment, access: subscriptions.Access, at: datetime | None = None
) -> bool:
    """Whether nothing but a subscription keeps somebody from working in their programme."""
    return not access.is_open and not _why_over(enrolment, at)


def _why_over(enrolment: Enrolment, at: datetime | None) -> str:
    """Say why a programme is over for somebody, whether they have a subscription or not."""
    if enrolment.archived_at and not goes_on(enrolment):
        return _("This programme was archived. What you made stays here to be read.")
    if not enrolment.is_open:
        return _("You do not follow this programme any more. What you made stays here to be read.")
    today = enrolment.organisation.day_of(at or timezone.now())
    if enrolment.status == StudyStatus.TERM_LAPSED or not enrolment.is_within_term(today):
        return _("Your study term has lapsed. What you handed in is still reviewed.")
    return ""


def goes_on(enrolment: Enrolment) -> bool:
    """Whether somebody goes on with a programme: follows it, or applied for its exam before it was
    archived, which they finish."""
    if enrolment.is_followed or not enrolment.is_open:
        return enrolment.is_followed
    return Application.objects.filter(enrolment=enrolment).exists()


def refuse_unfollowed(work: Work) -> None:
    """Raise `WorkRefused` where the programme of a locked work is not followed any more, or nobody
    is there to follow it: what is over is final. A term that lapsed or a subscription that ended
    ends nothing."""
    enrolment = work.enrolment
    if not enrolment.is_followed or enrolment.learner.pseudonymised_at:
        raise WorkRefused(_("This programme is not followed any more."))


@transaction.atomic
def begin(
    *, enrolment: Enrolment, assignment: Assignment, by: User | None, at: datetime | None = None
) -> Work:
    """Return the work of a learner on an assignment, begun where it was not. Raises `WorkRefused`
    where nothing is asked of them."""
    made = Work.objects.filter(enrolment=enrolment, assignment=assignment).first()
    if made is None:
        if asked_of(enrolment, assignment, None) is None:
            raise WorkRefused(_("This assignment is not asked of you."))
        Work.objects.bulk_create(
            [Work(enrolment=enrolment, assignment=assignment, created_at=at or timezone.now())],
            ignore_conflicts=True,
        )
        made = Work.objects.get(enrolment=enrolment, assignment=assignment)
    made.enrolment, made.assignment = enrolment, assignment
    return made


def asked_of(
    enrolment: Enrolment, assignment: Assignment, work: Work | None
) -> AssignmentVersion | None:
    """Return which version of an assignment is asked of somebody now; None where none is."""
    has_handed_in = work is not None and work.number > 0
    if assignment.archived_at and not has_handed_in:
        return None
    versions = assignment.versions.published()
    return version_for(versions, enrolled_at=enrolment.created_at, work=work)


def locked(work: Work) -> Work:
    """Lock a work after its enrolment, with what its rules ask for."""
    Enrolment.objects.select_for_update(of=("self",)).get(pk=work.enrolment_id)
    rows = Work.objects.select_for_update(of=("self",)).select_related(*RELATED)
    return rows.get(pk=work.pk)


def waiting_from(work: Work, at: datetime) -> Wait:
    """Return how long a coach has for what was handed in at this moment, by the institution's
    policy of today."""
    institution = work.enrolment.organisation
    day = working_days.day_after(institution, institution.day_of(at), institution.review_days)
    return Wait(at, day)


def start_programme(enrolment: Enrolment, at: datetime) -> None:
    """Say of a programme that it has started, once something was handed in."""
    if enrolment.status in BEGINS:
        change_status(
            enrolment=enrolment,
            to=StudyStatus.STARTED,
            by=None,
            actor=Actor.SYSTEM,
            at=at,
        )
