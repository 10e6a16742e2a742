"""Telling people how their study status changed, where no certificate tells it: once, and not
before what a person did by mistake can no longer be taken back without a trace."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from learners.models import (
    WITHDRAWN,
    Actor,
    Enrolment,
    Notification,
    StudyStatus,
    StudyStatusChange,
)
from learners.telling import notify

TOLD = WITHDRAWN | {StudyStatus.NOT_PASSED}
TOLD_OTHERWISE = TOLD | {StudyStatus.CANCELLED, StudyStatus.EXEMPT}


def tell(changes: Iterable[StudyStatusChange]) -> None:
    """Tell who did not pass or was withdrawn, and whose status that was told is another now; each
    once, however often this is asked.

    Nobody hears what only repeats something else: a course that was left with its programme. Nor
    does anybody hear of a change for which silence was asked.
    """
    news = [change for change in changes if change.tells_learner]
    decided = [one for one in news if one.to_status in TOLD and one.actor != Actor.SYSTEM]
    left_along = _left_with_programme(decided)
    withdrawn = [c for c in decided if c.to_status in WITHDRAWN]
    _tell("not_passed", [c for c in decided if c.to_status == StudyStatus.NOT_PASSED])
    _tell("withdrawn_by_somebody", [c for c in withdrawn if c.enrolment_id not in left_along])
    _tell("status_corrected", _corrected(news))


def _tell(name: str, changes: Sequence[StudyStatusChange]) -> None:
    if changes:
        notify.tell(kind=f"learners/{name}", messages=[_message(change) for change in changes])


def _message(change: StudyStatusChange) -> notify.Message:
    enrolment = change.enrolment
    return notify.Message(
        user_id=enrolment.learner_id,
        organisation_id=enrolment.subject.organisation_id,
        key=key(change.to_status, change.pk),
        params={
            "title_nl": enrolment.subject.title_nl,
            "title_en": enrolment.subject.title_in("en"),
            "status": change.to_status,
            "is_own": change.actor == Actor.LEARNER,
            "until": _until(change),
        },
        url=enrolment.get_absolute_url(),
    )


def key(status: str, pk: int) -> str:
    """Return by which key a change is told once, whoever tells it."""
    return f"withdrawn:{pk}" if status in WITHDRAWN else f"study-status:{pk}"


def _until(change: StudyStatusChange) -> str:
    """Return until when evidence of force majeure can change it; '' where there is nothing to
    prove."""
    if change.to_status != StudyStatus.WITHDRAWN_INVALID:
        return ""
    organisation = change.enrolment.organisation
    day = organisation.day_of(change.at)
    return (day + timedelta(days=organisation.proof_days)).isoformat()


def _left_with_programme(changes: Sequence[StudyStatusChange]) -> set[int]:
    """Return which courses were left because their programme was: it is told of that."""
    parts = {
        change.enrolment_id: change.enrolment.part_of_id
        for change in changes
        if change.enrolment.part_of_id and change.to_status in WITHDRAWN
    }
    if not parts:
        return set()
    wholes = Enrolment.objects.filter(pk__in=set(parts.values()), status__in=WITHDRAWN)
    left = set(wholes.values_list("pk", flat=True))
    return {pk for pk, whole in parts.items() if whole in left}


def _corrected(changes: Sequence[StudyStatusChange]) -> list[StudyStatusChange]:
    """Return the changes away from a status that was told, which nothing else tells."""
    away = [c for c in changes if c.from_status in TOLD and not _is_told_otherwise(c)]
    if not away:
        return []
    ids = {change.enrolment_id for change in away}
    before = StudyStatusChange.objects.filter(enrolment__in=ids, to_status__in=TOLD)
    keys = {
        key(status, pk): enrolment
        for pk, status, enrolment in before.values_list("pk", "to_status", "enrolment_id")
    }
    told = Notification.objects.filter(key__in=keys).values_list("key", flat=True)
    heard = {keys[one] for one in told}
    return [change for change in away if change.enrolment_id in heard]


def _is_told_otherwise(change: StudyStatusChange) -> bool:
    course = change.enrolment.course
    has_certificate = course is None or course.gives_certificate
    is_completed = change.to_status == StudyStatus.COMPLETED and has_certificate
    return is_completed or change.to_status in TOLD_OTHERWISE
