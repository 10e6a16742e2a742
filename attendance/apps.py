from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttendanceConfig(AppConfig):
    """Meetings and marks: the register in which a teacher says who was there and how it went."""

    name = "attendance"
    verbose_name = _("Attendance")

    def ready(self) -> None:
        """Say what this app offers, once its models are there."""
        from attendance.offer import OFFER
        from learners.hooks.registry import register

        register(self.label, OFFER)
