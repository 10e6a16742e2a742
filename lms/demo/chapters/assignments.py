"""What two programmes of the demo ask that lead to an exam: themes, assignments, and versions."""

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any

from exams.models import (
    Assignment,
    AssignmentVersion,
    ExamPlan,
    Reaches,
    Theme,
    ThemeCourse,
)
from learners.models import Programme
from lms.demo.chapters.building import PUBLISHED
from lms.demo.world import World

Row = Mapping[str, Any]
TEXTS = ("task_nl", "task_en", "expected_nl", "expected_en")


def define(world: World, rows: list[Row]) -> dict[str, Assignment]:
    """Give programmes their plan and their assignments, each with its first version; return these
    by '<programme>/<code>'."""
    published_at = world.clock.loaded_at - PUBLISHED
    made = {}
    for row in rows:
        programme = world.programmes[row["key"]]
        ExamPlan.objects.create(
            programme=programme, needed_xp=row["needed"], xp_from=row["xp_from"]
        )
        for position, theme in enumerate(row["theme"], 1):
            for one in _theme(programme, position, theme, published_at):
                made[f"{row['key']}/{one.code}"] = one
    return made


def publish_later(assignment: Assignment, row: Row, at: datetime) -> AssignmentVersion:
    """Publish the second version of an assignment, which says some things otherwise."""
    later = row["later"]
    return _version(assignment, {**row, **later}, number=2, at=at, reaches=later["reaches"])


def _theme(programme: Programme, position: int, row: Row, at: datetime) -> list[Assignment]:
    theme = Theme.objects.create(
        programme=programme, position=position, title_nl=row["nl"], title_en=row["en"]
    )
    courses = row.get("courses", {})
    for code, place in courses.items():
        its = programme.programme_courses.get(course__code=code)
        ThemeCourse.objects.create(theme=theme, programme_course=its, position=place)
    places = (place for place in count(1) if place not in courses.values())
    return [_assignment(theme, next(places), one, at) for one in row["assignment"]]


def _assignment(theme: Theme, position: int, row: Row, at: datetime) -> Assignment:
    made = Assignment.objects.create(
        theme=theme,
        code=row["code"],
        position=position,
        is_needed=row.get("needed", True),
    )
    _version(made, row, number=1, at=at)
    return made


def _version(
    assignment: Assignment,
    row: Row,
    *,
    number: int,
    at: datetime,
    reaches: str = Reaches.NOT_HANDED_IN,
) -> AssignmentVersion:
    return AssignmentVersion.objects.create(
        assignment=assignment,
        number=number,
        title_nl=row["nl"],
        title_en=row["en"],
        xp=row["xp"],
        answer=row["answer"],
        is_reviewed=row.get("reviewed", True),
        created_at=at,
        published_at=at,
        reaches=reaches,
        **{name: row.get(name, "").strip() for name in TEXTS},
    )
