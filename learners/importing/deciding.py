"""What one line asks for, given the enrolments that its learner has in the course already."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from learners.importing.catalogue import Catalogue
from learners.importing.cells import Findings, Line
from learners.importing.ledger import Ledger
from learners.importing.plans import Person
from learners.models import (
    FREES_PLACE,
    NOT_FINAL,
    WITHDRAWN,
    Actor,
    Course,
    Enrolment,
    FindingKind,
    ImportColumn,
    LineOutcome,
    Place,
    PlaceState,
    Run,
    StudyStatus,
    User,
)
from learners.studying.status_rules import RUNNING, may_follow, refusal

C = ImportColumn
K = FindingKind
S = StudyStatus

RESULT_OF_FOLLOWING = frozenset({S.COMPLETED, S.NOT_PASSED, S.ABSENT})  # so they had begun


@dataclass
class Step:
    """What one line asks for: a new enrolment or an own one, and its run, status and day."""

    line: int
    person: Person
    course: Course
    run: Run | None
    registered_on: date | None
    enrolment: Enrolment | None = None
    to: StudyStatus | None = None
    notified_on: date | None = None
    books: bool = False
    fills_day: bool = False

    @property
    def is_new(self) -> bool:
        return self.enrolment is None

    @property
    def changes_something(self) -> bool:
        return self.is_new or self.to is not None or self.books or self.fills_day

    @property
    def is_about_completing(self) -> bool:
        """Whether a completion comes of it, or is taken back."""
        before = self.enrolment.status if self.enrolment else None
        return self.to is not None and S.COMPLETED in (self.to, before)

    @property
    def outcome(self) -> LineOutcome:
        """What becomes of its line."""
        if self.is_new:
            return LineOutcome.NEW
        return LineOutcome.CHANGED if self.changes_something else LineOutcome.UNCHANGED

    @property
    def is_about_what_is_open(self) -> bool:
        """Whether, after this line, the file decides if the learner is open in the course."""
        return self.enrolment is None or self.enrolment.is_open

    @property
    def leaves_open(self) -> bool:
        before = self.enrolment.status if self.enrolment else S.ENROLLED
        return (self.to or before) in NOT_FINAL


@dataclass
class Existing:
    """The enrolments that the people of a batch have in its courses, oldest first."""

    enrolments: dict[tuple[int, int | None], list[Enrolment]] = field(default_factory=dict)
    places: dict[int, list[Place]] = field(default_factory=dict)

    @classmethod
    def of(cls, people: Collection[User], courses: Collection[Course]) -> "Existing":
        """Look them up, in two queries."""
        found = Enrolment.objects.filter(learner__in=people, course__in=courses)
        enrolments = defaultdict(list)
        for enrolment in found.select_related("learner", "course__organisation").order_by("pk"):
            enrolments[enrolment.learner_id, enrolment.course_id].append(enrolment)
        places = defaultdict(list)
        of_these = Place.objects.filter(
            enrolment__learner__in=people, enrolment__course__in=courses
        )
        for place in of_these.select_related("run"):
            places[place.enrolment_id].append(place)
        return cls(enrolments, places)

    def of_person(self, person: Person, course: Course) -> list[Enrolment]:
        return self.enrolments.get((person.user.pk, course.pk), []) if person.user else []

    def booked_run(self, enrolment: Enrolment) -> Run | None:
        places = self.places.get(enrolment.pk, [])
        return next((place.run for place in places if place.state == PlaceState.BOOKED), None)

    def on_register_of(self, enrolment: Enrolment, run: Run) -> bool:
        """Whether this enrolment stands in the register of the run."""
        return any(
            place.run_id == run.pk
            and (place.state == PlaceState.BOOKED or place.released_by_status)
            for place in self.places.get(enrolment.pk, [])
        )

    def match(self, mine: Sequence[Enrolment], run: Run | None) -> Enrolment | None:
        """Return the enrolment that a line is about: the newest one on this run; without a run the
        open one, else the newest."""
        if run is not None:
            mine = [enrolment for enrolment in mine if self.on_register_of(enrolment, run)]
        return max(mine, key=lambda e: (e.is_open, e.pk), default=None)


@dataclass
class Decision:
    """Decides about lines; says in `findings` what is wrong, worth knowing, or changes."""

    existing: Existing
    ledger: Ledger
    catalogue: Catalogue
    findings: Findings

    def decide(self, line: Line, step: Step, target: StudyStatus) -> bool:
        """Fill in what a line asks for; return whether that is possible."""
        mine = self.existing.of_person(step.person, step.course)
        earlier = self.ledger.open_since(step.person.token, step.course.pk)
        still_open = [] if earlier else [e for e in mine if e.is_open]
        if match := self.existing.match(mine, step.run):
            step.enrolment = match
            others = [e for e in still_open if e.pk != match.pk]
            return self._follow(line, step, match, target, others)
        if earlier and earlier.is_open:
            self.findings.add(K.OPEN_EARLIER, line.number, C.RUN, hint=earlier.line)
            return False
        if still_open:
            return self._join(line, step, still_open[0], target)
        return self._begin(line, step, target)

    def _begin(self, line: Line, step: Step, target: StudyStatus) -> bool:
        """A new enrolment, with its result if there is one."""
        run = step.run
        if run and run.cancelled_at:
            self.findings.add(K.RUN_CANCELLED, line.number, C.RUN, run.code)
            return False
        if run and target not in FREES_PLACE and not self._has_place(line, run):
            return False
        self._set_status(line, step, target)
        return True

    def _join(self, line: Line, step: Step, enrolment: Enrolment, target: StudyStatus) -> bool:
        """An enrolment without a run gets this one; one that has another run does not."""
        assert step.run is not None, "without a run it would have matched"
        if booked := self.existing.booked_run(enrolment):
            self.findings.add(K.OPEN_ELSEWHERE, line.number, C.RUN, step.run.code, booked.code)
            return False
        if enrolment.status not in RUNNING:
            lapsed = S(enrolment.status).label
            self.findings.add(K.NO_RUN_FOR, line.number, C.RUN, step.run.code, lapsed)
            return False
        if step.run.cancelled_at:
            self.findings.add(K.RUN_CANCELLED, line.number, C.RUN, step.run.code)
            return False
        if not self._has_place(line, step.run):
            return False
        step.enrolment = enrolment
        step.books = True
        self.findings.add(K.RUN_BOOKED, line.number, C.RUN, step.run.code)
        return self._follow(line, step, enrolment, target, [])

    def _follow(
        self,
        line: Line,
        step: Step,
        enrolment: Enrolment,
        target: StudyStatus,
        others_open: Sequence[Enrolment],
    ) -> bool:
        """An enrolment that is there already: what the file knows better, if the rules allow it."""
        self._compare_day(line, step, enrolment)
        same_kind = line.result is None and enrolment.status in WITHDRAWN
        if same_kind or enrolment.status == target:
            return True
        if target is S.ENROLLED:
            if line.says_result and not enrolment.is_open:
                label = S(enrolment.status).label
                self.findings.add(K.STATUS_KEPT, line.number, C.RESULT, hint=label)
            return True
        if not self._may_change(line, step, enrolment, target, others_open):
            return False
        before = S(enrolment.status).label
        self.findings.add(
            K.STATUS_CHANGES, line.number, C.RESULT, hint=f"{before} → {target.label}"
        )
        self._set_status(line, step, target)
        return True

    def _may_change(
        self,
        line: Line,
        step: Step,
        enrolment: Enrolment,
        target: StudyStatus,
        others_open: Sequence[Enrolment],
    ) -> bool:
        """Whether nothing is in the way of another status: a newer enrolment, the rules, room."""
        if not enrolment.is_open and others_open:
            other = self.existing.booked_run(others_open[0])
            self.findings.add(
                K.OPEN_ELSEWHERE, line.number, C.RESULT, hint=other.code if other else "–"
            )
            return False
        if why := _refusal(step, enrolment, target):
            self.findings.add(K.STATUS_REFUSED, line.number, C.RESULT, hint=why)
            return False
        regains = enrolment.status in FREES_PLACE and target not in FREES_PLACE
        return not (regains and step.run) or self._has_place(line, step.run)

    def _has_place(self, line: Line, run: Run) -> bool:
        if self.catalogue.take_place(run):
            return True
        self.findings.add(K.RUN_FULL, line.number, C.RUN, run.code, run.capacity)
        return False

    def _set_status(self, line: Line, step: Step, target: StudyStatus) -> None:
        if target is S.ENROLLED:
            return
        step.to = target
        if target in WITHDRAWN:
            step.notified_on = line.withdrawn_on
            if line.result is None and line.withdrawn_on is None:
                self.findings.add(
                    K.WITHDRAWN_WITHOUT_DAY, line.number, C.WITHDRAWN_ON, hint=target.label
                )

    def _compare_day(self, line: Line, step: Step, enrolment: Enrolment) -> None:
        day = line.registered_on
        if day is None or day == enrolment.registered_on:
            return
        if enrolment.registered_on is None:
            step.fills_day = True
            self.findings.add(K.DAY_FILLED_IN, line.number, C.REGISTERED_ON, day)
        else:
            self.findings.add(
                K.DAY_KEPT, line.number, C.REGISTERED_ON, day, enrolment.registered_on
            )


def _refusal(step: Step, enrolment: Enrolment, target: StudyStatus) -> str | None:
    """Say why the rules forbid this; who has a result had begun, who gets a run has chosen."""
    if enrolment.status == S.NOT_STARTED and target in RESULT_OF_FOLLOWING:
        before = S.STARTED
    elif enrolment.status == S.RUN_CHOICE_REQUIRED and step.books:
        before = S.ENROLLED
    else:
        return refusal(enrolment, target, Actor.ADMINISTRATOR)
    if may_follow(before, target, Actor.ADMINISTRATOR):
        return None
    return refusal(enrolment, target, Actor.ADMINISTRATOR)
