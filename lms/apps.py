from django.apps import AppConfig

from lms.celery import app as celery_app  # so that every task belongs to it, in a page as well

__all__ = ["LmsConfig", "celery_app"]


class LmsConfig(AppConfig):
    name = "lms"
    verbose_name = "Mijlpaal"
