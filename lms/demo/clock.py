"""The days of the demo: everything in it lies so many days before or after the first loading."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

HALF_HOUR = timedelta(minutes=30)
# Between these hours there are classes.
FIRST_BEGIN, MORNING, LAST_END = "08:00", "09:00", "22:00"


@dataclass(frozen=True)
class Clock:
    """Tells the days and hours of the demo, which begins at the moment of its first loading."""

    loaded_at: datetime
    zone: ZoneInfo

    def day(self, days: int) -> date:
        """Return the day that lies so many days after the loading."""
        return timezone.localdate(self.loaded_at, self.zone) + timedelta(days=days)

    def at(self, days: int, hour: str) -> datetime:
        """Return an hour of that day: `at(-7, "19:00")`."""
        return datetime.combine(self.day(days), time.fromisoformat(hour), self.zone)

    def just_over(self, hours: float) -> tuple[datetime, datetime]:
        """Return begin and end of the last meeting that is over: it ended within the last half
        hour, or in the evening when it is late or early."""
        length = timedelta(hours=hours)
        ends_at = min(self._half_hour(), self.at(0, LAST_END))
        if ends_at - length < self.at(0, FIRST_BEGIN):
            ends_at = self.at(-1, LAST_END)
        return ends_at - length, ends_at

    def now(self, hours: float) -> tuple[datetime, datetime]:
        """Return begin and end of the meeting that is on: it began half an hour to an hour ago, or
        a little longer in the evening. At night it is the first one of the morning that comes."""
        length = timedelta(hours=hours)
        begins_at = min(self._half_hour() - HALF_HOUR, self.at(0, LAST_END) - length)
        if begins_at < self.at(0, FIRST_BEGIN):
            begins_at = self.at(0, MORNING)
        elif begins_at + length <= self.loaded_at:
            begins_at = self.at(1, MORNING)
        return begins_at, begins_at + length

    def _half_hour(self) -> datetime:
        """The last full or half hour before the loading."""
        local = self.loaded_at.astimezone(self.zone).replace(second=0, microsecond=0)
        return local - timedelta(minutes=local.minute % 30)
