from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExamsConfig(AppConfig):
    """Assignments, and how they lead to an exam."""

    name = "exams"
    verbose_name = _("Assignments and exams")

    def ready(self) -> None:
        """Say what this app offers, once its models are there."""
        from exams.offer import OFFER
        from learners.hooks.registry import register

        register(self.label, OFFER)
