"""Making enrolments, with their places, the beginning of their history, and the role of learner."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from learners.models import (
    Actor,
    Course,
    CourseKind,
    Enrolment,
    Membership,
    Place,
    Programme,
    Role,
    Run,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.studying import outbox, places, term_dates

BATCH = 2_000  # rows in one statement


class EnrolmentRefused(Exception):
    """Somebody cannot be enrolled; the message says why, in the user's language."""


@dataclass(frozen=True, kw_only=True)
class NewEnrolment:
    """Somebody to enrol in a course (and perhaps on a run of it), or in a programme.

    `registered_on` is None where nobody knows the day. With `exempt_because` they are exempt of a
    course from the beginning; with `results_from` what they did of a programme before counts no
    more. Without `tells_learner` nobody is told of what follows from it.
    """

    learner: User
    course: Course | None = None
    programme: Programme | None = None
    run: Run | None = None
    registered_on: date | None = None
    results_from: date | None = None
    part_of: Enrolment | None = None
    lacks_run: bool = False
    exempt_because: str = ""
    tells_learner: bool = True

    @property
    def subject(self) -> Course | Programme:
        subject = self.course or self.programme
        assert subject is not None
        return subject


def first_status(new: NewEnrolment) -> StudyStatus:
    """Return the study status that an enrolment begins with."""
    if new.exempt_because:
        return StudyStatus.EXEMPT
    if new.course and new.course.kind == CourseKind.ELEARNING:
        return StudyStatus.NOT_STARTED
    return StudyStatus.RUN_CHOICE_REQUIRED if new.lacks_run else StudyStatus.ENROLLED


@transaction.atomic
def enrol_many(
    *,
    news: Sequence[NewEnrolment],
    by: User | None,
    actor: Actor,
    may_exceed_capacity: bool = False,
    at: datetime | None = None,
) -> list[Enrolment]:
    """Enrol people who have no open enrolment there yet, in a number of queries that does not grow.

    Raises `EnrolmentRefused` where a run is full or was cancelled. Whether somebody is enrolled
    already is the caller's to check; the database refuses a second open enrolment. `at` is now, but
    for what is recorded afterwards as it was then.
    """
    _lock_runs_with_room(news, may_exceed_capacity)
    at = at or timezone.now()
    rows = [_enrolment(new, at) for new in news]
    enrolments = Enrolment.objects.bulk_create(rows, batch_size=BATCH)
    booked = [
        Place(enrolment=enrolment, run=new.run, created_at=at)
        for enrolment, new in zip(enrolments, news, strict=True)
        if new.run
    ]
    Place.objects.bulk_create(booked, batch_size=BATCH)
    history = [
        _first_change(enrolment, new, by, actor, at)
        for enrolment, new in zip(enrolments, news, strict=True)
    ]
    StudyStatusChange.objects.bulk_create(history, batch_size=BATCH)
    _make_learners(news)
    return enrolments


def refuse_full_or_cancelled(asked: Mapping[Run, int]) -> None:
    """Raise `EnrolmentRefused` where a run does not take so many more people."""
    room = places.room(list(asked))
    for run, number in asked.items():
        if run.cancelled_at:
            raise EnrolmentRefused(_("%(run)s was cancelled.") % {"run": run})
        left = room[run.pk]
        if left is not None and number > left:
            raise EnrolmentRefused(_("%(run)s is full.") % {"run": run})


def _lock_runs_with_room(news: Sequence[NewEnrolment], may_exceed: bool) -> None:
    wanted = Counter(new.run.pk for new in news if new.run)
    if not wanted:
        return
    runs = Run.objects.filter(pk__in=wanted).select_for_update().order_by("pk")
    asked = {run: wanted[run.pk] for run in runs}
    if not may_exceed:
        refuse_full_or_cancelled(asked)


def _enrolment(new: NewEnrolment, at: datetime) -> Enrolment:
    return Enrolment(
        learner=new.learner,
        course=new.course,
        programme=new.programme,
        part_of=new.part_of,
        status=first_status(new),
        registered_on=new.registered_on,
        results_from=new.results_from,
        term_ends_on=None
        if new.exempt_because
        else term_dates.end_on_enrolment(
            subject=new.subject, registered_on=new.registered_on, part_of=new.part_of
        ),
        created_at=at,
    )


def _first_change(
    enrolment: Enrolment, new: NewEnrolment, by: User | None, actor: Actor, at: datetime
) -> StudyStatusChange:
    """The beginning of its history, of which nothing follows but from an exemption."""
    change = StudyStatusChange(
        enrolment=enrolment,
        to_status=enrolment.status,
        by=by,
        actor=actor,
        reason=new.exempt_because,
        tells_learner=new.tells_learner,
        at=at,
        due_at=at,
        handled_at=at,
    )
    if new.exempt_because:
        change.handled_at = None
        change.due_at = outbox.consequences_at(
            to=StudyStatus.EXEMPT, actor=actor, now=at, run_ends_at=None
        )
    return change


def _make_learners(news: Sequence[NewEnrolment]) -> None:
    """See to it that everybody is a learner of the institution whose course it is."""
    wanted = {(new.learner.pk, new.subject.organisation_id) for new in news}
    learners = Membership.objects.filter(
        role=Role.LEARNER,
        user__in={user for user, _organisation in wanted},
        organisation__in={organisation for _user, organisation in wanted},
    )
    missing = wanted.difference(learners.values_list("user_id", "organisation_id"))
    Membership.objects.bulk_create(
        [
            Membership(user_id=user, organisation_id=organisation, role=Role.LEARNER)
            for user, organisation in sorted(missing)
        ],
        ignore_conflicts=True,
        batch_size=BATCH,
    )


def reasons_enrolled_anew(corrected: Sequence[Enrolment]) -> dict[int, str]:
    """Say of whom another enrolment that is not final exists by now."""
    if not corrected:
        return {}
    learners = [enrolment.learner_id for enrolment in corrected]
    others = Enrolment.objects.open().filter(learner__in=learners)
    open_now = set(others.values_list("learner_id", "course_id", "programme_id"))
    return {
        e.pk: _("%(name)s has been enrolled anew; this can no longer be changed.")
        % {"name": e.learner.name}
        for e in corrected
        if (e.learner_id, e.course_id, e.programme_id) in open_now
    }
