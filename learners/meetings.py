"""Planning meetings: the one place that keeps a run's start and end, and what waits for them."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from learners import audit, notify, outbox
from learners.models import Meeting, Place, Run, User


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
def change_place(*, meeting: Meeting, place: str, link: str, by: User) -> Meeting:
    """Let a meeting be elsewhere, or online; who is booked sees it in their calendar."""
    before = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if (before.place, before.link) == (place, link):
        return before
    meeting.place, meeting.link = place, link
    meeting.full_clean()
    meeting.save(update_fields=["place", "link"])
    changes = {"place": [before.place, place], "link": [before.link, link]}
    audit.record(action="learners.meeting_elsewhere", on=meeting, by=by, changes=changes)
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
    _tell_booked(run, "learners/meeting_cancelled", meeting, f"meeting-cancelled:{meeting.pk}")
    return meeting


@transaction.atomic
def keep_run(*, run: Run) -> None:
    """Set a run's start, end and last day of its register from its meetings, and move the
    certificates that wait for its end. A register that was given another day keeps it."""
    run = (
        Run.objects.select_for_update(of=("self",))
        .select_related("course__organisation")
        .get(pk=run.pk)
    )
    organisation = run.course.organisation
    open_days = timedelta(days=organisation.register_open_days)
    usual = _after(run.last_day(organisation), open_days)
    span = run.meetings.going_on().aggregate(first=Min("begins_at"), last=Max("ends_at"))
    run.starts_at, run.ends_at = span["first"], span["last"]
    if run.register_open_until == usual:
        run.register_open_until = _after(run.last_day(organisation), open_days)
    run.save(update_fields=["starts_at", "ends_at", "register_open_until"])
    outbox.follow_run(run=run)


def _after(day: date | None, span: timedelta) -> date | None:
    return day + span if day else None


def _tell_booked(run: Run, kind: str, meeting: Meeting, key: str) -> None:
    booked = Place.objects.booked().filter(run=run).select_related("enrolment")
    params = {
        "course_nl": run.course.title_nl,
        "course_en": run.course.title_in("en"),
        "begins_at": meeting.begins_at.isoformat(),
        "place": meeting.place or run.place,
    }
    notify.tell(
        kind=kind,
        messages=[
            notify.Message(
                user_id=place.enrolment.learner_id,
                key=key,
                params=params,
                url=place.enrolment.get_absolute_url(),
            )
            for place in booked
        ],
    )
