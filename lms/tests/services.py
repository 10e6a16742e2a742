"""The services that DATABASE_URL and REDIS_URL name: asked whether they answer, and let go of."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import redis
from django.conf import settings
from django.db import connection


def complaints() -> Iterator[str]:
    """A sentence for each service that is named and does not answer."""
    if settings.DATABASE_URL.startswith("postgres"):
        try:
            # Its own database is made when the tests start; this one every server has.
            server = urlsplit(settings.DATABASE_URL)._replace(path="/postgres").geturl()
            psycopg.connect(server, connect_timeout=3).close()
        except psycopg.Error as error:
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


def end_other_connections() -> None:
    """End what others still have open on this database, where there are others."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
