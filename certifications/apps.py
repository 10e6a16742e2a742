from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificationsConfig(AppConfig):
    """What people earn: certificates, and the page on which anybody can check one."""

    name = "certifications"
    verbose_name = _("Certificates")
