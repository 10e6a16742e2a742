"""Nothing that was stored is lost, and what is stored is what today's rules allow."""

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import AutoField, Model

from lms.tests.upgrade import rows

pytestmark = pytest.mark.usefixtures("then")

MODELS = sorted(rows.models_of(apps), key=lambda model: model._meta.label)


def of_today(kept) -> dict[str, type[Model] | None]:
    """Return what the model of each table is today, whatever it is called: its content type keeps
    its number."""
    rows_of_types = kept["contenttypes.contenttype"]
    types = {row["id"]: f"{row['app_label']}.{row['model']}" for row in rows_of_types}
    found = ContentType.objects.in_bulk(types)
    return {
        label: found[pk].model_class() if pk in found else None
        for pk, label in types.items()
        if label in kept.tables
    }


def test_every_row_is_still_there(kept):
    lost = {}
    for label, model in of_today(kept).items():
        assert model is not None, f"{label} is no model any more: migrate its content type"
        keys = {str(pk) for pk in model._base_manager.values_list("pk", flat=True)}
        key = kept.tables[label].columns[0]
        lost[label] = {str(row[key]) for row in kept[label]} - keys
    assert {label: keys for label, keys in lost.items() if keys} == {}
    assert len(lost) > 40


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_value_is_one_that_may_be_chosen_today(model):
    for field in model._meta.concrete_fields:
        if not field.choices:
            continue
        found = set(model._base_manager.order_by().values_list(field.name, flat=True).distinct())
        empty = {None, ""}
        assert found - {value for value, _words in field.flatchoices} - empty == set(), field.name


def test_every_reference_leads_somewhere():
    connection.check_constraints()


def test_a_new_row_gets_a_key_that_nobody_has():
    counted = [model for model in MODELS if isinstance(model._meta.pk, AutoField)]
    taken = {
        model._meta.label: (next_key(model), last.pk)
        for model in counted
        if (last := model._base_manager.order_by("-pk").first())
    }
    assert {label: keys for label, keys in taken.items() if keys[0] <= keys[1]} == {}
    assert len(taken) > 40


def next_key(model: type[Model]) -> int:
    """Return which key the database gives the next row."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq + 1 FROM sqlite_sequence WHERE name = %s", [table])
        else:
            name = [f'"{table}"', column]
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s))", name)
        return cursor.fetchone()[0]
