"""The roof: settings, addresses, the worker's app and the pages that gather what the apps offer."""

from lms.celery import app as celery_app

__all__ = ["celery_app"]
