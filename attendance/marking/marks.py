"""Writing marks: each with its history, the day last attended, points per meeting, and what waits
for them. Whoever calls has locked the run and the participants, and has compared versions."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db.models import Case, DateField, Max, Value, When
from django.utils import timezone

from attendance.marking.steps import MarkStep
from attendance.marking.values import MarkValue
from attendance.models import Attendance, AttendanceChange, Presence, RegisterSaving
from learners.models import (
    Course,
    Enrolment,
    PointsOn,
    Run,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.studying import outbox, points


def write(
    *,
    steps: Sequence[MarkStep],
    people: Mapping[int, Enrolment],
    run: Run,
    by: User,
    saving: RegisterSaving | None,
    ignoring_maximum: points.MaximumIgnored | None = None,
) -> None:
    """Write these marks of these people in a number of queries that does not grow with them."""
    if not steps:
        return
    changes = _record(steps, by=by, saving=saving)
    _store(changes, removed=[step.version for step in steps if not step.to.presence])
    touched = [people[pk] for pk in {step.enrolment_id for step in steps}]
    _keep_last_attended(touched, run.course)
    _keep_points(steps, changes, people, run.course, by=by, ignoring_maximum=ignoring_maximum)
    _keep_waiting(touched, run)


def _record(
    steps: Sequence[MarkStep], *, by: User, saving: RegisterSaving | None
) -> list[AttendanceChange]:
    at = saving.at if saving else timezone.now()
    return AttendanceChange.objects.bulk_create(
        AttendanceChange(
            meeting_id=step.meeting_id,
            enrolment_id=step.enrolment_id,
            saving=saving,
            **{f"from_{name}": said for name, said in step.before._asdict().items()},
            **{f"to_{name}": said for name, said in step.to._asdict().items()},
            by=by,
            at=at,
        )
        for step in steps
    )


def _store(changes: Sequence[AttendanceChange], removed: Collection[int]) -> None:
    """Upsert the marks; their versions are the keys of the changes that made them."""
    if removed:
        Attendance.objects.filter(version__in=removed).delete()
    Attendance.objects.bulk_create(
        [
            Attendance(
                meeting_id=change.meeting_id,
                enrolment_id=change.enrolment_id,
                **MarkValue.of(change, "to_")._asdict(),
                version=change.pk,
                by_id=change.by_id,
                at=change.at,
            )
            for change in changes
            if change.to_presence
        ],
        update_conflicts=True,
        unique_fields=["meeting", "enrolment"],
        update_fields=[*MarkValue._fields, "version", "by", "at"],
    )


def _keep_last_attended(people: Sequence[Enrolment], course: Course) -> None:
    """Store the last day on which each of these people was present, where the institution is."""
    present = Attendance.objects.filter(
        enrolment__in=people, presence=Presence.PRESENT, meeting__cancelled_at=None
    )
    last = dict(
        present.values_list("enrolment").annotate(last=Max("meeting__begins_at")).order_by()
    )
    by_day: dict[date | None, list[int]] = {}
    for enrolment in people:
        moment = last.get(enrolment.pk)
        day = course.organisation.day_of(moment) if moment else None
        enrolment.last_attended_on = day
        by_day.setdefault(day, []).append(enrolment.pk)
    days = [When(pk__in=ids, then=Value(day)) for day, ids in by_day.items() if day]
    written = Case(*days, default=Value(None), output_field=DateField())
    Enrolment.objects.filter(pk__in=[one.pk for one in people]).update(last_attended_on=written)


def _keep_points(
    steps: Sequence[MarkStep],
    changes: Sequence[AttendanceChange],
    people: Mapping[int, Enrolment],
    course: Course,
    *,
    by: User,
    ignoring_maximum: points.MaximumIgnored | None,
) -> None:
    """Grant and take back what a course gives for each meeting; minutes change nothing in that."""
    if course.points_on != PointsOn.MEETING or not course.study_points:
        return
    came = [c for c in changes if c.to_presence == Presence.PRESENT != c.from_presence]
    left = [step for step in steps if step.before.is_present and not step.to.is_present]
    grants = [
        points.Grant(
            learner_id=people[change.enrolment_id].learner_id,
            course_id=course.pk,
            points=course.study_points,
            cause=_cause(change.pk),
        )
        for change in came
    ]
    if left:
        points.take_back(causes=_causes(left), by=by)
    if grants:
        points.grant(grants=grants, by=by, ignoring_maximum=ignoring_maximum)


def _causes(left: Sequence[MarkStep]) -> list[str]:
    """Return what granted the points of these marks: the step by which each became present."""
    pairs = {(step.enrolment_id, step.meeting_id) for step in left}
    came = AttendanceChange.objects.filter(
        enrolment__in={enrolment for enrolment, _meeting in pairs},
        meeting__in={meeting for _enrolment, meeting in pairs},
        to_presence=Presence.PRESENT,
    ).exclude(from_presence=Presence.PRESENT)
    last = came.order_by().values_list("enrolment", "meeting").annotate(Max("pk"))
    return [_cause(pk) for enrolment, meeting, pk in last if (enrolment, meeting) in pairs]


def _cause(version: int) -> str:
    return f"mark:{version}"


def _keep_waiting(people: Sequence[Enrolment], run: Run) -> None:
    """Keep back the completion of who was absent later; let it go again when that was a mistake.
    Whoever is not completed has none that waits, as what follows on it supersedes it."""
    completed = [one.pk for one in people if one.status == StudyStatus.COMPLETED]
    if not completed:
        return
    waiting = dict(
        StudyStatusChange.objects.waiting()
        .filter(enrolment__in=completed, to_status=StudyStatus.COMPLETED, released_by=None)
        .values_list("enrolment_id", "at")
    )
    if not waiting:
        return
    missed = _last_missed(waiting.keys())
    absent = {pk for pk, at in waiting.items() if pk in missed and missed[pk] > at}
    if absent:
        outbox.hold(enrolment_ids=absent)
    if present := waiting.keys() - absent:
        outbox.resume(enrolment_ids=present, run=run)


def _last_missed(enrolment_ids: Collection[int]) -> Mapping:
    absent = Attendance.objects.filter(
        enrolment__in=enrolment_ids, presence=Presence.ABSENT, meeting__cancelled_at=None
    )
    return dict(absent.values_list("enrolment").annotate(Max("meeting__begins_at")).order_by())


def current(changes: Sequence[AttendanceChange]) -> set[int]:
    """Return the keys of the changes whose mark still stands as they left it."""
    keys = [change.pk for change in changes]
    return set(Attendance.objects.filter(version__in=keys).values_list("version", flat=True))
