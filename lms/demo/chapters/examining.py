"""The exams of the demo's programmes: their parts, what is read and handed in, and versions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from exams.defining import exams
from exams.models import Criterion, Exam, ExamPart, ExpectedFile, InstructionPage
from lms.demo.data import reading
from lms.demo.world import World

Row = Mapping[str, Any]
Act = Callable[[datetime], object]
HOUR = "09:10"


def steps(world: World) -> Iterator[tuple[datetime, Act]]:
    """Yield when each version of an exam is defined and published, and how; the last version of
    one is still being made."""
    for row in reading.read("exams.toml")["exam"]:
        yield world.clock.at(-row["days"], HOUR), partial(_exam, world, row)


def _exam(world: World, row: Row, at: datetime) -> None:
    """Make a version, as a copy of the one before it where there is one."""
    made = exams.begin(programme=world.programmes[row["programme"]], by=world.admin)
    made.title_nl, made.title_en, made.created_at = row["nl"], row["en"], at
    if row.get("is_made"):
        made.save()
        return
    made.kind = row["kind"]
    made.announcement_nl, made.announcement_en = row["announcement_nl"], row["announcement_en"]
    made.save()
    for position, part in enumerate(row.get("part", ()), 1):
        _part(made, position, part)
    exams.publish(exam=made, by=world.admin, at=at)


def _part(exam: Exam, position: int, row: Row) -> None:
    part = ExamPart.objects.create(
        exam=exam,
        position=position,
        kind=row["kind"],
        minutes=row["minutes"],
        weight=row["weight"],
        cut_score=row["cut"],
        most_megabytes=row.get("megabytes", 100),
        most_files=row.get("files", 10),
        **_titles(row),
    )
    _pages(part, row["page"])
    _files(part, row.get("file", ()))
    _criteria(part, row["criterion"])


def _pages(part: ExamPart, rows: Sequence[Row]) -> None:
    for position, row in enumerate(rows, 1):
        text = {name: row[name].strip() for name in ("text_nl", "text_en")}
        InstructionPage.objects.create(part=part, position=position, **_titles(row), **text)


def _files(part: ExamPart, rows: Sequence[Row]) -> None:
    for position, row in enumerate(rows, 1):
        ExpectedFile.objects.create(
            part=part,
            position=position,
            sort=row["sort"],
            is_required=row.get("required", True),
            **_titles(row),
        )


def _criteria(part: ExamPart, rows: Sequence[Row]) -> None:
    for position, row in enumerate(rows, 1):
        Criterion.objects.create(
            part=part,
            position=position,
            points=row["points"],
            is_knock_out=row.get("knock_out", False),
            explanation_nl=row.get("about_nl", ""),
            explanation_en=row.get("about_en", ""),
            **_titles(row),
        )


def _titles(row: Row) -> dict[str, str]:
    return {"title_nl": row["nl"], "title_en": row["en"]}
