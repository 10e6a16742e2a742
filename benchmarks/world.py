"""A database with so many enrolments: a block that the product made, copied by the database.

A million enrolments with their places, marks, history, points, certificates and notifications are
some seven million rows; the product would be at it for an hour.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.models import Max

from attendance.models import Attendance, AttendanceChange
from benchmarks import block
from benchmarks.block import Block
from certifications.models import Certificate
from learners.models import (
    Course,
    Enrolment,
    Meeting,
    Membership,
    Notification,
    Place,
    Run,
    StudyPointAccount,
    StudyPointEntry,
    StudyStatusChange,
    User,
)
from lms import translations
from lms.running import static_files

SMALL, LARGE = 1_000, 1_000_000
STRIDE = 10_000  # between the keys of one copy and the next; a block has fewer rows in any table
BLOCKS_PER_COURSE = 10  # that share their courses: each course then has ten runs

# How a column of copy n follows from the block's; those that are not named stay the same.
OWN = f"{{}} + n * {STRIDE}"
OF_COURSE = f"{{}} + n / {BLOCKS_PER_COURSE} * {STRIDE}"
TEXT = "{} || '-' || n"
CODE = "substr({}, 1, 6) || n"

COPIED: Mapping[type[models.Model], Mapping[str, str]] = {
    User: {"email": TEXT, "name": TEXT, "sort_name": TEXT, "search_name": TEXT},
    Membership: {"user_id": OWN},
    Run: {"course_id": OF_COURSE, "code": TEXT},
    Run.teachers.through: {"run_id": OWN, "user_id": OWN},
    Meeting: {"run_id": OWN},
    Enrolment: {"learner_id": OWN, "course_id": OF_COURSE},
    Place: {"enrolment_id": OWN, "run_id": OWN},
    StudyStatusChange: {"enrolment_id": OWN},
    StudyPointAccount: {"learner_id": OWN, "course_id": OF_COURSE},
    StudyPointEntry: {"account_id": OWN, "cause": TEXT},
    AttendanceChange: {"meeting_id": OWN, "enrolment_id": OWN},
    Attendance: {"meeting_id": OWN, "enrolment_id": OWN, "version": OWN},
    Certificate: {"learner_id": OWN, "enrolment_id": OWN, "code": CODE, "number": TEXT},
    Notification: {"user_id": OWN, "key": TEXT},
}


@dataclass(frozen=True)
class Span:
    """The keys of the block's rows in one table."""

    first: int
    last: int


def make(enrolments: int) -> Block:
    """Empty the database, and fill it with so many enrolments."""
    prepare()
    with in_haste():
        made = fill(enrolments)
    analyse()
    return made


def fill(enrolments: int) -> Block:
    """Let the product make a block, and the database copies of it, in an empty database."""
    admin, organisations = block.institutions()
    tables: list[type[models.Model]] = [Course, *COPIED]
    before = {model: last_key(model) for model in tables}
    made = block.make(admin, organisations)
    spans = {model: Span(last + 1, last_key(model)) for model, last in before.items()}
    with transaction.atomic():
        trust_what_points_where()
        copy_courses(spans[Course], enrolments)
        for model, changed in COPIED.items():
            copy(model, spans[model], {"id": OWN, **changed}, enrolments // block.ENROLMENTS - 1)
        go_on_counting([Course, *COPIED])
    return made


def prepare() -> None:
    """Bring an empty database of this version, and what pages are made of."""
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    translations.compile_catalogue()
    if static_files.are_stale():
        static_files.collect()


def copy_courses(span: Span, enrolments: int) -> None:
    """Copy the courses, of which several blocks share each."""
    last = (enrolments // block.ENROLMENTS - 1) // BLOCKS_PER_COURSE
    copy(Course, span, {"id": OWN, "code": TEXT, "title_nl": TEXT}, last)


def copy(model: type[models.Model], span: Span, changed: Mapping[str, str], times: int) -> None:
    """Copy the block's rows of one table so many times, in one statement."""
    table = connection.ops.quote_name(model._meta.db_table)
    columns = [str(field.column) for field in model._meta.local_concrete_fields]
    names = [connection.ops.quote_name(column) for column in columns]
    values = [
        changed.get(column, "{}").format(name) for column, name in zip(columns, names, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE numbers(n) AS"
            " (SELECT 1 WHERE %s > 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)"
            f" INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)}"
            f" FROM {table} CROSS JOIN numbers WHERE id BETWEEN %s AND %s",
            [times, times, span.first, span.last],
        )


@contextmanager
def in_haste() -> Iterator[None]:
    """Let SQLite write a gigabyte at once, without a way back, as the database is thrown away."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode = OFF")
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute("PRAGMA cache_size = -1000000")
        cursor.execute("PRAGMA foreign_keys = OFF")
    yield
    connection.close()  # the next one is as the settings have it


def analyse() -> None:
    """Let the database look at what it holds now, as it does by itself in time."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def trust_what_points_where() -> None:
    """Spare PostgreSQL ten million look-ups: a copy points where the block pointed."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")


def go_on_counting(tables: Iterable[type[models.Model]]) -> None:
    """Let new keys begin after those of the copies."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)


def last_key(model: type[models.Model]) -> int:
    """Return the last key of a table, 0 where it is empty."""
    return model._base_manager.aggregate(last=Max("pk"))["last"] or 0
