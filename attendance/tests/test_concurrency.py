"""Two teachers and two clicks at the very same time, on a database that lets them."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from attendance.models import Attendance, AttendanceChange, RegisterSaving
from attendance.tests.factories import a_class, a_teacher, save, typed

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor == 'sqlite'",
        reason="SQLite's own database for tests is of one connection; it lets one write at a time",
    ),
]


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do these things at the same moment, each with a connection of its own."""
    results: list[object] = [None] * len(acts)
    barrier = threading.Barrier(len(acts))

    def run(number: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[number] = act()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def test_the_same_form_sent_many_times_at_once_is_one_saving():
    assert connection.vendor != "sqlite"
    run, teacher, people = a_class(-7, people=10)
    form = typed(run, {one: {"mark": "present"} for one in people}, run.meetings.get())
    savings = at_once(*[lambda: save(run, teacher, form)] * 6)
    assert savings == [RegisterSaving.objects.get()] * 6
    assert AttendanceChange.objects.count() == 10


def test_two_teachers_in_the_same_cells_lose_nothing():
    run, teacher, people = a_class(-7, people=10)
    other = a_teacher(run)
    mine = typed(run, {one: {"mark": "present"} for one in people[:6]}, run.meetings.get())
    theirs = typed(run, {one: {"mark": "absent"} for one in people[4:]}, run.meetings.get())
    first, second = at_once(lambda: save(run, teacher, mine), lambda: save(run, other, theirs))
    differing = [len(saving.summary["differences"]) for saving in (first, second)]
    assert sorted(differing) == [0, 2]
    assert Attendance.objects.count() == 10
