"""Planning meetings: the one place that keeps a run's start and end, and what waits for them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from learners import audit
from learners.meetings.outlining import Slot
from learners.models import Meeting, Organisation, Place, Run, User
from learners.studying import outbox
from learners.telling import notify

KEPT = ("starts_at", "ends_at", "enrol_until", "enrol_closes_at", "register_open_until")


@transaction.atomic
def plan_meeting(
    *,
    run: Run,
    begins_at: datetime,
    ends_at: datetime,
    by: User | None,
    place: str = "",
    link: str = "",
) -> Meeting:
    """Add a meeting to a run; the run then starts and ends with its first and last one."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    meeting = Meeting(run=run, begins_at=begins_at, ends_at=ends_at, place=place, link=link)
    meeting.full_clean()
    meeting.save()
    audit.record(action="learners.meeting_planned", on=meeting, by=by)
    keep_run(run=run)
    return meeting


@transaction.atomic
def plan_meetings(
    *,
    run: Run,
    slots: Sequence[Slot],
    by: User,
    place: str = "",
    link: str = "",
    teachers: Collection[User] = (),
) -> list[Meeting]:
    """Add meetings to a run, in a number of queries that does not grow with them; who is booked is
    told once of those to come. A meeting that is there at that time already is not made twice."""
    run = Run.objects.select_for_update(of=("self",)).select_related("course").get(pk=run.pk)
    there = set(run.meetings.going_on().values_list("begins_at", "ends_at"))
    new = [
        Meeting(run=run, begins_at=slot.begins_at, ends_at=slot.ends_at, place=place, link=link)
        for slot in slots
        if (slot.begins_at, slot.ends_at) not in there
    ]
    for meeting in new:
        meeting.clean_fields(exclude=["run"])
    made = Meeting.objects.bulk_create(new)
    names = Meeting.teachers.through
    names.objects.bulk_create(
        names(meeting_id=meeting.pk, user_id=teacher.pk) for meeting in made for teacher in teachers
    )
    audit.record_all(action="learners.meeting_planned", on=made, by=by)
    keep_run(run=run)
    coming = [meeting for meeting in made if meeting.begins_at > timezone.now()]
    if coming:
        key = f"meetings-planned:{coming[0].pk}"
        _tell_booked(run, "learners/meetings_planned", coming[0], key, number=len(coming))
    return made


@transaction.atomic
def change_meeting(
    *,
    meeting: Meeting,
    slot: Slot,
    place: str,
    link: str,
    by: User,
    teachers: Collection[User] | None = None,
) -> Meeting:
    """Change when and where a meeting is, and perhaps who gives it; who is booked hears of it
    once."""
    moves = (meeting.begins_at, meeting.ends_at) != (slot.begins_at, slot.ends_at)
    meeting = change_place(meeting=meeting, place=place, link=link, by=by, tell=not moves)
    move_meeting(meeting=meeting, begins_at=slot.begins_at, ends_at=slot.ends_at, by=by)
    if teachers is not None:
        name_teachers(meeting=meeting, teachers=teachers, by=by)
    return meeting


@transaction.atomic
def name_teachers(*, meeting: Meeting, teachers: Collection[User], by: User) -> Meeting:
    """Say who gives this one meeting; nobody means all teachers of its run."""
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    before = sorted(meeting.teachers.values_list("pk", flat=True))
    after = sorted(teacher.pk for teacher in teachers)
    if before != after:
        meeting.teachers.set(after)
        changes = {"teachers": [before, after]}
        audit.record(action="learners.meeting_teachers", on=meeting, by=by, changes=changes)
    return meeting


@transaction.atomic
def move_meeting(*, meeting: Meeting, begins_at: datetime, ends_at: datetime, by: User) -> Meeting:
    """Move a meeting; who is booked is told, and certificates wait for the new end of the run."""
    run = Run.objects.select_for_update().get(pk=meeting.run_id)
    before = Meeting.objects.get(pk=meeting.pk)
    if (before.begins_at, before.ends_at) == (begins_at, ends_at):
        return before
    meeting.begins_at, meeting.ends_at = begins_at, ends_at
    meeting.full_clean()
    meeting.save(update_fields=["begins_at", "ends_at"])
    moved = [before.begins_at.isoformat(), begins_at.isoformat()]
    entry = audit.record(
        action="learners.meeting_moved", on=meeting, by=by, changes={"begins_at": moved}
    )
    keep_run(run=run)
    _tell_booked(run, "learners/meeting_moved", meeting, f"meeting-moved:{entry.pk}")
    return meeting


