"""Calendars: of one run as a file, and of one person at an address that they alone know.

An event keeps its name for ever, and each change of its meeting or run that the audit log knows
gives it a higher number; so that a calendar that has it already moves or cancels it. Source: RFC
5545.
"""

import secrets
from collections.abc import Collection, Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from learners import audit
from learners.models import AuditEntry, Meeting, Place, PlaceState, Run, StudyStatus, User

KEPT = timedelta(days=366)  # what is over for longer is left out
ASKED_AGAIN = timedelta(hours=1)
LOST = (StudyStatus.CANCELLED, StudyStatus.RUN_CHOICE_REQUIRED)


@transaction.atomic
def renew_key(*, person: User, by: User) -> str:
    """Give somebody's calendar a new address; the one before leads nowhere from now on."""
    person = User.objects.select_for_update().get(pk=person.pk)
    person.calendar_key = secrets.token_urlsafe(32)
    person.save(update_fields=["calendar_key"])
    audit.record(action="learners.calendar_renewed", on=person, by=by)
    return person.calendar_key


def runs_for(person: User) -> QuerySet[Run]:
    """Keep the runs whose calendar somebody may have: those in which they have a place, and those
    that they give."""
    goes_to = Place.objects.booked().filter(enrolment__learner=person).values("run")
    return Run.objects.filter(Q(pk__in=goes_to) | Q(pk__in=Run.objects.taught_by(person)))


def of_run(run: Run) -> bytes:
    """Return all meetings of a run, those that were cancelled too: three queries."""
    title = f"{run.course.title} · {run.code}"
    return _written(title, run.meetings.select_related("run__course").order_by("begins_at", "pk"))


def of_person(person: User) -> bytes:
    """Return the meetings that somebody goes to, those that they lost their place in because the
    run was cancelled, and those that they give: two queries."""
    mine = Place.objects.filter(enrolment__learner=person)
    lost = Q(run__cancelled_at__isnull=False, enrolment__status__in=LOST)
    goes_to = mine.filter(Q(state=PlaceState.BOOKED) | lost).values("run")
    gives = Meeting.objects.given_by(person).values("pk")
    meetings = Meeting.objects.filter(
        Q(run__in=goes_to) | Q(pk__in=gives), ends_at__gt=timezone.now() - KEPT
    )
    return _written(
        _("My meetings"), meetings.select_related("run__course").order_by("begins_at", "pk")
    )


def _written(title: str, found: Iterable[Meeting]) -> bytes:
    meetings = list(found)
    calendar = Calendar()
    calendar.add("prodid", "-//Mijlpaal//Meetings//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", ASKED_AGAIN, parameters={"VALUE": "DURATION"})
    numbers = _numbers(meetings)
    for meeting in meetings:
        calendar.add_component(_event(meeting, numbers[meeting.pk]))
    return bytes(calendar.to_ical())


def _numbers(meetings: Collection[Meeting]) -> dict[int, int]:
    """Return how often each of these meetings or its run was planned, changed or cancelled."""
    of_meeting, of_run = Meeting._meta.label_lower, Run._meta.label_lower
    entries = AuditEntry.objects.filter(
        Q(object_type=of_meeting, object_id__in=[meeting.pk for meeting in meetings])
        | Q(object_type=of_run, object_id__in={meeting.run_id for meeting in meetings})
    )
    counted = entries.order_by().values("object_type", "object_id").annotate(n=Count("pk"))
    acts = {(one["object_type"], one["object_id"]): one["n"] for one in counted}
    return {
        meeting.pk: acts.get((of_meeting, meeting.pk), 0) + acts.get((of_run, meeting.run_id), 0)
        for meeting in meetings
    }


def _event(meeting: Meeting, number: int) -> Event:
    is_cancelled = meeting.cancelled_at is not None or meeting.run.cancelled_at is not None
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{urlsplit(settings.PUBLIC_URL).hostname}")
    event.add("sequence", number)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", meeting.begins_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", meeting.run.course.title)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    if place := meeting.place or meeting.run.place:
        event.add("location", place)
    if meeting.link:
        event.add("url", meeting.link)
    return event
