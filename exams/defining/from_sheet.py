"""Finding out what a sheet would do to the assignments of a programme, before anything is done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import IO

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from exams.defining import needing, outline, publishing, sheet_lines
from exams.defining.outline import Defined, Outline
from exams.defining.publishing import Touched
from exams.defining.sheet_lines import Finding, Line
from exams.defining.sheet_plan import Outcome, Plan, Step, ThemePlan
from exams.defining.sheets import SheetColumn as C
from exams.defining.sheets import held
from exams.models import Theme, ThemeCourse
from learners.models import Programme, ProgrammeCourse
from learners.names import folded

Key = tuple[bool, str]  # whether it is a course, and its code


def plan_of(*, programme: Programme, content: IO[bytes]) -> Plan:
    """Say what a file would do. Raises `FileRefused` for what cannot be read."""
    sheet = sheet_lines.lines_of(content)
    return _Planner(outline.of(programme), sheet).plan()


class _Planner:
    """Finds for each row what is here already."""

    def __init__(self, here: Outline, sheet: sheet_lines.Sheet) -> None:
        self.here, self.sheet = here, sheet
        self.findings = list(sheet.findings)
        self.wrong = {one.line for one in sheet.findings if one.is_error}
        self.defined = {one.assignment.code.casefold(): one for one in here.assignments}
        rows = ProgrammeCourse.objects.filter(programme=here.programme).select_related("course")
        self.courses = {row.course.code.casefold(): row for row in rows}
        self.theme_of = {_key(one): e.theme for e in here.themes for one in e.in_order}

    def plan(self) -> Plan:
        steps = [self._step(line) for line in self.sheet.lines]
        steps = _with_touched(self.here.programme, steps)
        self._note_needs(steps)
        themes = list(self._themes(steps))
        named = {step.line.key for step in steps}
        missing = [
            one
            for one in self.here.assignments
            if one.said and not one.assignment.archived_at and _key(one) not in named
        ]
        listed = [one.theme.pk for one in themes if one.theme]
        return Plan(
            self.here,
            themes,
            sorted(self.findings, key=lambda one: one.line),
            missing,
            list(self._emptied(steps)),
            listed != [e.theme.pk for e in self.here.themes if e.theme.pk in set(listed)],
            self.sheet.unused,
        )

    def _step(self, line: Line) -> Step:
        if line.line in self.wrong:
            return Step(line, Outcome.ERROR)
        return self._of_course(line) if line.is_course else self._of_assignment(line)

    def _of_course(self, line: Line) -> Step:
        course = self.courses.get(line.code.casefold())
        if course is None:
            words = _("The programme has no course “%(code)s”. Add it to the programme first.")
            self._refuse(line, words)
            return Step(line, Outcome.ERROR)
        if line.is_needed not in (None, course.is_needed):
            self._note(line, _("Whether a course is needed stays as the programme’s page says."))
        return Step(line, self._placed(line, None), course=course)

    def _of_assignment(self, line: Line) -> Step:
        defined = self.defined.get(line.code.casefold())
        if defined is None:
            return Step(line, Outcome.NEW)
        if defined.assignment.archived_at:
            words = _("“%(code)s” was archived. Bring it back first, or choose another code.")
            self._refuse(line, words)
            return Step(line, Outcome.ERROR, defined)
        changed = _changed(defined, line.said)
        if changed and defined.published and defined.draft:
            self._note(line, _("The version that is being made of it is replaced by this line."))
        elif not changed and defined.draft and not defined.published:
            self._note(line, _("It is not published yet, and stays so."))
        outcome = Outcome.VERSION if changed else self._placed(line, defined)
        return Step(line, outcome, defined, changed=changed)

    def _note(self, line: Line, words: str) -> None:
        self.findings.append(Finding(line.line, str(C.CODE.label), words, is_error=False))

    def _note_needs(self, steps: Sequence[Step]) -> None:
        """Say of each row that changes whether its assignment is needed how many that touches."""
        rows = [(s.line, s.defined.assignment) for s in steps if s.defined and _changes_need(s)]
        touched = needing.touched([one for _line, one in rows]) if rows else {}
        for line, one in rows:
            if number := touched[one.pk]:
                is_needed = line.is_needed is True
                self._note(line, needing.words(line.code, number, is_needed=is_needed))

    def _refuse(self, line: Line, words: str) -> None:
        said = words % {"code": line.code}
        self.findings.append(Finding(line.line, str(C.CODE.label), said))

    def _placed(self, line: Line, defined: Defined | None) -> Outcome:
        """Say whether a row stands under another theme than here, or is needed where it was not."""
        theme = self.theme_of.get(line.key)
        if theme is None:
            return Outcome.NEW
        is_elsewhere = folded(theme.title_nl) != folded(line.theme_nl)
        other = defined is not None and _says_need(line, defined)
        return Outcome.SET if is_elsewhere or other else Outcome.SAME

    def _themes(self, steps: Sequence[Step]) -> Iterator[ThemePlan]:
        """Yield the themes of the file in the order in which it first names them."""
        by_theme: dict[str, list[Step]] = {}
        for step in steps:
            by_theme.setdefault(folded(step.line.theme_nl), []).append(step)
        here = {folded(each.theme.title_nl): each for each in reversed(self.here.themes)}
        named = {step.line.key for step in steps}
        for key, rows in by_theme.items():
            each = here.get(key)
            stands = each.in_order if each else []
            order = [_key(one) for one in stands if _key(one) in named]
            yield ThemePlan(
                rows[0].line.theme_nl,
                self._english(rows),
                each.theme if each else None,
                rows,
                [one for one in stands if _key(one) not in named],
                order != [step.line.key for step in rows],
            )

    def _english(self, rows: Sequence[Step]) -> str | None:
        """Return the English title of a theme; rows that disagree are said."""
        first = rows[0].line.theme_en
        for step in rows[1:]:
            if step.line.theme_en not in ("", first):
                words = _("This theme is called “%(title)s” in English on an earlier line.")
                self.findings.append(
                    Finding(step.line.line, str(C.THEME_EN.label), words % {"title": first or "–"})
                )
        return first

    def _emptied(self, steps: Sequence[Step]) -> Iterator[Theme]:
        """Yield the themes of which all that they hold moves to another."""
        goes_to = {step.line.key: folded(step.line.theme_nl) for step in steps}
        for each in self.here.themes:
            own = folded(each.theme.title_nl)
            held_here = [_key(one) for one in each.in_order]
            if held_here and all(goes_to.get(key, own) != own for key in held_here):
                yield each.theme


def _key(one: Defined | ThemeCourse) -> Key:
    if isinstance(one, ThemeCourse):
        return True, one.programme_course.course.code.casefold()
    return False, one.assignment.code.casefold()


def _says_need(line: Line, defined: Defined) -> bool:
    """Whether a line says otherwise than here whether its assignment is needed."""
    return line.is_needed not in (None, defined.assignment.is_needed)


def _changes_need(step: Step) -> bool:
    is_error = step.outcome == Outcome.ERROR
    return step.defined is not None and not is_error and _says_need(step.line, step.defined)


def _changed(defined: Defined, said: Mapping[TextChoices, object]) -> list[C]:
    """Return what a row says otherwise than the newest published version, or the draft where none
    was published."""
    version = defined.said
    return [C(c) for c in C if c in said and (not version or held(version, c) != said[c])]


def _with_touched(programme: Programme, steps: Sequence[Step]) -> list[Step]:
    """Say of each row that publishes a version whom that touches."""
    rows = [s.defined.assignment for s in steps if s.is_published and s.defined]
    touched = publishing.touched_by_many(rows)
    are_new = any(s.is_published and not s.defined for s in steps)
    everybody = Touched(publishing.following([programme]).count()) if are_new else Touched()

    def told(step: Step) -> Step:
        if not step.is_published:
            return step
        known = touched[step.defined.assignment.pk] if step.defined else everybody
        return replace(step, touched=known)

    return [told(step) for step in steps]
