"""Cancelling a run or an enrolment: nobody is left behind without hearing of it.

Source: the status table of the study rules. Who entered by a programme whose learners choose a run
chooses another; for everybody else the enrolment is cancelled.
"""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from learners import audit
from learners.models import (
    Actor,
    Enrolment,
    Place,
    PlaceState,
    Run,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.models.enrolment import EnrolmentQuerySet
from learners.studying.status_rules import ATTENDING
from learners.studying.status_wishes import Wish
from learners.studying.study_status import change_statuses
from learners.telling import notify


@transaction.atomic
def cancel_run(*, run: Run, by: User, reason: str = "") -> Run:
    """Cancel a run; what was attended and who is done already stays. Done twice, it is done once.

    Places are freed, so that calendars follow; people are told what to do, who waited for a place
    too.
    """
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.cancelled_at is not None:
        return run
    run.cancelled_at = timezone.now()
    run.save(update_fields=["cancelled_at"])
    audit.record(action="learners.run_cancelled", on=run, by=by, reason=reason)
    struck = list(struck_by([run]).order_by("pk"))
    wishes = [Wish(enrolment_id=e.pk, to=after_cancelling(e), reason=reason) for e in struck]
    change_statuses(wishes=wishes, by=None, actor=Actor.SYSTEM)
    Place.objects.waiting().filter(run=run).update(state=PlaceState.RELEASED)
    _tell(run, struck)
    return run


def struck_by(runs: Collection[Run]) -> EnrolmentQuerySet:
    """Return whom cancelling these runs strikes: who is booked or waits for a place, and is not
    done."""
    taken = Place.objects.filter(run__in=runs, state__in=[PlaceState.BOOKED, PlaceState.WAITLISTED])
    struck = Enrolment.objects.open().filter(pk__in=taken.values("enrolment"))
    return struck.select_related("part_of__programme", "learner")


def after_cancelling(enrolment: Enrolment) -> StudyStatus:
    """Return what becomes of somebody whose run is cancelled."""
    whole = enrolment.part_of
    chooses = whole is not None and whole.programme is not None
    may_choose = ATTENDING | {StudyStatus.RUN_CHOICE_REQUIRED}  # the latter waited for a place
    if chooses and whole.programme.learners_choose_run and enrolment.status in may_choose:  # type: ignore[union-attr]
        return StudyStatus.RUN_CHOICE_REQUIRED
    return StudyStatus.CANCELLED


def _tell(run: Run, struck: list[Enrolment]) -> None:
    names = {"course_nl": run.course.title_nl, "course_en": run.course.title_in("en")}
    begins = {"begins_at": run.starts_at.isoformat() if run.starts_at else ""}
    notify.tell(
        kind="learners/run_cancelled",
        messages=[
            notify.Message(
                user_id=e.learner_id,
                organisation_id=run.course.organisation_id,
                key=f"run-cancelled:{run.pk}",
                params={
                    **names,
                    **begins,
                    "chooses": after_cancelling(e) == StudyStatus.RUN_CHOICE_REQUIRED,
                },
                url=e.get_absolute_url(),
            )
            for e in struck
        ],
    )


@transaction.atomic
def cancel_enrolments(
    *, enrolments: Sequence[Enrolment], by: User, reason: str
) -> list[StudyStatusChange]:
    """Cancel enrolments that are not final, a programme with its courses; people are told. Whose
    enrolment ended meanwhile is passed over."""
    ids = {enrolment.pk for enrolment in enrolments}
    struck = Enrolment.objects.open().filter(Q(pk__in=ids) | Q(part_of__in=ids))
    wishes = [
        Wish(enrolment_id=pk, to=StudyStatus.CANCELLED, reason=reason)
        for pk in struck.order_by("pk").values_list("pk", flat=True)
    ]
    changes = change_statuses(wishes=wishes, by=None, actor=Actor.SYSTEM)
    cancelled = [change.enrolment for change in changes]
    audit.record_all(action="learners.enrolment_cancelled", on=cancelled, by=by, reason=reason)
    _tell_cancelled([enrolment for enrolment in cancelled if enrolment.pk in ids], reason)
    return changes


def _tell_cancelled(enrolments: Sequence[Enrolment], reason: str) -> None:
    notify.tell(
        kind="learners/enrolment_cancelled",
        messages=[
            notify.Message(
                user_id=e.learner_id,
                organisation_id=e.subject.organisation_id,
                key=f"enrolment-cancelled:{e.pk}",
                params={
                    "title_nl": e.subject.title_nl,
                    "title_en": e.subject.title_in("en"),
                    "reason": reason,
                },
                url=e.get_absolute_url(),
            )
            for e in enrolments
        ],
    )
