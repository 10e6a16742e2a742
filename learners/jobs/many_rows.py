"""Storing fields of many rows of which the values are few, as those of days are.

`bulk_update` names a value for each row, and the database compares each row with all of them: to
give five hundred people one new day, it is named five hundred times. Here it is named once.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db import connections, models
from django.db.models import Case, Expression, Value, When
from django.db.models.functions import Cast

BATCH = 1_000


def store(rows: Sequence[models.Model], names: Collection[str]) -> None:
    """Store these fields of rows that are there: one statement for each thousand."""
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        manager = type(batch[0])._base_manager
        values = {name: _value_of_each(batch, name, manager.db) for name in names}
        manager.filter(pk__in=[row.pk for row in batch]).update(**values)


def _value_of_each(rows: Sequence[models.Model], name: str, database: str) -> Expression:
    field = rows[0]._meta.get_field(name)
    assert isinstance(field, models.Field), "a column is stored"
    keys = defaultdict(list)
    for row in rows:
        keys[getattr(row, field.attname)].append(row.pk)
    cases = [When(pk__in=its, then=Value(one, output_field=field)) for one, its in keys.items()]
    if len(cases) == 1:
        return Value(next(iter(keys)), output_field=field)
    each = Case(*cases, output_field=field)
    is_cast = connections[database].features.requires_casted_case_in_updates
    return Cast(each, output_field=field) if is_cast else each
