from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificationsConfig(AppConfig):
    """What people earn: certificates, and the page on which anybody can check one."""

    name = "certifications"
    verbose_name = _("Certificates")

    def ready(self) -> None:
        """Say what this app offers, once its models are there."""
        from certifications.offer import OFFER
        from learners.hooks.registry import register

        register(self.label, OFFER)
