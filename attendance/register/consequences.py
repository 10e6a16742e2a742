"""What others will see of a change of study status, said before it happens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from attendance.marking.steps import StatusPeople
from certifications.models import Certificate
from learners.hooks.questions import Closing
from learners.models import WITHDRAWN, Enrolment, PointsOn, Run, StudyStatus
from learners.studying import open_work, points
from learners.studying.open_work import Line

Steps = Sequence[tuple[Enrolment, StudyStatus]]


@dataclass(frozen=True, kw_only=True)
class Cut:
    """Study points that somebody will not get, because of the course's maximum."""

    enrolment: Enrolment
    gets: int
    cut: int


@dataclass(frozen=True, kw_only=True)
class Consequences:
    """People, by what happens to them."""

    completed: Sequence[Enrolment] = ()
    gives_certificate: bool = True
    held_until: datetime | None = None
    revoked: Sequence[Enrolment] = ()
    taken_back: Sequence[Enrolment] = ()
    not_passed: Sequence[Enrolment] = ()
    withdrawn: Sequence[StatusPeople] = ()
    frees_places: bool = True
    still_open: Sequence[Line] = ()
    cuts: Sequence[Cut] = ()
    maximum: int | None = None

    def __bool__(self) -> bool:
        return bool(
            self.completed
            or self.revoked
            or self.taken_back
            or self.not_passed
            or self.withdrawn
            or self.cuts
        )

    @property
    def undo_minutes(self) -> int:
        """How long a completion can be taken back before anybody sees it."""
        return max(1, round(settings.UNDO_TIME.total_seconds() / 60))


def foresee(
    *,
    run: Run,
    steps: Steps,
    attended: Mapping[int, int],
    people: Mapping[int, Enrolment],
    ignores_maximum: bool,
) -> Consequences:
    """Say what these steps lead to: certificates, withdrawals and a maximum that is reached.

    `attended` says at how many meetings more each participant was.
    """
    completed = [enrolment for enrolment, to in steps if to is StudyStatus.COMPLETED]
    left = [enrolment for enrolment, to in steps if enrolment.status == StudyStatus.COMPLETED]
    issued = _with_certificate(left)
    is_early = run.ends_at is not None and run.ends_at > timezone.now() + settings.UNDO_TIME
    return Consequences(
        completed=completed,
        gives_certificate=run.course.gives_certificate,
        held_until=run.ends_at if completed and is_early else None,
        revoked=[enrolment for enrolment in left if enrolment.pk in issued],
        taken_back=[enrolment for enrolment in left if enrolment.pk not in issued],
        not_passed=[enrolment for enrolment, to in steps if to is StudyStatus.NOT_PASSED],
        withdrawn=_withdrawn(steps),
        frees_places=_frees_places(run, steps),
        still_open=open_work.of((e for e, to in steps if _leaves(e, to)), Closing.WITHDRAWING),
        cuts=[] if ignores_maximum else _cuts(run, _earned(run, completed, attended, people)),
        maximum=run.course.maximum_study_points,
    )


def _frees_places(run: Run, steps: Steps) -> bool:
    """Whether somebody else can have a place by these withdrawals: not when the class is over."""
    is_over = run.ends_at is not None and run.ends_at <= timezone.now()
    return not is_over and any(_leaves(e, to) for e, to in steps)


def _leaves(enrolment: Enrolment, to: StudyStatus) -> bool:
    """Whether somebody withdraws who had not; why they did may be said of who had."""
    return to in WITHDRAWN and enrolment.status not in WITHDRAWN


def _withdrawn(steps: Steps) -> list[StatusPeople]:
    """Return who withdraws, by whether the reason is valid."""
    return [
        StatusPeople(status=kind, people=people)
        for kind in (StudyStatus.WITHDRAWN_INVALID, StudyStatus.WITHDRAWN_VALID)
        if (people := [enrolment for enrolment, to in steps if to is kind])
    ]


def _with_certificate(enrolments: Sequence[Enrolment]) -> set[int]:
    if not enrolments:
        return set()
    active = Certificate.objects.active().filter(released_at__isnull=False)
    return set(active.filter(enrolment__in=enrolments).values_list("enrolment_id", flat=True))


def _earned(
    run: Run,
    completed: Sequence[Enrolment],
    attended: Mapping[int, int],
    people: Mapping[int, Enrolment],
) -> list[tuple[Enrolment, int]]:
    """Return how many study points each person would get without a maximum."""
    course = run.course
    if course.points_on == PointsOn.MEETING:
        earned = {pk: times * course.study_points for pk, times in attended.items()}
    else:
        earned = {enrolment.pk: points.completion_points(course) for enrolment in completed}
    return [(people[pk], n) for pk, n in earned.items() if n]


def _cuts(run: Run, earned: Sequence[tuple[Enrolment, int]]) -> list[Cut]:
    if not earned or run.course.maximum_study_points is None:
        return []
    left = points.room_left(run.course, [enrolment.learner_id for enrolment, _n in earned])
    return [
        Cut(enrolment=enrolment, gets=room, cut=n - room)
        for enrolment, n in earned
        if (room := min(n, left[enrolment.learner_id] or 0)) < n
    ]
