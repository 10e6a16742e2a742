"""What enrolling will mean, told before it happens."""

from dataclasses import dataclass
from datetime import date, timedelta

from learners.enrolling import waiting_lists, withdrawing
from learners.models import Course, Enrolment, Meeting, Run, StudyStatus, TermBegins, User
from learners.studying import places


@dataclass(frozen=True)
class Preview:
    """All that somebody should know before they enrol in a course, or in a run of it."""

    course: Course
    run: Run | None
    meetings: list[Meeting]
    left: int | None
    last_day_to_withdraw: date | None
    withdrawn_today: StudyStatus
    term_ends_on: date | None
    enrolled_already: Enrolment | None
    completed_before: Enrolment | None
    waiting: int

    @property
    def is_full(self) -> bool:
        return self.left == 0

    @property
    def is_too_late_to_withdraw(self) -> bool:
        """Whether somebody who enrols today can no longer withdraw in time."""
        return self.withdrawn_today != StudyStatus.WITHDRAWN_VALID

    @property
    def turn(self) -> int:
        """Which number somebody would be who waits for a place."""
        return self.waiting + 1

    @property
    def can_wait(self) -> bool:
        return self.enrolled_already is None and self.is_full

    @property
    def is_possible(self) -> bool:
        return self.enrolled_already is None and not self.is_full


def preview(*, user: User, course: Course, run: Run | None) -> Preview:
    """Return what enrolling today would mean."""
    mine = Enrolment.objects.for_user(user).filter(course=course)
    today = course.organisation.today()
    first_day = run.first_day(course.organisation) if run else None
    limit = course.withdrawal_limit_days
    begins_now = course.term_days is not None and course.term_begins == TermBegins.ENROLMENT
    return Preview(
        course=course,
        run=run,
        meetings=list(run.meetings.going_on()) if run else [],
        left=places.room([run])[run.pk] if run else None,
        last_day_to_withdraw=first_day - timedelta(days=limit) if first_day else None,
        withdrawn_today=withdrawing.withdrawal_status(
            first_day=first_day, notified_on=today, limit_days=limit
        ),
        term_ends_on=today + timedelta(days=course.term_days or 0) if begins_now else None,
        enrolled_already=mine.open().first(),
        waiting=waiting_lists.length([run]).get(run.pk, 0) if run else 0,
        completed_before=mine.done().order_by("-pk").first(),
    )
