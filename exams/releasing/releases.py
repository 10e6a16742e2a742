"""Releasing an exam: a second, deliberate act of a coach, and what holds for it from then on.

Source: the exam design. With enough XP and an approved sample, in whichever order they came; or
early, with a reason, where the institution allows it. The exam, its form, parts and scale, and the
institution's policies are those of this moment.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.assignments import works
from exams.models import Attempt, AttemptAct, Exam
from exams.releasing import states, way
from exams.releasing.states import ExamRefused
from exams.releasing.way import Step, Way
from exams.sampling import samples
from exams.sampling.telling import titles
from learners import audit
from learners.models import Enrolment, User
from learners.people import subscriptions
from learners.telling import notify

LONGEST_REASON = 500  # characters


@transaction.atomic
def release(
    *, enrolment: Enrolment, by: User, reason: str = "", at: datetime | None = None
) -> Attempt:
    """Release the exam of a programme to somebody, and tell them; released already, it stays.

    A `reason` counts only where it is needed. Raises `ExamRefused` while no exam was published,
    where XP or sample do not suffice and there is no reason, or the institution allows none, and
    for a programme that is not followed any more.
    """
    enrolment = samples.locked(enrolment)
    found = way.of(enrolment)
    if found.attempt:
        return found.attempt
    if not works.goes_on(enrolment) or enrolment.learner.pseudonymised_at:
        raise ExamRefused(_("This programme is not followed any more."))
    is_early = found.step is not Step.TO_RELEASE
    if is_early:
        reason = _reason(found, reason)
    made = _create(found, newest(enrolment), by, reason if is_early else "", at or timezone.now())
    changes = {"is_early": is_early}
    audit.record(action="exams.exam_released", on=made, by=by, changes=changes, reason=made.reason)
    _tell(made)
    return made


@transaction.atomic
def start(*, attempt: Attempt, by: User, at: datetime | None = None) -> Attempt:
    """Start an exam that was released; started already, it stays so. No study term closes it, nor
    withdrawing or archiving.

    Raises `ExamRefused` for one that is taken elsewhere, and while a subscription is missing.
    """
    enrolment = samples.locked(attempt.enrolment)
    attempt = (
        Attempt.objects.select_for_update(of=("self",)).select_related("exam").get(pk=attempt.pk)
    )
    if attempt.started_at:
        return attempt
    at, here = at or timezone.now(), enrolment.organisation
    access = subscriptions.access(enrolment.learner, here, here.day_of(at))
    if why := why_closed(enrolment, attempt, access):
        raise ExamRefused(why)
    attempt.started_at = at
    return states.change(attempt, AttemptAct.START)


def why_closed(
    enrolment: Enrolment, attempt: Attempt, access: subscriptions.Access | None = None
) -> str:
    """Say why somebody cannot start or go on with an exam that was released to them; '' where they
    can."""
    if not attempt.exam.is_taken_here:
        return taken_elsewhere()
    access = access or subscriptions.access(enrolment.learner, enrolment.organisation)
    if not access.is_open:
        return _("You need a subscription to go on. The exam stays released to you.")
    return ""


def taken_elsewhere() -> str:
    """Say of an exam outside the product where it is taken."""
    return _("This exam is taken elsewhere. The examination board enters its result here.")


def newest(enrolment: Enrolment) -> Exam:
    """Return the exam that is released in a programme now. Raises `ExamRefused` where none was
    published."""
    exam = Exam.objects.published().filter(programme=enrolment.programme_id).first()
    if exam is None:
        raise ExamRefused(_("No exam of this programme was published yet; an administrator does."))
    return exam


def what_is_lacking(found: Way) -> list[str]:
    """Say what is lacking for an exam to be released without a reason; nothing where it can be."""
    lacking = []
    if found.standing.lacking:
        lacking.append(_("XP: %(n)d to go.") % {"n": found.standing.lacking})
    if not found.has_approved_sample:
        lacking.append(_("No sample was approved yet."))
    return lacking


def _reason(found: Way, reason: str) -> str:
    """Return why an exam is released early. Raises `ExamRefused` where that cannot be, or nothing
    was said."""
    if not found.standing.enrolment.organisation.early_release:
        raise ExamRefused(" ".join(what_is_lacking(found)))
    if not reason.strip():
        raise ExamRefused(_("Say why it is released early; it stays with the exam."))
    if len(reason.strip()) > LONGEST_REASON:
        raise ExamRefused(_("Say it shorter: at most 500 characters."))
    return reason.strip()


def _create(found: Way, exam: Exam, by: User, reason: str, at: datetime) -> Attempt:
    here = found.standing.enrolment.organisation
    return Attempt.objects.create(
        enrolment=found.standing.enrolment,
        exam=exam,
        sample=found.sample if found.has_approved_sample else None,
        earned_xp=found.standing.earned,
        needed_xp=found.standing.needed,
        reason=reason,
        scale=exam.scale or here.grade_scale,
        assessors=here.assessors_per_exam,
        resits=here.resits,
        reopening=here.reopening,
        released_at=at,
        released_by=by,
    )


def _tell(attempt: Attempt) -> None:
    enrolment = attempt.enrolment
    message = notify.Message(
        user_id=enrolment.learner_id,
        organisation_id=enrolment.organisation.pk,
        key=f"released:{attempt.pk}",
        params=titles(enrolment) | {"coach": attempt.released_by.name},
        url=attempt.get_absolute_url(),
    )
    notify.tell(kind="exams/exam_released", messages=[message])
