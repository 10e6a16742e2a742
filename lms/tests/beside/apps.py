from django.apps import AppConfig


class BesideConfig(AppConfig):
    name = "lms.tests.beside"
    label = "beside"
    verbose_name = "Walks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say what this app offers, once its models are there."""
        from learners.hooks.registry import register
        from lms.tests.beside.offer import OFFER

        register(self.label, OFFER)
