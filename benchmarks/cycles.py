"""Cycles of certifications: beginning those that are due, reminding, settling what was taken back,
and how it stood on a day.

python -m benchmarks.cycles [ROUNDS]
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import time_machine
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from benchmarks import block, printing, world
from benchmarks.measuring import Figure, page, work
from benchmarks.sweeps import at_most
from benchmarks.world import CODE, OWN, TEXT, Span
from certifications import awarding
from certifications.assigning import giving
from certifications.cycles import catching_up, renewing
from certifications.cycles.validity import last_valid_day
from certifications.defining import publication
from certifications.models import (
    Certificate,
    Certification,
    CertificationAssignment,
    CertificationVersion,
    Cycle,
    CycleState,
    Fulfilment,
)
from certifications.reminding import reminders
from learners.models import (
    Actor,
    Course,
    CourseKind,
    Enrolment,
    Membership,
    Notification,
    Organisation,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.studying import new_enrolments
from learners.studying.new_enrolments import NewEnrolment
from learners.studying.status_wishes import Wish
from learners.studying.study_status import change_statuses

CYCLES = 500  # in a block; a twentieth of them is due tomorrow
DUE = 20
TAKEN_BACK = 100  # of so many cycles one
PERIOD, WINDOW = 12, 60
LIST = 8  # queries at most

COPIED: Mapping[type[models.Model], Mapping[str, str]] = {
    User: {"email": TEXT, "name": TEXT, "sort_name": TEXT, "search_name": TEXT},
    Membership: {"user_id": OWN},
    Enrolment: {"learner_id": OWN},
    StudyStatusChange: {"enrolment_id": OWN},
    CertificationAssignment: {"learner_id": OWN},
    Cycle: {"assignment_id": OWN},
    Fulfilment: {"cycle_id": OWN, "enrolment_id": OWN},
    Certificate: {"learner_id": OWN, "cycle_id": OWN, "code": CODE, "number": TEXT},
    Notification: {"user_id": OWN, "key": TEXT},
}


def main() -> None:
    """Print the figures of a new world."""
    printing.print_figures(measure(printing.asked_for(world.SMALL)))


def measure(cycles: int) -> Iterator[Figure]:
    """Yield the figures of a world with so many cycles; it empties the database first."""
    admin = make(cycles)
    today = timezone.localdate()
    for name, asked in (
        ("how it stood on a day", f"?on={today - timedelta(days=30)}"),
        (
            "whose renewal was open that day",
            f"?on={today + timedelta(days=1)}&state={CycleState.RENEWABLE}",
        ),
        (
            "who was in grace that day",
            f"?on={today + timedelta(days=WINDOW + 20)}&state={CycleState.IN_GRACE}",
        ),
        (
            "who will have expired in two years",
            f"?on={today + timedelta(days=730)}&state={CycleState.EXPIRED}",
        ),
    ):
        address = reverse("admin:certifications_standing_changelist") + asked
        yield page(f"{name}, a list of 50", who=admin, url=address, most_queries=LIST)
    yield work("look for rounds that are due: none", renewing.begin_due, most_queries=2)
    due = max(1, cycles // DUE)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        yield work("begin the rounds due", renewing.begin_due, rows=due, most_queries=at_most(due))
        yield work("remind of them", reminders.remind, rows=due, most_queries=at_most(due))
        yield work("remind again: nothing", reminders.remind)
        settle, taken = catching_up.settle_unseen, max(1, cycles // TAKEN_BACK)
        yield work("look at what is open: nothing", settle, rows=due, most_queries=at_most(due))
        _take_back_unseen(taken)
        most = at_most(due + taken)
        yield work("settle what nobody saw", settle, rows=taken, most_queries=most)


def _take_back_unseen(number: int) -> None:
    """Let so many results that count be taken back without anybody looking at cycles."""
    done = Enrolment.objects.filter(status=StudyStatus.COMPLETED).order_by("-pk")
    rows = list(done[:number])
    at = timezone.now()
    StudyStatusChange.objects.bulk_create(
        (
            StudyStatusChange(
                enrolment=row,
                from_status=StudyStatus.COMPLETED,
                to_status=StudyStatus.NOT_PASSED,
                actor=Actor.SYSTEM,
                at=at,
                due_at=at,
                handled_at=at,
            )
            for row in rows
        ),
        batch_size=5_000,
    )
    done.filter(pk__gte=rows[-1].pk).update(status=StudyStatus.NOT_PASSED)


def make(cycles: int) -> User:
    """Empty the database, let the product make a block, and the database copies of it."""
    world.prepare()
    with world.in_haste():
        before = {model: world.last_key(model) for model in COPIED}
        admin = _block()
        spans = {model: Span(last + 1, world.last_key(model)) for model, last in before.items()}
        with transaction.atomic():
            world.trust_what_points_where()
            for model, changed in COPIED.items():
                world.copy(model, spans[model], {"id": OWN, **changed}, cycles // CYCLES - 1)
            world.go_on_counting(COPIED)
    world.analyse()
    return admin


def _block() -> User:
    """Certify people for a year, each a day after the other; the first twentieth may renew
    tomorrow."""
    admin, organisations = block.institutions()
    here = organisations[0]
    course = Course.objects.create(
        organisation=here,
        code="RENEW",
        title_nl="Reanimatie",
        kind=CourseKind.ELEARNING,
        gives_certificate=False,
    )
    certification = _certification(course, here, admin)
    learners = [
        User.objects.create_user(f"round{n}@example.org", name=f"Round {n}") for n in range(CYCLES)
    ]
    _complete(course, learners, admin)
    giving.assign(certification=certification, learners=learners, mode="mandatory", by=admin)
    awarding.drain()
    Notification.objects.update(mailed_at=timezone.now())
    return admin


def _certification(course: Course, here: Organisation, admin: User) -> Certification:
    made = Certification.objects.create(organisation=here, code="RENEW", title_nl="AED-bediener")
    version = CertificationVersion.objects.create(
        certification=made,
        validity="recurring",
        period_months=PERIOD,
        window_days=WINDOW,
        grace_days=30,
    )
    version.requirements.create(course=course, accepts_days_old=2_000)
    publication.publish(version=version, by=admin)
    made.refresh_from_db()
    return made


def _complete(course: Course, learners: Sequence[User], admin: User) -> None:
    """Let everybody complete the course: who is due tomorrow on the day that leads to that, the
    others later."""
    now = timezone.now()
    news = [NewEnrolment(learner=one, course=course, registered_on=now.date()) for one in learners]
    enrolments = new_enrolments.enrol_many(news=news, by=admin, actor=Actor.ADMINISTRATOR)
    first = _completed_for(now)
    for number in range(CYCLES // (CYCLES // DUE)):
        some = enrolments[number :: CYCLES // (CYCLES // DUE)]
        wishes = [Wish(enrolment_id=one.pk, to=StudyStatus.COMPLETED) for one in some]
        at = first + timedelta(days=number * 14)
        change_statuses(wishes=wishes, by=None, actor=Actor.SYSTEM, at=min(at, now))


def _completed_for(now: datetime) -> datetime:
    """Return the moment of a completion of which renewing begins tomorrow."""
    day = now - timedelta(days=366)
    wanted = (now + timedelta(days=1 + WINDOW)).date()
    while (last_valid_day(day.date(), PERIOD) or wanted) < wanted:
        day += timedelta(days=1)
    return day


if __name__ == "__main__":
    main()
