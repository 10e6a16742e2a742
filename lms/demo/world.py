"""Everything that the demo has made so far, found again by the names that its data uses."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from learners.models import Course, Enrolment, Organisation, Programme, Run, User
from lms.demo import people
from lms.demo.clock import Clock


@dataclass(frozen=True)
class Participant:
    """Somebody on a run, and how it ends for them: a study status, or "" while it is open."""

    enrolment: Enrolment
    outcome: str


@dataclass
class World:
    """What exists, by code, name or address."""

    clock: Clock
    organisations: dict[str, Organisation] = field(default_factory=dict)
    by_email: dict[str, User] = field(default_factory=dict)
    teachers: dict[str, User] = field(default_factory=dict)
    learners: dict[str, list[User]] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)
    programmes: dict[str, Programme] = field(default_factory=dict)
    runs: dict[str, Run] = field(default_factory=dict)
    participants: dict[str, list[Participant]] = field(default_factory=dict)
    _queues: dict[str, Iterator[User]] = field(default_factory=dict)

    @property
    def sanne(self) -> User:
        """The learner who can be tried."""
        return self.by_email[people.SANNE]

    @property
    def admin(self) -> User:
        return self.by_email[people.ADMIN]

    @property
    def coach(self) -> User:
        return self.by_email[people.COACH]

    def draw(self, course: str, number: int) -> list[User]:
        """Take learners of the institution who have not been taken for this course yet."""
        if course not in self._queues:
            everybody = list(self.learners[course.split("/")[0]])
            Random(course).shuffle(everybody)
            self._queues[course] = iter(everybody)
        return [next(self._queues[course]) for _ in range(number)]
