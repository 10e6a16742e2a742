"""Days and hours as people say them, for a text that is told and for a page alike."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext, ngettext

NEAR_DAYS = 7


def localised(moment: date | datetime) -> date | datetime:
    """Return a moment in the zone of the person who looks; a day stays that day."""
    if isinstance(moment, datetime) and timezone.is_aware(moment):
        return timezone.localtime(moment)
    return moment


def clock(moment: date | datetime) -> str:
    """Return hours and minutes, and nothing for a day."""
    return format_date(moment, "H:i") if isinstance(moment, datetime) else ""


def day(moment: date | datetime | None) -> str:
    """Say a day: '24 November', with the year when it is not this one."""
    if not moment:
        return ""
    moment = localised(moment)
    return format_date(moment, "j F" if moment.year == timezone.localdate().year else "j F Y")


def exact(moment: date | datetime | None) -> str:
    """Say a moment in full: 'Tuesday 24 November 2026, 14:00'."""
    if not moment:
        return ""
    moment = localised(moment)
    return ", ".join(filter(None, [format_date(moment, "l j F Y"), clock(moment)]))


def when_words(moment: date | datetime | None, near_days: int = NEAR_DAYS) -> str:
    """Say a moment as people do: 'today 14:00', 'in 3 days', '24 November'.

    Up to so many days away it counts them: 'in 23 days'.
    """
    if not moment:
        return ""
    moment = localised(moment)
    the_day = moment.date() if isinstance(moment, datetime) else moment
    days = (the_day - timezone.localdate()).days
    near = {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}
    if days in near:
        return f"{near[days]} {clock(moment)}".strip()
    if 1 < days <= near_days:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    if -near_days <= days < -1:
        return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}
    return day(moment)


def hours(begins_at: datetime, ends_at: datetime) -> str:
    """Say from when to when on a day: '19:00 – 22:00', with the day when it ends on another."""
    begin, end = timezone.localtime(begins_at), timezone.localtime(ends_at)
    until = clock(end) if begin.date() == end.date() else f"{day(end)} {clock(end)}"
    return f"{clock(begin)} – {until}"


def days_span(first: date | datetime | None, last: date | datetime | None) -> str:
    """Say a span of days: '3 – 10 November', '3 November – 8 December'; one day stays one day."""
    begin, end = day(first), day(last)
    if not first or not last or begin == end:
        return begin
    from_day, to_day = localised(first), localised(last)
    if from_day.year == to_day.year:
        begin = format_date(from_day, "j" if from_day.month == to_day.month else "j F")
    return f"{begin} – {end}"
