"""What the scheduler asks the worker to do for the ground, and when."""

from celery.schedules import crontab
from django.conf import settings

from learners.hooks.running import Schedule

SCHEDULE: Schedule = {
    "send mail": {
        "task": "learners.tasks.send_mail",
        "schedule": settings.SWEEP_EVERY,
        "options": {"expires": settings.SWEEP_EVERY},
    },
    "scan files": {
        "task": "learners.tasks.scan_files",
        "schedule": settings.SWEEP_EVERY,
        "options": {"expires": settings.SWEEP_EVERY},
    },
    "scan files again": {
        "task": "learners.tasks.scan_files_again",
        "schedule": crontab(minute="*", hour="1-5"),
        "options": {"expires": 60},
    },
    "take up imports": {
        "task": "learners.tasks.take_up_imports",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "take up uploads": {
        "task": "learners.tasks.take_up_uploads",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "move up waiting lists": {
        "task": "learners.tasks.move_up_waiting_lists",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "lapse terms": {"task": "learners.tasks.lapse_terms", "schedule": crontab(minute=5)},
    "warn before subscriptions end": {
        "task": "learners.tasks.warn_before_subscriptions_end",
        "schedule": crontab(minute=20, hour=5),
    },
    "purge unclaimed files": {
        "task": "learners.tasks.purge_unclaimed_files",
        "schedule": crontab(minute=30, hour=3),
    },
}
