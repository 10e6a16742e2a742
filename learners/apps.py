from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class LearnersConfig(AppConfig):
    """Ground floor: people, catalogue, enrolments, study status, points, notifications, audit."""

    name = "learners"
    verbose_name = _("Learners")

    def ready(self) -> None:
        """Say what this app offers, once its models are there."""
        from learners.files.file_uses import check_uses
        from learners.hooks.registry import register
        from learners.offer import OFFER

        register(self.label, OFFER)
        checks.register(check_uses)
