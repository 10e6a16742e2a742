"""The Celery app of worker and scheduler; its options are the CELERY_ settings."""

import os

from celery import Celery
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

app = Celery("lms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def keep_what_django_set_up(**_options: object) -> None:
    """Worker and scheduler log as the pages do; with a receiver here Celery sets up nothing."""
