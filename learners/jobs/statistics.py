"""What PostgreSQL knows of how much its tables hold, from which it chooses how to look things up.

It counts by itself every minute or so, or never where that was switched off. What writes many rows
and reads them again meanwhile is read by the numbers of before: each batch then goes through all
that the ones before it wrote, and a hundred thousand people cost far more than ten times as many as
ten thousand.
"""

from django.db import connection, models


def renew(*grown: type[models.Model]) -> None:
    """Let PostgreSQL count these tables anew, from a sample; SQLite chooses without numbers."""
    if connection.vendor != "postgresql":
        return
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in grown)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


def is_time(batch: int) -> bool:
    """Whether to count before this batch, the first one being 0: whenever as much again was
    written, so that it costs next to nothing however many there are."""
    return batch & (batch - 1) == 0
