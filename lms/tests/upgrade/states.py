"""Making a state that is worth keeping: the demo, with work under way, in an empty instance."""

from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import time_machine
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.test.utils import setup_test_environment
from django.utils import timezone

from lms.demo import loading
from lms.demo.people import SANNE
from lms.tests.upgrade import given, keeping, rare, rows, under_way
from lms.tests.upgrade.keeping import Kept


def keep(
    *, name: str, at: datetime, into: Path | None, whose: Collection[str] | None = None
) -> None:
    """Make the state of this moment, keep it, and say what there is nothing of in it."""
    setup_test_environment()
    with time_machine.travel(at):
        call_command("migrate", verbosity=0)
        kept = state(name, whose)
    path = (into or keeping.FOLDER) / f"{name}{keeping.ENDING}"
    keeping.write(kept, path)
    print(f"{path}: {path.stat().st_size:,} bytes")
    for gap in gaps(kept):
        print(f"  nothing of: {gap}")


def state(name: str, whose: Collection[str] | None) -> Kept:
    """Load the demo, leave work under way, and return all of it, at the moment when it is done."""
    loading.load(say=print)
    under_way.begin()
    rare.write()
    sessions = under_way.sign_in()
    facts = {"at": timezone.now().isoformat(), "migrations": leaves(), "sessions": sessions}
    facts |= given_out(sessions, whose or sessions)
    return Kept(name, facts, rows.taken(apps), dict(files()))


def leaves() -> list[list[str]]:
    """Return the last migration of each app."""
    return [[*leaf] for leaf in sorted(MigrationLoader(connection).graph.leaf_nodes())]


def given_out(sessions: dict[str, str], whose: Collection[str]) -> dict[str, Any]:
    """Return what others have in their hands: addresses, and messages for the worker."""
    with transaction.atomic():  # looking at everything changes some of it
        looked_at = {
            "names": given.names(sessions),
            "pages": {email: given.pages(email, sessions[email]) for email in whose},
            "mailed": given.mailed(sessions[SANNE]),
            "links": given.links(),
        }
        transaction.set_rollback(True)
    return {
        **looked_at,
        "on_paper": given.on_paper(),
        "calendars": given.calendars(),
        "addresses": given.addresses(),
        "tasks": given.tasks(),
        "messages": given.messages(),
    }


def files() -> Iterator[tuple[str, bytes]]:
    """Yield what is stored, by its key."""
    folder = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def gaps(kept: Kept) -> Iterator[str]:
    """Yield the tables that have no row, and the values of choices that none has."""
    for model in rows.models_of(apps):
        label = model._meta.label_lower
        if not kept[label]:
            yield label
            continue
        for field in (one for one in model._meta.concrete_fields if one.choices):
            found = {row[field.attname] for row in kept[label]}
            if missing := {value for value, _words in field.flatchoices if value} - found:
                yield f"{label}.{field.name}: {', '.join(sorted(map(str, missing)))}"
