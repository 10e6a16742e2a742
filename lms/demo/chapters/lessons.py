"""The lessons of the demo's courses: texts that are written down, and files that are drawn."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from learners.content import player
from learners.files import captions, keeping
from learners.files.file_kinds import CSV, MP4, PDF, PNG, VTT, Kind
from learners.models import (
    Course,
    CourseKind,
    Enrolment,
    Lesson,
    LessonKind,
    LessonProgress,
    StoredFile,
    StudyStatus,
    User,
)
from lms.demo.drawn import materials
from lms.demo.drawn.slides import SECONDS, film_of
from lms.demo.world import World

MAX_SIZE = 500_000  # bytes
TEXTS = ("title_nl", "title_en", "body_nl", "body_en", "alt_nl", "alt_en")
FLAGS = ("#0f7a4d", "#e0a100", "#b42318", "#1c2430")
DEGREES = {"37°": "#0f7a4d", "38°": "#5a9a3c", "39°": "#e0c000", "40°": "#e07b00", "41°": "#b42318"}
WHITE, INK = "#ffffff", "#1c2430"

Row = Mapping[str, Any]


def write(world: World, rows: Iterable[Row]) -> int:
    """Give every e-learning its lessons, and a few other courses some."""
    by_course: dict[str, list[Row]] = {}
    for row in rows:
        by_course.setdefault(row["course"], []).append(row)
    number = 0
    for key, course in world.courses.items():
        if key in by_course:
            number += write_course(course, by_course[key], world.admin)
        elif course.kind == CourseKind.ELEARNING:
            number += len(Lesson.objects.bulk_create(_introduction(course)))
    return number


def write_course(course: Course, rows: Sequence[Row], owner: User) -> int:
    """Give one course these lessons, in this order."""
    made = [_lesson(course, position, row, owner) for position, row in enumerate(rows, 1)]
    return len(Lesson.objects.bulk_create(made))


def record(enrolments: Sequence[Enrolment], at: datetime) -> None:
    """Let those who completed an e-learning have finished its lessons, at that moment."""
    done = [e for e in enrolments if e.status == StudyStatus.COMPLETED and e.course]
    LessonProgress.objects.bulk_create(
        LessonProgress(enrolment=enrolment, lesson=lesson, opened_at=at, completed_at=at)
        for enrolment in done
        for lesson in (enrolment.course.lessons.all() if enrolment.course else ())
    )


def follow(enrolment: Enrolment, number: int, at: datetime) -> None:
    """Let somebody finish the first lessons of a course, and open the next."""
    assert enrolment.course is not None
    *finished, here = enrolment.course.lessons.all()[: number + 1]
    for lesson in finished:
        player.finish_lesson(enrolment=enrolment, lesson=lesson, by=enrolment.learner, at=at)
    player.open_lesson(enrolment=enrolment, lesson=here, by=enrolment.learner, at=at)


def _lesson(course: Course, position: int, row: Row, owner: User) -> Lesson:
    said = {"title_nl": row["nl"], "title_en": row["en"], **row}
    lesson = Lesson(
        course=course,
        position=position,
        kind=row["kind"],
        minutes=row["minutes"],
        link=row.get("link", ""),
        **{name: said.get(name, "").strip() for name in TEXTS},
    )
    if row["kind"] == LessonKind.VIDEO:
        lesson.file = _stored("video.mp4", film_of(row["slides"]), MP4, owner)
        lesson.captions_nl = _captions(row["captions_nl"], "nl", owner)
        lesson.captions_en = _captions(row["captions_en"], "en", owner)
    elif row["kind"] == LessonKind.PICTURE:
        lesson.file = _stored(f"{row['make']}.png", PICTURES[row["make"]](), PNG, owner)
    elif row["kind"] == LessonKind.PDF:
        lesson.file = _stored(row["name"], materials.hand_out(row["nl"], row["says"]), PDF, owner)
    elif row["kind"] == LessonKind.FILE:
        lesson.file = _stored(row["name"], row["says"].encode(), CSV, owner)
    return lesson


def _introduction(course: Course) -> list[Lesson]:
    """Make of a course that nobody wrote lessons for what its summary and its hand-out say."""
    hand_out = course.materials.get(position=1).file
    first = Lesson(
        course=course,
        position=1,
        minutes=2,
        title_nl="Waarover dit gaat",
        title_en="What this is about",
        body_nl=course.summary_nl,
        body_en=course.summary_en,
    )
    second = Lesson(
        course=course,
        position=2,
        kind=LessonKind.PDF,
        minutes=5,
        title_nl="De samenvatting",
        title_en="The summary",
        file=hand_out,
    )
    return [first, second]


def _stored(name: str, content: bytes, kind: Kind, owner: User) -> StoredFile:
    upload = materials.upload(name, content, kind)
    stored = keeping.store(upload=upload, owner=owner, kinds=[kind], max_size=MAX_SIZE)
    return keeping.claim(stored=stored)


def _captions(lines: Sequence[str], language: str, owner: User) -> StoredFile:
    """Store a caption for each slide."""
    cues = [
        f"00:{n * SECONDS:02}.000 --> 00:{(n + 1) * SECONDS:02}.000\n{line}\n"
        for n, line in enumerate(lines)
    ]
    content = "\n".join(["WEBVTT\n", *cues]).encode()
    captions.check(content)
    return _stored(f"ondertitels-{language}.vtt", content, VTT, owner)


def _flags() -> bytes:
    picture = Image.new("RGB", (960, 400), WHITE)
    pen = ImageDraw.Draw(picture)
    for number, colour in enumerate(FLAGS):
        left = 60 + number * 225
        pen.rectangle((left, 50, left + 10, 360), INK)
        pen.polygon([(left + 10, 55), (left + 175, 105), (left + 10, 175)], colour)
    return _png(picture)


def _thermometer() -> bytes:
    picture = Image.new("RGB", (960, 320), WHITE)
    pen = ImageDraw.Draw(picture)
    for number, (words, colour) in enumerate(DEGREES.items()):
        left = 55 + number * 170
        pen.rectangle((left, 80, left + 169, 180), colour)
        font = ImageFont.load_default(44)
        pen.text((left + 85, 235), words, INK, font, anchor="mm")
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()


PICTURES = {"flags": _flags, "thermometer": _thermometer}
