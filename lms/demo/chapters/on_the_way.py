"""The way of the demo's learners to their exam: who applied, what their coach said of the sample,
and to whom the exam was released."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from exams.models import Sample, SampleAct, SampleItem, Verdict
from exams.releasing import releases
from exams.sampling import assessing, samples
from learners.models import Enrolment, User
from lms.demo.chapters.handing_in import Working
from lms.demo.data import reading

Row = Mapping[str, Any]
# state → what led to it, and how many days before
REFUSED = (("apply", 14), ("refuse", 9))
BETTER = (*REFUSED, ("improve", 6))
WAYS: Mapping[str, tuple[tuple[str, int], ...]] = {
    "applied": (("apply", 0),),
    "assessing": (("apply", 2), ("judge_one", 0)),
    "approved": (("draw", 3), ("approve", 0)),
    "refused": tuple((name, days - 9) for name, days in REFUSED),
    "improved": tuple((name, days - 6) for name, days in BETTER),
    "asked again": (*((name, days - 4) for name, days in BETTER), ("apply", 0)),
    "to release": (("apply", 4), ("approve", 0)),
    "released": (*BETTER, ("apply", 5), ("draw", 4), ("approve", 2), ("release", 0)),
    "early": (("release", 0),),
    "to start": (("apply", 16), ("approve", 12), ("release", 0)),
    "started": (("apply", 16), ("approve", 12), ("release", 11), ("start", 0)),
}
BY_COACHES = frozenset({"draw", "judge_one", "approve", "refuse", "release"})


@dataclass(frozen=True)
class Walking:
    """Somebody on the way to their exam, and who coaches them. `works` are what they made, by the
    code of the assignment; `poor` is the code of what their coach refuses first."""

    enrolment: Enrolment
    coach: User
    number: int
    works: Mapping[str, Working]
    poor: str = ""

    def follow(self, state: str) -> Iterator[tuple[str, int, bool]]:
        """Yield what led to a state: its name, how many days before, and whether a coach did it."""
        for name, days in WAYS[state]:
            yield name, days, name in BY_COACHES

    def apply(self, at: datetime) -> None:
        """Apply for the exam, or ask for a new sample."""
        samples.apply(enrolment=self.enrolment, by=self.enrolment.learner, at=at)

    def draw(self, at: datetime) -> None:
        """Draw a sample, asked or not."""
        samples.draw(enrolment=self.enrolment, by=self.coach, at=at)

    def judge_one(self, at: datetime) -> None:
        """Begin to assess: say of the first hand-in what is thought of it."""
        self._judge(self._items()[0], at)

    def approve(self, at: datetime) -> None:
        """Say something good of each, and approve."""
        self._decide(SampleAct.APPROVE, "approved", at)

    def refuse(self, at: datetime) -> None:
        """Send back what is poor, and refuse."""
        self._decide(SampleAct.REFUSE, "refused", at, self.poor)

    def improve(self, at: datetime) -> None:
        """Hand in what is better."""
        self.works[self.poor].hand_in_again(at)

    def release(self, at: datetime) -> None:
        """Release the exam; with a reason where that is early."""
        reason = self._said["early"]
        releases.release(enrolment=self.enrolment, by=self.coach, reason=reason, at=at)

    def start(self, at: datetime) -> None:
        """Start the exam."""
        attempt = self.enrolment.attempts.get()
        releases.start(attempt=attempt, by=self.enrolment.learner, at=at)

    def _decide(self, act: SampleAct, whole: str, at: datetime, poor: str = "") -> None:
        for item in self._items():
            self._judge(item, at, poor)
        texts = self._said["whole"][whole]
        feedback = texts[self.number % len(texts)]
        assessing.decide(sample=self._sample, by=self.coach, act=act, feedback=feedback, at=at)

    def _judge(self, item: SampleItem, at: datetime, poor: str = "") -> None:
        code = item.hand_in.work.assignment.code
        says = self._said_of(code)
        verdict, feedback = Verdict.APPROVED, says.get("praise", "")
        if code == poor:
            verdict, feedback = Verdict.SENT_BACK, says["refused"]
        elif item.hand_in.number > 1 and code == self.poor:
            feedback = says["improved"]
        assessing.judge(
            item=item,
            by=self.coach,
            verdict=verdict,
            feedback=feedback,
            revision=item.revision,
            at=at,
        )

    @property
    def _sample(self) -> Sample:
        return Sample.objects.filter(enrolment=self.enrolment).latest("number")

    def _items(self) -> list[SampleItem]:
        return list(self._sample.items.select_related("hand_in__work__assignment"))

    @cached_property
    def _said(self) -> Mapping[str, Any]:
        return reading.read("samples.toml")

    def _said_of(self, code: str) -> Row:
        programme = self.enrolment.programme
        assert programme is not None, "of a programme"
        key = f"{programme.organisation.code}/{programme.code}/{code}"
        return next((row for row in self._said["said"] if row["of"] == key), {})
