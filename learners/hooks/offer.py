"""Everything that one app offers, in one object that its `apps.py` registers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Model

from learners.hooks.chapters import Chapter, World
from learners.hooks.file_uses import FileUse
from learners.hooks.imports import Foreseen
from learners.hooks.pages import (
    CalendarEntry,
    CoachingPage,
    Ending,
    Learned,
    Look,
    NavItem,
    Section,
    Tab,
    Tile,
    Waiting,
)
from learners.hooks.personal import Personal
from learners.hooks.questions import (
    AwaitsResult,
    Completes,
    KeepsCompletedBy,
    OpenExams,
    WhatIsOpen,
)
from learners.hooks.running import Check, Leading, Listed, Queue, Schedule
from learners.hooks.searching import Search
from learners.models import CompletedBy, Enrolment, StudyPointEntry, User


def nothing(*_asked: object) -> tuple[()]:
    """Offer nothing of this kind."""
    return ()


def no_words(*_asked: object) -> Mapping:
    """Say nothing of any of them."""
    return {}


@dataclass(frozen=True, kw_only=True, eq=False)
class Offer:
    """What an app offers; what it leaves out, it has not. A name that does not exist fails at
    start, as it does for any object."""

    # home, the left pane and 'my learning', each for a user
    tiles: Callable[[User], Sequence[Tile]] = nothing
    nav: Callable[[User], Sequence[NavItem]] = nothing
    waiting_for: Callable[[User], Sequence[Waiting]] = nothing
    calendar: Callable[[User], Sequence[CalendarEntry]] = nothing
    endings: Callable[[User], Sequence[Ending]] = nothing
    learned: Callable[[User], Learned] = lambda user: Learned()

    # cards on the pages of a course, of a programme and of somebody who is coached; on a
    # programme's also above all others, and in tabs, with courses that stand there and not below
    course_sections: Callable[[User, Enrolment], Sequence[Section]] = nothing
    programme_head: Callable[[User, Enrolment], Sequence[Section]] = nothing
    programme_tabs: Callable[[User, Enrolment], Sequence[Tab]] = nothing
    programme_sections: Callable[[User, Enrolment], Sequence[Section]] = nothing
    coached_sections: Callable[[User, Enrolment], Sequence[Section]] = nothing
    courses_shown: Callable[[Enrolment], Collection[int]] = nothing
    coaching_pages: Callable[[User], Sequence[CoachingPage]] = nothing

    # words beside what others show, by key
    point_words: Callable[[Sequence[StudyPointEntry]], Mapping[int, str]] = no_words
    coach_words: Callable[[Sequence[Enrolment]], Mapping[int, str]] = no_words
    looks: Mapping[str, Look] = field(default_factory=dict)
    searches: Sequence[Search] = ()

    # people and their files
    personal: Personal | None = None
    files: Sequence[FileUse] = ()

    # looking after the machine
    administration: Sequence[Listed] = ()
    leads_to: Callable[[User, Model], Sequence[Leading]] = nothing  # from the page of a row there
    checks: Sequence[Check] = ()
    queues: Sequence[Queue] = ()
    schedule: Schedule = field(default_factory=dict)

    # the story of the demo
    chapters: Sequence[Chapter[World]] = ()

    # answers to what floors below ask
    completes: Mapping[CompletedBy, Completes] = field(default_factory=dict)
    keeps_completed_by: KeepsCompletedBy = nothing
    what_is_open: WhatIsOpen = no_words
    awaits_result: AwaitsResult = no_words
    open_exams: OpenExams = no_words
    foreseen: Sequence[Foreseen] = ()
