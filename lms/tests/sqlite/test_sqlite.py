import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction

from learners.tests.at_once import at_once

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite alone")


def test_four_thousand_rows_are_few_queries(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = Group.objects.in_bulk(range(20_000))
    assert found == {}
    assert connection.ops.bulk_batch_size(range(7), []) >= 4_500


def test_the_database_takes_as_many_parameters_as_are_promised(db):
    count = connection.features.max_query_params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 WHERE 1 IN ({','.join(['%s'] * count)})", [1] * count)
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 1)])
def test_every_connection_is_durable_and_quick(db, pragma, value):
    with connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_two_savings_at_once_wait_for_each_other(transactional_db):
    group = Group.objects.create(name="0")

    def save() -> None:
        for _ in range(20):
            with transaction.atomic():
                number = int(Group.objects.get(pk=group.pk).name)
                Group.objects.filter(pk=group.pk).update(name=str(number + 1))

    at_once(*[save] * 4)
    group.refresh_from_db()
    assert group.name == "80"
