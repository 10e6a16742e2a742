"""A database of a state that was kept, migrated by today's code, in place of that of the tests.

It takes the connection's place by its name, as Django itself gives each of several processes a
database of its own; so that pages, tasks, commands and processes of a test all see it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import time_machine
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from lms.tests.upgrade import rows
from lms.tests.upgrade.keeping import Kept


@contextmanager
def database(kept: Kept, folder: Path) -> Iterator[str]:
    """Make the database of a state and migrate it to today; yields its name."""
    with _empty_database(folder / "upgraded.sqlite3") as name:
        with used(name), time_machine.travel(kept.at):
            executor = MigrationExecutor(connection)
            executor.migrate(kept.leaves)
            rows.put(executor.loader.project_state(kept.leaves).apps, kept.tables)
            call_command("migrate", verbosity=0)
        yield name


@contextmanager
def used(name: str) -> Iterator[None]:
    """Let the one connection lead to this database."""
    before = connection.settings_dict["NAME"]
    try:
        _connect(name)
        yield
    finally:
        _connect(before)


@contextmanager
def files(kept: Kept) -> Iterator[None]:
    """Store what was stored then."""
    for name, content in kept.files.items():
        assert default_storage.save(name, ContentFile(content)) == name
    try:
        yield
    finally:
        for name in kept.files:
            default_storage.delete(name)


@contextmanager
def copy(name: str, folder: Path) -> Iterator[str]:
    """Yield the name of a copy, which may be changed for good."""
    path = folder / "copy.sqlite3"
    if connection.vendor == "sqlite":
        path.write_bytes(Path(name).read_bytes())
        yield str(path)
        path.unlink()
    else:
        with _empty_database(path, template=name) as made:
            yield made


@contextmanager
def _empty_database(path: Path, template: str = "template0") -> Iterator[str]:
    if connection.vendor == "sqlite":
        yield str(path)
        return
    name = f"{connection.settings_dict['NAME']}_{path.stem}"
    try:
        _on_the_server(f'DROP DATABASE IF EXISTS "{name}"')
        _on_the_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield name
    finally:
        _on_the_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_the_server(sql: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql)


def _connect(name: str) -> None:
    """Lead there, and forget what is remembered of the database before it."""
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
    ContentType.objects.clear_cache()
    cache.clear()


def later(kept: Kept, time: timedelta) -> time_machine.travel:
    """So long after a state was kept."""
    return time_machine.travel(kept.at + time)
