"""What the scheduler asks the worker to do for assignments, and when."""

from celery.schedules import crontab

from learners.hooks.running import Schedule

SCHEDULE: Schedule = {
    # each hour, as it is morning where each institution is
    "tell of late reviews": {
        "task": "exams.tasks.tell_of_late_reviews",
        "schedule": crontab(minute=10),
        "options": {"expires": 3600},
    },
    "give owed XP": {
        "task": "exams.tasks.give_owed_xp",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 3600},
    },
}
