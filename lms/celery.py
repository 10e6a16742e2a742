"""The Celery app of worker and scheduler; its options are the CELERY_ settings."""

import os
from collections.abc import Mapping

from celery import Celery
from celery.schedules import crontab
from celery.signals import import_modules, setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

app = Celery("lms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@import_modules.connect(sender=app)
def plan(**_sent: object) -> None:
    """Give the scheduler what every app wants done and when, once Django is set up, which Celery
    sees to before."""
    app.conf.beat_schedule = schedule()


def schedule() -> dict[str, Mapping[str, object]]:
    """Return what every app wants done by the worker, and when."""
    from learners.hooks.registry import merged, offers  # apps, which load this before they do

    own = {
        "clear personal data": {
            "task": "lms.tasks.clear_personal_data",
            "schedule": crontab(minute=15, hour=4),
        }
    }
    return merged([own, *(offer.schedule for offer in offers())])


@setup_logging.connect
def keep_what_django_set_up(**_options: object) -> None:
    """Worker and scheduler log as the pages do; with a receiver here Celery sets up nothing."""
