"""What the scheduler asks the worker to do for certificates and certifications, and when."""

from celery.schedules import crontab
from django.conf import settings

from learners.hooks.running import Schedule

SCHEDULE: Schedule = {
    "drain the outbox": {
        "task": "certifications.tasks.drain_outbox",
        "schedule": settings.SWEEP_EVERY,
        "options": {"expires": settings.SWEEP_EVERY},
    },
    "take up assigning": {
        "task": "certifications.tasks.take_up_assigning",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "apply rules that assign": {
        "task": "certifications.tasks.apply_rules",
        "schedule": 600,
        "options": {"expires": 600},
    },
    "begin rounds of certifications": {
        "task": "certifications.tasks.begin_rounds",
        "schedule": 600,
        "options": {"expires": 600},
    },
    "remind of certifications": {
        "task": "certifications.tasks.remind",
        "schedule": crontab(minute=20, hour="7-20"),
        "options": {"expires": 3600},
    },
    "settle rounds that nobody saw": {
        "task": "certifications.tasks.settle_unseen",
        "schedule": crontab(minute=45, hour=2),
    },
}
