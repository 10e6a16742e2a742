"""Measuring a page or a piece of work: queries, processor time, memory, and what the floor costs.

The floor of a page is its template with its rows as they were, rendered again without a query; that
of work is inserting the rows that it wrote, ready made, with `bulk_create`. Both are measured in
turns with the thing itself, in the same process.
"""

import gc
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, models, transaction
from django.db.models import Max
from django.template import Context
from django.test import Client
from django.test.utils import setup_test_environment, teardown_test_environment
from django.utils import timezone, translation

from learners.models import User
from lms.tests.own import own_apps

TURNS = 9
MOST_TIMES_FLOOR = 3
ENDS = ("COMMIT", "ROLLBACK", "BEGIN")
NANO = 1e-9
AT_ONCE = 5_000  # rows of a floor

Read = tuple[float, str, Any]  # seconds, the query and its values


@dataclass(kw_only=True)
class Figure:
    """One line of the table; times are of the processor, in milliseconds."""

    name: str
    rows: int = 0  # that it is about, where that grows with the database
    queries: int
    cpu: float
    database: float | None = None  # of it, by PostgreSQL's own process
    floor: float | None = None
    memory: float = 0.0  # megabytes more, at most, than before
    most_queries: int | None = None
    most_times_floor: float | None = None
    plan: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times its floor it is."""
        return self.cpu / self.floor if self.floor else None

    @property
    def holds(self) -> bool | None:
        """Whether it stays within its budgets; None where it has none."""
        kept = []
        if self.most_queries is not None:
            kept.append(self.queries <= self.most_queries)
        if self.most_times_floor is not None and self.ratio is not None:
            kept.append(self.ratio <= self.most_times_floor)
        return all(kept) if kept else None

    def told(self) -> str:
        """Say it in a line of JSON."""
        return json.dumps(asdict(self))


@dataclass
class Watch:
    """What was done while something ran."""

    queries: int = 0
    cpu: float = 0.0
    database: float | None = None
    memory: float = 0.0
    longest: Read | None = None
    looked_for: Read | None = None  # the first that says what there is to do

    def __call__(self, execute: Callable, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Count a query, and remember the read that took longest: not all of them, whose keys would
        count as memory of what is measured."""
        began = time.perf_counter()
        result = execute(sql, params, many, context)
        self.queries += 1
        if sql.lstrip(" (").startswith("SELECT"):
            read = (time.perf_counter() - began, sql, params)
            self.longest = max(self.longest or read, read, key=lambda one: one[0])
            if self.looked_for is None and " LIMIT " in sql:
                self.looked_for = read
        return result


@contextmanager
def watching() -> Iterator[Watch]:
    """Count queries, processor time and memory of what happens inside."""
    watch = Watch()
    connection.ensure_connection()
    gc.collect()  # what was measured before leaves nothing for this one to clean up
    _forget_peak()
    held, database, cpu = _memory("VmRSS"), database_work(), time.process_time()
    with connection.execute_wrapper(watch):
        yield watch
    watch.cpu = 1000 * (time.process_time() - cpu)
    after = database_work()
    if database is not None and after is not None:
        watch.database = 1000 * (after - database)
        watch.cpu += watch.database
    watch.memory = max(0.0, _memory("VmHWM") - held)


def database_work() -> float | None:
    """Return the seconds of processor that PostgreSQL spent on this connection; None where that is
    not its own process on this machine."""
    if connection.vendor != "postgresql":
        return None
    path = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(path.read_text().split()[0]) * NANO if path.exists() else None


def page(name: str, *, who: User, url: str, most_queries: int | None = None) -> Figure:
    """Measure a page as somebody sees it, with its floor."""
    get = getter(who, url)
    render = floor_of_page(get, who)
    with watching() as first:
        get()
    ours, floor = in_turns(get, render)
    return Figure(
        name=name,
        queries=first.queries,
        cpu=ours.cpu,
        database=ours.database,
        floor=floor.cpu,
        memory=first.memory,
        most_queries=most_queries,
        most_times_floor=MOST_TIMES_FLOOR,
        plan=explained(first.longest) if first.longest else "",
    )