@transaction.atomic
def change_place(
    *, meeting: Meeting, place: str, link: str, by: User, tell: bool = True
) -> Meeting:
    """Let a meeting be elsewhere, or online; who is booked is told while it is not over."""
    before = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if (before.place, before.link) == (place, link):
        return before
    meeting.place, meeting.link = place, link
    meeting.full_clean()
    meeting.save(update_fields=["place", "link"])
    changes = {"place": [before.place, place], "link": [before.link, link]}
    entry = audit.record(action="learners.meeting_elsewhere", on=meeting, by=by, changes=changes)
    if tell and meeting.cancelled_at is None and meeting.ends_at > timezone.now():
        key = f"meeting-elsewhere:{entry.pk}"
        _tell_booked(before.run, "learners/meeting_elsewhere", meeting, key, link=link)
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, by: User, reason: str = "") -> Meeting:
    """Cancel a meeting; its marks stay, who is booked is told. Done twice, it is done once."""
    run = Run.objects.select_for_update().get(pk=meeting.run_id)
    meeting.refresh_from_db()
    if meeting.cancelled_at is not None:
        return meeting
    meeting.cancelled_at = timezone.now()
    meeting.save(update_fields=["cancelled_at"])
    audit.record(action="learners.meeting_cancelled", on=meeting, by=by, reason=reason)
    keep_run(run=run)
    key = f"meeting-cancelled:{meeting.pk}"
    _tell_booked(run, "learners/meeting_cancelled", meeting, key, reason=reason)
    return meeting


@transaction.atomic
def keep_run(*, run: Run) -> None:
    """Set a run's start and end, the last day to enrol and that of its register from its meetings,
    and move the certificates that wait for its end. What was given another day keeps it."""
    run = (
        Run.objects.select_for_update(of=("self",))
        .select_related("course__organisation")
        .get(pk=run.pk)
    )
    organisation = run.course.organisation
    open_days = timedelta(days=organisation.register_open_days)
    usual = _after(run.last_day(organisation), open_days)
    usual_closing = _last_day_to_enrol(run, organisation)
    span = run.meetings.going_on().aggregate(first=Min("begins_at"), last=Max("ends_at"))
    run.starts_at, run.ends_at = span["first"], span["last"]
    if run.register_open_until == usual:
        run.register_open_until = _after(run.last_day(organisation), open_days)
    if run.enrol_until == usual_closing:
        run.enrol_until = _last_day_to_enrol(run, organisation)
    run.enrol_closes_at = run.closing(organisation)
    run.save(update_fields=[*KEPT])
    outbox.follow_run(run=run)


def _last_day_to_enrol(run: Run, organisation: Organisation) -> date | None:
    """Return what the institution's policy makes of a run's first day; None: until it begins."""
    days, first = organisation.enrol_closes_days, run.first_day(organisation)
    return None if days is None else _after(first, timedelta(days=-days))


def _after(day: date | None, span: timedelta) -> date | None:
    return day + span if day else None


def _tell_booked(run: Run, kind: str, meeting: Meeting, key: str, **more: object) -> None:
    booked = Place.objects.booked().filter(run=run).select_related("enrolment")
    params = {
        "course_nl": run.course.title_nl,
        "course_en": run.course.title_in("en"),
        "begins_at": meeting.begins_at.isoformat(),
        "place": meeting.place or run.place,
        **more,
    }
    notify.tell(
        kind=kind,
        messages=[
            notify.Message(
                user_id=place.enrolment.learner_id,
                organisation_id=run.course.organisation_id,
                key=key,
                params=params,
                url=place.enrolment.get_absolute_url(),
            )
            for place in booked
        ],
    )
