"""The days of the demo: everything in it lies so many days before or after the first loading."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

HALF_HOUR = timedelta(minutes=30)


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
        """Return begin and end of a meeting that ended within the last half hour."""
        ends_at = self._half_hour()
        return ends_at - timedelta(hours=hours), ends_at

    def now(self, hours: float) -> tuple[datetime, datetime]:
        """Return begin and end of a meeting that began half an hour to an hour ago."""
        begins_at = self._half_hour() - HALF_HOUR
        return begins_at, begins_at + timedelta(hours=hours)

    def _half_hour(self) -> datetime:
        """The last full or half hour before the loading."""
        local = self.loaded_at.astimezone(self.zone).replace(second=0, microsecond=0)
        return local - timedelta(minutes=local.minute % 30)
