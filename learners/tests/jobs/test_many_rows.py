"""Fields of many rows are stored in one statement that names each value once."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from learners.jobs import many_rows, statistics
from learners.models import Enrolment
from learners.tests.factories import CourseFactory, UserFactory, an_enrolment

pytestmark = pytest.mark.django_db

EARLY, LATE = date(2026, 1, 31), date(2026, 3, 1)


def enrolments(number):
    course = CourseFactory()
    return [an_enrolment(course, UserFactory()) for _ in range(number)]


@pytest.mark.parametrize("days", [[EARLY] * 3, [EARLY, LATE, None], [None] * 3])
def test_each_row_gets_its_own_value_and_nothing_else_changes(days):
    rows, other = enrolments(3), enrolments(1)[0]
    for row, day in zip(rows, days, strict=True):
        row.term_ends_on, row.effort = day, "good"
    with CaptureQueriesContext(connection) as asked:
        many_rows.store(rows, ["term_ends_on"])
    stored = Enrolment.objects.in_bulk([*(row.pk for row in rows), other.pk])
    assert [stored[row.pk].term_ends_on for row in rows] == days
    assert {row.effort for row in stored.values()} == {other.effort}
    assert stored[other.pk].term_ends_on == other.term_ends_on
    assert len(asked) == 1


def test_a_value_that_many_share_is_named_once():
    rows = enrolments(3)
    for row in rows:
        row.term_ends_on = LATE
    with CaptureQueriesContext(connection) as asked:
        many_rows.store(rows, ["term_ends_on"])
    assert asked[0]["sql"].count(str(LATE)) == 1


def test_nothing_to_store_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        many_rows.store([], ["term_ends_on"])


def test_the_database_counts_again_whenever_as_much_again_was_written():
    assert [batch for batch in range(40) if statistics.is_time(batch)] == [0, 1, 2, 4, 8, 16, 32]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite chooses without numbers")
def test_postgresql_knows_how_much_was_written():
    enrolments(3)
    statistics.renew(Enrolment)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'learners_enrolment'")
        assert cursor.fetchone() == (3,)
