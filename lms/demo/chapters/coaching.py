"""Two programmes of the demo that lead to an exam, and their learners in every state: what they
handed in, what their coach said of it, and what waits; and how far they are on the way to it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from django.utils import timezone

from exams.assignments import exempting
from exams.models import Assignment, HandIn
from learners.enrolling import coaches, entering, standing_in
from learners.models import (
    Actor,
    Enrolment,
    Notification,
    Subscription,
    SubscriptionKind,
    User,
)
from learners.people import subscriptions
from learners.studying import terms
from lms.demo import people
from lms.demo.chapters import assignments, examining
from lms.demo.chapters.handing_in import Working
from lms.demo.chapters.on_the_way import Walking
from lms.demo.data import reading
from lms.demo.world import World

Row = Mapping[str, Any]
Act = Callable[[datetime], object]
Step = tuple[datetime, Act]

WEEK = timedelta(days=7)
MORNING = "10:20"  # coaches and the board; learners write in the evening
NEEDS_SUBSCRIPTION = "ZCU"
# state → what led to it, and how many days before
PATHS: Mapping[str, tuple[tuple[str, int], ...]] = {
    "draft": (("begin", 0),),
    "two-texts": (("begin_twice", 0),),
    "asked": (("begin", 1), ("ask", 0)),
    "waiting": (("hand_in", 0),),
    "waiting+": (("hand_in", 0), ("ask", -1)),
    "done": (("hand_in", 0),),
    "approved": (("hand_in", 2), ("approve", 0)),
    "approved+": (("begin", 5), ("ask", 5), ("answer", 4), ("hand_in", 2), ("approve", 0)),
    "back": (("hand_in", 3), ("send_back", 0)),
    "reworking": (("hand_in", 6), ("send_back", 3), ("go_on", 0)),
    "again": (("hand_in", 5), ("send_back", 2), ("hand_in_again", 0)),
    "better": (("hand_in", 7), ("send_back", 4), ("hand_in_again", 2), ("approve", 0)),
}
BY_COACHES = frozenset({"send_back", "approve", "answer"})


@dataclass(frozen=True)
class Telling:
    """What is needed to tell of everybody: the assignments, and what is said of each."""

    world: World
    asked: Mapping[str, Assignment]
    answers: Mapping[str, Row]

    def follow(self, number: int, row: Row) -> Iterator[Step]:
        """Let somebody follow a programme; yield what they and their coach do in it, and when."""
        enrolment, works = self._enter(row), {}
        coach = self.world.teachers[row["coach"]] if "coach" in row else None
        if coach:
            by = self.world.admin
            coaches.assign(enrolments=[enrolment], coach=coach, replaces=False, by=by, tells=False)
        for code, (state, *days) in row.get("works", {}).items():
            key = f"{row['programme']}/{code}"
            if state == "exempt":
                yield self._exemption(enrolment, key, days[0], row["exempt_because"])
                continue
            reviewer = coach or self.world.by_email[people.BOARD]
            is_weak = any(name == "send_back" for name, _before in PATHS[state])
            work = Working(enrolment, self.asked[key], self.answers[key], reviewer, number, is_weak)
            works[code] = work
            yield from self._steps(work, state, *days)
        if coach and "way" in row:
            walking = Walking(enrolment, coach, number, works, row.get("poor", ""))
            yield from self._way(walking, *row["way"])

    def _enter(self, row: Row) -> Enrolment:
        world, programme = self.world, self.world.programmes[row["programme"]]
        learner = world.by_email[row["who"]] if "who" in row else world.draw(row["programme"], 1)[0]
        at = world.clock.at(-row["ago"], MORNING)
        if row["programme"].startswith(NEEDS_SUBSCRIPTION):
            _subscribe(world, learner, row)
        return entering.enrol_in_programme(
            learner=learner,
            programme=programme,
            by=world.admin,
            actor=Actor.ADMINISTRATOR,
            registered_on=at.date(),
            at=at,
        )

    def _exemption(self, enrolment: Enrolment, key: str, days: int, ground: str) -> Step:
        def exempt(at: datetime) -> None:
            board = self.world.by_email[people.BOARD]
            exempting.exempt(
                enrolment=enrolment, assignment=self.asked[key], by=board, ground=ground, at=at
            )

        return self.world.clock.at(-days, MORNING), exempt

    def _steps(
        self, working: Working, state: str, days: int, first: int | None = None
    ) -> Iterator[Step]:
        """Yield what led to a state; what was handed in first may lie longer ago."""
        path = PATHS[state]
        earlier = first - days - path[0][1] if first else 0
        for number, (name, before) in enumerate(path):
            ago = days + before + (earlier if number < 2 else 0)
            evening = f"{18 + working.number % 4}:{10 + 4 * number}"
            hour = MORNING if name in BY_COACHES else evening
            yield self.world.clock.at(-ago, hour), getattr(working, name)

    def _way(self, walking: Walking, state: str, days: int) -> Iterator[Step]:
        """Yield what led to a state on the way to the exam, after all that they made."""
        for number, (name, before, by_coach) in enumerate(walking.follow(state)):
            hour = f"10:{40 + number}" if by_coach else f"22:{10 + number}"
            yield self.world.clock.at(-days - before, hour), getattr(walking, name)


def coach(world: World) -> int:
    """Define the programmes, let people follow them, and tell what happened in the order in which
    it did; return how many times something was handed in."""
    rows = reading.read("assignments.toml")["programme"]
    asked = assignments.define(world, rows)
    answers = {row["to"]: row for row in reading.read("answers.toml")["answer"]}
    telling = Telling(world, asked, answers)
    _subscribe_others(world)
    steps = [*_later_versions(world, rows, asked), *examining.steps(world)]
    for number, row in enumerate(reading.read("coaching.toml")["person"]):
        steps += telling.follow(number, row)
    _tell(world, steps)
    terms.lapse_terms(now=world.clock.loaded_at)
    _stand_in(world)
    return HandIn.objects.count()


def _tell(world: World, steps: list[Step]) -> None:
    """Let it all happen; what the learner was told more than a week ago, she has read."""
    steps.sort(key=itemgetter(0))
    news = Notification.objects.filter(user=world.sanne, kind__startswith="exams/", read_at=None)
    since = world.clock.loaded_at - WEEK
    for at, act in [step for step in steps if step[0] < since]:
        act(at)
    news.update(mailed_at=timezone.now(), read_at=timezone.now())
    for at, act in [step for step in steps if step[0] >= since]:
        act(at)


def _later_versions(
    world: World, rows: list[Row], asked: Mapping[str, Assignment]
) -> Iterator[Step]:
    for programme in rows:
        for theme in programme["theme"]:
            for row in theme["assignment"]:
                if "later" in row:
                    assignment = asked[f"{programme['key']}/{row['code']}"]
                    at = world.clock.at(-row["later"]["days"], MORNING)
                    yield at, _publishing(assignment, row, world.admin)


def _publishing(assignment: Assignment, row: Row, by: User) -> Act:
    return lambda at: assignments.publish_later(assignment, row, by, at)


def _subscribe(world: World, learner: User, row: Row) -> None:
    """Give somebody what lets them work in the programme: their days, the trial, or a year."""
    if row.get("trial"):
        subscriptions.start_trial(user=learner, by=learner)
        return
    first, last = row.get("subscribed", (-row["ago"], 365 - row["ago"]))
    Subscription.objects.create(
        user=learner,
        organisation=world.organisations[NEEDS_SUBSCRIPTION],
        kind=SubscriptionKind.PAID,
        starts_on=world.clock.day(first),
        ends_on=world.clock.day(last),
    )


def _subscribe_others(world: World) -> None:
    """Give a year to who follows another programme there."""
    here = world.organisations[NEEDS_SUBSCRIPTION]
    for learner in User.objects.filter(enrolments__programme__organisation=here).distinct():
        _subscribe(world, learner, {"ago": 30})


def _stand_in(world: World) -> None:
    """Let coaches be away: one from today, the one who can be tried some weeks from now."""
    for away, stand_in, code, first, last in (
        ("Bram Kuipers", "Joris De Wachter", "VAV", 0, 11),
        ("Joris De Wachter", "Bram Kuipers", "VAV", 24, 31),
        ("Joris De Wachter", "Wietske Postma", "ZCU", 24, 31),
    ):
        standing_in.name_stand_in(
            coach=world.teachers[away],
            stand_in=world.teachers[stand_in],
            organisation=world.organisations[code],
            starts_on=world.clock.day(first),
            ends_on=world.clock.day(last),
            by=world.admin,
        )
