"""The runs of the demo: planned, filled with people, attended and decided, each in its own time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from learners.enrolling import cancelling, waiting_lists, withdrawing
from learners.meetings import planning
from learners.models import WITHDRAWN, Actor, Enrolment, Run, StudyStatus, User
from learners.studying import new_enrolments
from lms.demo.chapters import registers
from lms.demo.world import Participant, World

S = StudyStatus
Table = Mapping[str, Any]

HOURS = 3
DECIDED_DAYS_AGO = -10  # what ended before that day has been decided by its teacher
OPEN = ""
WAITING = "waiting"  # for a place, where the run is full
# How a run ends for a hundred people, more or less.
OUTCOMES = {
    S.COMPLETED: 78,
    S.ABSENT: 8,
    S.NOT_PASSED: 6,
    S.WITHDRAWN_VALID: 5,
    S.WITHDRAWN_INVALID: 3,
}
REASONS = {
    S.WITHDRAWN_VALID: "Verhuisd",
    S.WITHDRAWN_INVALID: "Geen oppas gevonden",
}


def key_of(row: Table) -> str:
    """Return the name of a run in the demo: '<institution>/<course>/<run>'."""
    return f"{row['course']}/{row['code']}"


def is_decided(row: Table) -> bool:
    """Whether the teacher has decided about everybody by the day of loading."""
    return row["days"][-1] < DECIDED_DAYS_AGO


def live_through(world: World, row: Table) -> int:
    """Take a run from its planning to where it stands on the day of loading; return how many
    take part."""
    _plan(world, row)
    participants = _fill(world, row)
    _wait(world, row)
    for participant in participants:
        if participant.outcome in WITHDRAWN:
            _withdraw(world, world.runs[key_of(row)], participant)
    registers.keep(world, row, key_of(row))
    if row.get("cancelled"):
        reason = "Te weinig inschrijvingen"
        cancelling.cancel_run(run=world.runs[key_of(row)], by=world.admin, reason=reason)
    return len(participants)


def _wait(world: World, row: Table) -> None:
    """Put people on the waiting list of a full run; the learner who can be tried is the second."""
    line = world.draw(row["course"], row.get("waiting", 0))
    if row.get("learner") == WAITING:
        line.insert(1, world.sanne)
    for learner in line:
        run = world.runs[key_of(row)]
        waiting_lists.enter(learner=learner, run=run, by=learner, actor=Actor.LEARNER)


def _plan(world: World, row: Table) -> Run:
    """Make a run with its teacher and meetings."""
    seats = row["people"] + _takes_part(row)
    run = Run.objects.create(
        course=world.courses[row["course"]],
        code=row["code"],
        place=row["place"],
        capacity=seats if row.get("full") else seats + 2 + seats % 5,
    )
    run.teachers.add(world.teachers[row["teacher"]])
    for begins_at, ends_at in _hours(world, row):
        planning.plan_meeting(run=run, begins_at=begins_at, ends_at=ends_at, by=world.admin)
    _agree(world, row, run)
    run.refresh_from_db()
    world.runs[key_of(row)] = run
    return run


def _agree(world: World, row: Table, run: Run) -> None:
    """Say until when people enrol, and who else gives the last meeting."""
    if "until" in row:
        until = world.clock.at(row["until"], "12:00").date()
        Run.objects.filter(pk=run.pk).update(enrol_until=until)
        planning.keep_run(run=run)
    if "guest" in row:
        last = run.meetings.order_by("begins_at").last()
        assert last is not None, "every run of the demo has meetings"
        guest = world.teachers[row["guest"]]
        planning.name_teachers(meeting=last, teachers=[guest], by=world.admin)


def _takes_part(row: Table) -> bool:
    """Whether the learner who can be tried has a place."""
    return row.get("learner", WAITING) != WAITING


def _hours(world: World, row: Table) -> Iterator[tuple[datetime, datetime]]:
    """Yield begin and end of each meeting."""
    clock, last = world.clock, row["days"][-1]
    for day in row["days"]:
        if day == last and row.get("ends") == "just over":
            yield clock.just_over(HOURS)
        elif day == last and row.get("ends") == "now":
            yield clock.now(HOURS)
        else:
            begins_at = clock.at(day, row.get("from", "19:00"))
            yield begins_at, begins_at + timedelta(hours=HOURS)


def _fill(world: World, row: Table) -> list[Participant]:
    """Enrol people in a run, some weeks before it begins."""
    run = world.runs[key_of(row)]
    random = Random(key_of(row))
    again = _who_come_again(world, row)
    learners = [*again, *world.draw(row["course"], row["people"] - len(again))]
    outcomes = _outcomes(row, len(learners), random)
    if _takes_part(row):
        learners.append(world.sanne)
        outcomes.append(OPEN if row["learner"] == "open" else row["learner"])
    enrolments = _enrol(world, run, learners, random)
    made = [Participant(e, o) for e, o in zip(enrolments, outcomes, strict=True)]
    world.participants[key_of(row)] = made
    return made


def _who_come_again(world: World, row: Table) -> list[User]:
    """Return people who completed the course in an earlier run, the first ones first."""
    earlier = [
        participant.enrolment.learner
        for key, participants in world.participants.items()
        if key.startswith(f"{row['course']}/")
        for participant in participants
        if participant.outcome == S.COMPLETED and participant.enrolment.learner != world.sanne
    ]
    return earlier[: row.get("again", 0)]


def _outcomes(row: Table, number: int, random: Random) -> list[str]:
    """Return how the run ends for so many people; while it is under way a few are done early."""
    if is_decided(row):
        return [str(o) for o in random.choices(list(OUTCOMES), [*OUTCOMES.values()], k=number)]
    early = row.get("early", 0)
    return [str(S.COMPLETED)] * early + [OPEN] * (number - early)


def _enrol(world: World, run: Run, learners: Sequence[User], random: Random) -> list[Enrolment]:
    begins_at = run.starts_at
    assert begins_at is not None, "every run of the demo has meetings"
    at = min(begins_at, world.clock.loaded_at) - timedelta(days=random.randrange(18, 40))
    news = [
        new_enrolments.NewEnrolment(
            learner=learner,
            course=run.course,
            run=run,
            registered_on=at.date() - timedelta(days=random.randrange(12)),
        )
        for learner in learners
    ]
    return new_enrolments.enrol_many(news=news, by=world.admin, actor=Actor.ADMINISTRATOR, at=at)


def _withdraw(world: World, run: Run, participant: Participant) -> None:
    """Withdraw somebody on a day that makes it valid or not; the day is what decides."""
    assert run.starts_at is not None
    days = 20 if participant.outcome == S.WITHDRAWN_VALID else 4
    at = min(run.starts_at - timedelta(days=days), world.clock.loaded_at)
    withdrawing.withdraw(
        enrolment=participant.enrolment,
        by=world.admin,
        actor=Actor.ADMINISTRATOR,
        notified_on=at.date(),
        reason=REASONS[S(participant.outcome)],
        at=at,
    )