def getter(who: User, url: str) -> Callable[[], Any]:
    """Return a function that fetches a page as somebody who is signed in sees it."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(who)

    def get() -> Any:
        response = client.get(url)
        assert response.status_code == 200, (url, response.status_code)
        return response

    return get


def floor_of_page(get: Callable[[], Any], who: User) -> Callable[[], str]:
    """Return a function that renders the page's template again with what it had, evaluated."""
    setup_test_environment(debug=False)
    try:
        response = get()
    finally:
        teardown_test_environment()
    template, values = response.templates[0], response.context[0].flatten()

    def render() -> str:
        context = Context(values)
        context.request = values["request"]  # type: ignore[attr-defined]  # for {% querystring %}
        with translation.override(who.language), timezone.override(ZoneInfo(who.time_zone)):
            return template.render(context)

    with watching() as watch:
        html = render()
    assert abs(len(html) - len(response.content.decode())) < 1_000, "the floor is another page"
    assert watch.queries == 0, "the floor asks the database"
    return render


def in_turns(*things: Callable[[], Any], turns: int = TURNS) -> list[Watch]:
    """Run things in turns, and return the median of each."""
    seen: list[list[Watch]] = [[] for _thing in things]
    for _turn in range(turns):
        for watches, thing in zip(seen, things, strict=True):
            with watching() as watch:
                thing()
            watches.append(watch)
    return [sorted(watches, key=lambda watch: watch.cpu)[turns // 2] for watches in seen]


def work(name: str, do: Callable[[], object], **more: Any) -> Figure:
    """Measure work that is done once, with the rows that it wrote as its floor."""
    before = last_keys()
    with watching() as watch:
        do()
    return Figure(
        name=name,
        queries=watch.queries,
        cpu=watch.cpu,
        database=watch.database,
        floor=floor_of_rows(before),
        memory=watch.memory,
        plan=explained(watch.looked_for) if watch.looked_for else "",
        **more,
    )


def last_keys() -> Mapping[type[models.Model], int]:
    """Return the last key of each table of ours."""
    found = [model for app in own_apps() for model in app.get_models(include_auto_created=True)]
    return {
        model: model._base_manager.aggregate(last=Max("pk"))["last"] or 0
        for model in found
        if not model._meta.proxy
    }


def floor_of_rows(before: Mapping[type[models.Model], int]) -> float:
    """Return what it costs to insert the rows since then, ready made, so many in one go that the
    memory of this stands for nothing in what is measured next."""
    spent = 0.0
    with transaction.atomic():
        for model, last in before.items():
            for rows in _rows_after(model, last):
                keys = [row.pk for row in rows]
                with connection.constraint_checks_disabled():
                    model._base_manager.filter(pk__in=keys)._raw_delete(connection.alias)
                with watching() as watch:
                    model._base_manager.bulk_create(rows)
                spent += watch.cpu
        transaction.set_rollback(True)
    return spent


def _rows_after(model: type[models.Model], last: int) -> Iterator[list[models.Model]]:
    """Yield what was made after this key, batch by batch."""
    rows = model._base_manager.order_by("pk")
    while found := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        yield found
        last = found[-1].pk


def explained(read: tuple[float, str, Any]) -> str:
    """Return how the database goes about a query."""
    _seconds, sql, params = read
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {sql}", params)
            return "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        return _indented(cursor.fetchall())


def _indented(steps: list[tuple]) -> str:
    depth = {0: 0}
    lines = []
    for key, parent, _unused, text in steps:
        depth[key] = depth.get(parent, 0) + 1
        lines.append("  " * (depth[key] - 1) + text)
    return "\n".join(lines)


def _memory(name: str) -> float:
    """Return megabytes that this process holds now (VmRSS) or held at most (VmHWM)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _forget_peak() -> None:
    if os.access("/proc/self/clear_refs", os.W_OK):
        Path("/proc/self/clear_refs").write_text("5")
