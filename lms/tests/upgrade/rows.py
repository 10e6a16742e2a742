"""Rows between a database and text: read by the models of now, put back by those of then."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.state import StateApps
from django.db.models import Field, Model

from lms.tests.upgrade.keeping import Table

BATCH = 500


def models_of(apps: Apps | StateApps) -> Iterator[type[Model]]:
    """Yield every model that has a table, those between two others too."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield model


def taken(apps: Apps) -> dict[str, Table]:
    """Return all rows of all tables, by model."""
    return {model._meta.label_lower: _taken(model) for model in models_of(apps)}


def _taken(model: type[Model]) -> Table:
    columns = [field.attname for field in model._meta.concrete_fields]
    rows = model._base_manager.order_by("pk").values_list(*columns)
    return Table(columns, [json.loads(json.dumps(row, default=_text)) for row in rows])


def _text(value: Any) -> str:
    """Write what JSON has no word for as its field reads it."""
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def put(apps: StateApps, tables: Mapping[str, Table]) -> None:
    """Fill an empty database of that time with these rows, under the keys that they had."""
    models = {model._meta.label_lower: model for model in models_of(apps)}
    _empty(models.values())
    with transaction.atomic():  # keys are compared at its end, so that any order will do
        for label, table in tables.items():
            _put(models[label], table)
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [*models.values()]):
            cursor.execute(sql)


def _empty(models: Iterable[type[Model]]) -> None:
    """Forget what migrations wrote: it is among the rows, as it became."""
    tables = [model._meta.db_table for model in models]
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables))


def _put(model: type[Model], table: Table) -> None:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    objects = [
        model(**{name: _value(fields[name], value) for name, value in row.items()})
        for row in table.dicts
    ]
    model._base_manager.bulk_create(objects, batch_size=BATCH)


def _value(field: Field, value: Any) -> Any:
    return field.to_python(value)
