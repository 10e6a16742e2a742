"""Days and hours in the administration's forms: to the minute, unless there is more to them."""

from datetime import datetime, time
from typing import Any

from django.contrib.admin.widgets import (
    AdminSplitDateTime,
    BaseAdminDateWidget,
    BaseAdminTimeWidget,
)
from django.forms import MultiWidget


class HourWidget(BaseAdminTimeWidget):
    """Shows 09:00; seconds only where there are any, so that saving takes none away."""

    def format_value(self, value: Any) -> str | None:
        whole = isinstance(value, time | datetime) and not value.second
        self.format = "%H:%M" if whole else "%H:%M:%S"
        return super().format_value(value)


class MomentWidget(AdminSplitDateTime):
    """Django's day and hour side by side, with an hour to the minute."""

    def __init__(self, attrs: dict | None = None) -> None:
        MultiWidget.__init__(self, [BaseAdminDateWidget, HourWidget], attrs)
