"""Asks the services that DATABASE_URL and REDIS_URL name whether they answer."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import Error, connection


def complaints() -> Iterator[str]:
    """A sentence for each service that is named and does not answer."""
    if connection.vendor != "sqlite":
        try:
            with connection._nodb_cursor():
                pass
        except Error as error:
            yield f"No database at {place(settings.DATABASE_URL)} (DATABASE_URL): {error}"
    if not settings.IS_EMBEDDED:
        try:
            redis.Redis.from_url(settings.REDIS_URL).ping()
        except redis.RedisError as error:
            yield f"No Redis at {place(settings.REDIS_URL)} (REDIS_URL): {error}"


def place(url: str) -> str:
    """An address without its password."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}{parts.path}"
