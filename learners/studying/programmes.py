"""How far somebody is in a programme, from the courses that they completed or were exempted of."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import FilteredRelation, Q

from learners.catalogue import versions
from learners.hooks.questions import Whole
from learners.models import DONE, NOT_FINAL, Enrolment, StudyStatus, StudyStatusChange
from learners.studying import completing, days_achieved, outbox
from learners.studying.status_wishes import Wish

S = StudyStatus

MAY_MOVE = (S.ENROLLED, S.STARTED, S.TERM_LAPSED, S.COMPLETED)


@dataclass(frozen=True)
class Progress:
    """How many of the courses that completing a programme needs are done."""

    done: int
    total: int

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and self.done == self.total


@dataclass(frozen=True)
class Step:
    """Where a programme goes; when it is completed, the day from which that counts (None is that of
    its last course), and the moments from which its courses that still wait may be seen: None for
    one that is held. It is told unless what moves it is not."""

    whole: Enrolment
    to: StudyStatus
    dues: Sequence[datetime | None] = ()
    counts_from: date | None = None
    tells_learner: bool = True

    def wish(self, at: datetime) -> Wish:
        """Return the change that it asks for, which others may see as soon as its courses."""
        return Wish(
            enrolment_id=self.whole.pk,
            to=self.to,
            counts_from=self.counts_from,
            due_at=outbox.with_its_courses(at, self.dues),
            is_held=None in self.dues,
            tells_learner=self.tells_learner,
        )


@dataclass(frozen=True)
class _Earned:
    """A course that is done; `waits` where its consequences were not seen to yet."""

    learner_id: int
    course_id: int
    waits: bool
    due_at: datetime | None


def progress_of(
    enrolments: Sequence[Enrolment], followed: Iterable[Enrolment] | None = None
) -> dict[int, Progress]:
    """Return the progress of each of these programme enrolments, in two queries for all of them, in
    one where all that their learners ever followed was fetched already, or where none of them has
    courses that are needed; in six more where somebody follows a programme anew.

    A course counts whichever enrolment it was completed in; a new version counts for the old one.
    """
    asks = versions.asks_of({e.programme_id for e in enrolments})
    wholes = _wholes(enrolments, asks, _ever(enrolments, followed) if asks.needed else ())
    return {one.enrolment.pk: Progress(len(one.done), len(one.asked)) for one in wholes}


def _ever(
    enrolments: Sequence[Enrolment], followed: Iterable[Enrolment] | None
) -> Iterable[tuple[int, int | None]]:
    """Return what the learners of these have done, of all that they ever followed where that was
    fetched."""
    return _earned({e.learner_id for e in enrolments}) if followed is None else _done(followed)


def _wholes(
    enrolments: Sequence[Enrolment], asks: versions.Asks, earned: Iterable[tuple[int, int | None]]
) -> list[Whole]:
    done = _counting(enrolments, _with_older(earned, asks.stand_ins))
    asked = {e.pk: asks.needed.get(e.programme_id or 0, _NONE) for e in enrolments}
    return [Whole(e, asked[e.pk], asked[e.pk] & done[e.pk]) for e in enrolments if e.programme_id]


_NONE: set[int] = set()


def counting_courses(whole: Enrolment) -> set[int]:
    """Return the courses that are done, as far as they count for a programme enrolment."""
    return _counting([whole], done_courses([whole.learner_id]))[whole.pk]


def _counting(
    enrolments: Sequence[Enrolment], done: Mapping[int, set[int]]
) -> Mapping[int, set[int]]:
    """Return, for each of these programme enrolments, which of the courses that their learners have
    done count: all of them, or for who follows it anew, those since then."""
    anew = [e for e in enrolments if e.results_from is not None]
    days_of = days_achieved.done_days({e.learner_id for e in anew}) if anew else {}
    return {e.pk: done[e.learner_id] for e in enrolments} | {
        e.pk: {
            course
            for course in done[e.learner_id]
            if days_achieved.first_between(days_of.get((e.learner_id, course), ()), e.results_from)
        }
        for e in anew
    }


def done_courses(learner_ids: Collection[int]) -> Mapping[int, set[int]]:
    """Return, for each learner, the courses that they completed or were exempted of, with the
    older ones that those stand in for: two queries."""
    return _with_older(_earned(learner_ids), versions.stand_ins())


def _earned(learner_ids: Collection[int]) -> Iterable[tuple[int, int | None]]:
    """Return who completed which course, or was exempted of it."""
    earned = Enrolment.objects.done().filter(learner__in=learner_ids, course__isnull=False)
    return earned.values_list("learner_id", "course_id")


def _done(followed: Iterable[Enrolment]) -> Iterable[tuple[int, int | None]]:
    return ((e.learner_id, e.course_id) for e in followed if e.status in DONE)


def _with_older(
    earned: Iterable[tuple[int, int | None]], stand_ins: Mapping[int, frozenset[int]]
) -> Mapping[int, set[int]]:
    done: dict[int, set[int]] = defaultdict(set)
    for learner, course in earned:
        done[learner] |= versions.satisfied_by(stand_ins, course)
    return done


def steps_after(changes: Sequence[StudyStatusChange]) -> list[Step]:
    """Lock the programmes that these changes of courses may move, and return which of them start,
    complete or are taken back."""
    moving = [change for change in changes if _moves_programmes(change)]
    rows = _locked({change.enrolment.learner_id for change in moving}) if moving else []
    if not rows:
        return []
    asks = versions.asks_of({e.programme_id for e in rows})
    courses: set[int] = set()
    for change in moving:
        courses |= versions.satisfied_by(asks.stand_ins, change.enrolment.course_id)
    touched = [e for e in rows if asks.courses.get(e.programme_id or 0, _NONE) & courses]
    steps = _steps(touched, asks, begun={change.enrolment.part_of_id for change in moving})
    told = {change.enrolment.learner_id for change in moving if change.tells_learner}
    return [replace(step, tells_learner=step.whole.learner_id in told) for step in steps]


def steps_of(enrolments: Sequence[Enrolment], *, tells_learners: bool = True) -> list[Step]:
    """Return which of these locked programme enrolments start, complete or are taken back, given
    how far their courses are and what else completes them; not those that were begun anew."""
    rows = _may_move(enrolments)
    if not rows:
        return []
    steps = _steps(rows, versions.asks_of({e.programme_id for e in rows}))
    return [replace(step, tells_learner=tells_learners) for step in steps]


def _steps(
    enrolments: Sequence[Enrolment], asks: versions.Asks, begun: Collection[int | None] = ()
) -> list[Step]:
    """Return the steps of these programmes; `begun` says which have a course that was opened."""
    if not enrolments:
        return []
    earned = _earned_and_due({e.learner_id for e in enrolments})
    wholes = _wholes(enrolments, asks, [(one.learner_id, one.course_id) for one in earned])
    completed = completing.completed(wholes)
    late = completing.too_late(e for e in enrolments if e.pk in completed)
    waiting = _due_by_learner(earned)
    steps = []
    for one in wholes:
        whole = one.enrolment
        to = _next_status(one, whole.pk in completed, whole.pk in begun)
        if to == S.COMPLETED and whole.pk not in late:
            dues = _dues(asks, whole, waiting)
            steps.append(Step(whole, to, dues, completed[whole.pk]))
        elif to is not None and to != S.COMPLETED:
            steps.append(Step(whole, to))
    return steps


def _due_by_learner(earned: Iterable[_Earned]) -> Mapping[int, list[_Earned]]:
    waiting: dict[int, list[_Earned]] = defaultdict(list)
    for one in earned:
        if one.waits:
            waiting[one.learner_id].append(one)
    return waiting


def _dues(
    asks: versions.Asks, whole: Enrolment, waiting: Mapping[int, Sequence[_Earned]]
) -> list[datetime | None]:
    counting = asks.counting_for(whole.programme_id)
    return [w.due_at for w in waiting.get(whole.learner_id, ()) if w.course_id in counting]


def _earned_and_due(learner_ids: Collection[int]) -> list[_Earned]:
    """Return what these people have done, with when others may see what still waits: one query."""
    waits = Q(status_changes__handled_at=None, status_changes__to_status=S.COMPLETED)
    done = Enrolment.objects.done().filter(learner__in=learner_ids, course__isnull=False)
    rows = done.annotate(waiting=FilteredRelation("status_changes", condition=waits)).values_list(
        "learner_id", "course_id", "waiting", "waiting__due_at"
    )
    return [_Earned(learner, course, pk is not None, due) for learner, course, pk, due in rows]


def _moves_programmes(change: StudyStatusChange) -> bool:
    moved = {change.from_status, change.to_status} & (DONE | {S.STARTED})
    return change.enrolment.course_id is not None and bool(moved)


def _locked(learner_ids: Collection[int]) -> list[Enrolment]:
    """Lock and return the programmes of these people that may move: those under way, and completed
    ones that they did not begin anew."""
    mine = Enrolment.objects.filter(learner__in=learner_ids, programme__isnull=False)
    rows = list(mine.filter(status__in=MAY_MOVE).locked())
    return _not_begun_anew(rows, rows)


def _not_begun_anew(rows: Sequence[Enrolment], among: Iterable[Enrolment]) -> list[Enrolment]:
    """Keep those under way, and of what somebody completed the last, unless that is under way anew:
    of several that are taken back only one could be under way again."""
    last = {
        (e.learner_id, e.programme_id): e.pk for e in sorted(among, key=lambda e: (e.is_open, e.pk))
    }
    return [e for e in rows if e.is_open or last[e.learner_id, e.programme_id] == e.pk]


def _may_move(enrolments: Sequence[Enrolment]) -> list[Enrolment]:
    """Keep those that may move, and were not begun anew since: one query, where there are completed
    ones."""
    rows = [e for e in enrolments if e.status in MAY_MOVE]
    ended = [e for e in rows if not e.is_open]
    if not ended:
        return rows
    theirs = Enrolment.objects.filter(
        status__in=NOT_FINAL | {S.COMPLETED},
        learner__in={e.learner_id for e in ended},
        programme__in={e.programme_id for e in ended},
    )
    return _not_begun_anew(rows, theirs.only("learner", "programme", "status"))


def _next_status(whole: Whole, is_completed: bool, a_part_began: bool) -> StudyStatus | None:
    """Say where a programme should go; one whose term lapsed, only to completed, as what completes
    it can be said after the day on which it was done."""
    enrolment = whole.enrolment
    if is_completed and enrolment.is_open:
        return S.COMPLETED
    if enrolment.status == S.COMPLETED and not is_completed and completing.is_answered(enrolment):
        return S.STARTED
    begins = enrolment.status == S.ENROLLED and (a_part_began or bool(whole.done))
    return S.STARTED if begins else None
