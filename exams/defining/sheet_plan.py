"""What a sheet would do to the assignments of a programme, row by row."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

from exams.defining.outline import Defined, Outline
from exams.defining.publishing import COPIED, Touched
from exams.defining.sheet_lines import Finding, Line
from exams.defining.sheets import SheetColumn as C
from exams.models import Theme, ThemeCourse
from learners.models import ProgrammeCourse


class Outcome(TextChoices):
    """What becomes of a row."""

    NEW = "new", gettext_lazy("new")
    VERSION = "version", gettext_lazy("a new version")
    SET = "set", gettext_lazy("another place")
    SAME = "same", gettext_lazy("stays the same")
    ERROR = "error", gettext_lazy("to be mended")


@dataclass(frozen=True)
class Step:
    """One row with what it finds, and what becomes of it."""

    line: Line
    outcome: Outcome
    defined: Defined | None = None
    course: ProgrammeCourse | None = None
    changed: Sequence[C] = ()
    touched: Touched = field(default_factory=Touched)

    @property
    def is_published(self) -> bool:
        """Whether a version is published by it."""
        return self.outcome in (Outcome.NEW, Outcome.VERSION) and not self.line.is_course

    @property
    def title(self) -> str:
        """What it is called, in the file or here."""
        if self.course:
            return self.course.course.title
        return str(self.line.said.get(C.TITLE_NL, ""))


@dataclass(frozen=True)
class ThemePlan:
    """A theme of the file in its order: the one that is here, or a new one; its rows, and whether
    they or it have to be put in another order."""

    title_nl: str
    title_en: str | None
    theme: Theme | None
    steps: Sequence[Step]
    rests: Sequence[Defined | ThemeCourse] = ()  # what stands here and not in the file, behind
    is_reordered: bool = False

    @property
    def titles(self) -> tuple[str, str]:
        """What it is called from now on, in Dutch and English."""
        kept = self.theme.title_en if self.theme else ""
        return self.title_nl, kept if self.title_en is None else self.title_en

    @property
    def renames(self) -> bool:
        """Whether a theme that is here gets another title."""
        theme = self.theme
        return theme is not None and (theme.title_nl, theme.title_en) != self.titles


@dataclass(frozen=True)
class Plan:
    """All that a sheet would do."""

    outline: Outline
    themes: Sequence[ThemePlan]
    findings: Sequence[Finding]
    missing: Sequence[Defined]  # asked here, not named in the file; they stay
    emptied: Sequence[Theme]  # they go, as nothing is in them any more
    are_themes_reordered: bool
    unused: Sequence[str] = ()

    @cached_property
    def steps(self) -> list[Step]:
        """All rows, in the order of the file."""
        return sorted((s for theme in self.themes for s in theme.steps), key=lambda s: s.line.line)

    @cached_property
    def errors(self) -> list[Finding]:
        return [one for one in self.findings if one.is_error]

    @cached_property
    def changes_anything(self) -> bool:
        """Whether anything would be another than it is."""
        themes = any(one.renames or one.is_reordered or one.theme is None for one in self.themes)
        steps = any(one.outcome != Outcome.SAME for one in self.steps)
        return themes or steps or self.are_themes_reordered or bool(self.emptied)

    @cached_property
    def published(self) -> list[Step]:
        """The rows by which a version is published."""
        return [one for one in self.steps if one.is_published]

    @cached_property
    def counted(self) -> list[tuple[Outcome, int]]:
        """How many rows there are of each outcome."""
        outcomes = [one.outcome for one in self.steps]
        return [(one, outcomes.count(one)) for one in Outcome if one in outcomes]

    @cached_property
    def total_after(self) -> int:
        """XP that somebody who enrols afterwards can earn."""
        named = {one.defined.assignment.pk for one in self.published if one.defined}
        kept = sum(d.xp for d in self.outline.assignments if d.assignment.pk not in named)
        return kept + sum(_xp_of(one) for one in self.published)

    @cached_property
    def key(self) -> str:
        """Names what was shown and what it rests on, so that nothing else is done by who agrees to
        it, and nothing is replaced that somebody wrote meanwhile."""
        steps = [(s.line, s.outcome, list(_said_of(s.defined))) for s in self.steps]
        here = [(d.assignment.pk, d.assignment.archived_at) for d in self.missing]
        return hashlib.sha256(repr([steps, here]).encode()).hexdigest()


def _said_of(defined: Defined | None) -> Iterator[object]:
    """Yield what is here of an assignment: what was published by its key, as that is frozen, and
    what is being made with all that it says."""
    if defined is None:
        return
    yield defined.assignment.is_needed
    for version in defined.versions:
        said = () if version.is_frozen else [getattr(version, name) for name in COPIED]
        yield version.pk, *said


def _xp_of(step: Step) -> int:
    said = step.line.said.get(C.XP)
    if isinstance(said, int):
        return said
    return step.defined.said.xp if step.defined and step.defined.said else 0
