from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearnersConfig(AppConfig):
    """Ground floor: people, catalogue, enrolments, study status, points, notifications, audit."""

    name = "learners"
    verbose_name = _("Learners")
