"""Doing what a sheet asks for: all of it, or nothing."""

from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from exams.defining import publishing, putting_aside
from exams.defining.from_sheet import plan_of
from exams.defining.publishing import DefinitionRefused
from exams.defining.sheet_plan import Plan, Step, ThemePlan
from exams.defining.sheets import SheetColumn as C
from exams.models import (
    Assignment,
    AssignmentVersion,
    ExamPlan,
    Reaches,
    Theme,
    ThemeCourse,
)
from learners import audit
from learners.models import Programme, User


@transaction.atomic
def take_in(
    *,
    programme: Programme,
    content: IO[bytes],
    by: User,
    seen: str,
    reaches: str = Reaches.NOT_HANDED_IN,
) -> Plan:
    """Do what a file asks for, and publish its versions for these people; return what was done.

    Raises `DefinitionRefused` while a line is to be mended, and where it would do something else
    than was `seen`, as somebody changed the programme meanwhile; `FileRefused` for what cannot be
    read.
    """
    row = ExamPlan.objects.select_for_update(of=("self",)).get(programme=programme)
    plan = plan_of(programme=programme, content=content)
    if plan.errors:
        raise DefinitionRefused(_("Mend the lines below in the file first. Nothing was changed."))
    if plan.key != seen:
        words = _("The programme was changed since you looked. Look at what the file does now.")
        raise DefinitionRefused(words)
    if not plan.changes_anything:
        return plan
    for number, theme in enumerate(plan.themes, 1):
        _take_theme(plan, theme, number, by, reaches)
    _put_others_behind(plan)
    putting_aside.remove_empty(themes=plan.emptied, by=by)
    numbers = {str(outcome): n for outcome, n in plan.counted}
    audit.record(action="exams.assignments_from_file", on=row, by=by, changes=numbers)
    return plan


def _take_theme(plan: Plan, said: ThemePlan, number: int, by: User, reaches: str) -> None:
    theme = _theme(plan, said, number, by)
    for place, step in enumerate(said.steps, 1):
        position = place if said.is_reordered else None
        if step.line.is_course:
            _place_course(step, theme, position)
        else:
            _take_assignment(step, theme, position, by, reaches)
    if said.is_reordered:
        for place, one in enumerate(said.rests, len(said.steps) + 1):
            row = one if isinstance(one, ThemeCourse) else one.assignment
            type(row)._default_manager.filter(pk=row.pk).update(position=place)


def _theme(plan: Plan, said: ThemePlan, number: int, by: User) -> Theme:
    """Return the theme under its titles, made where it is new."""
    dutch, english = said.titles
    if said.theme is None:
        values = {"title_nl": dutch, "title_en": english, "position": number}
        made = Theme.objects.create(programme=plan.outline.programme, **values)
        audit.record(action="exams.theme_added", on=made, by=by)
        return made
    if said.renames:
        changes = {
            "title_nl": [said.theme.title_nl, dutch],
            "title_en": [said.theme.title_en, english],
        }
        said.theme.title_nl, said.theme.title_en = dutch, english
        said.theme.save(update_fields=["title_nl", "title_en"])
        audit.record(action="exams.theme_changed", on=said.theme, by=by, changes=changes)
    return said.theme


def _put_others_behind(plan: Plan) -> None:
    """Put themes in the order of the file, and those that it does not name after them."""
    are_new = any(one.theme is None for one in plan.themes)
    if not (plan.are_themes_reordered or are_new):
        return
    named = {one.theme.pk: n for n, one in enumerate(plan.themes, 1) if one.theme}
    others = [each.theme.pk for each in plan.outline.themes if each.theme.pk not in named]
    places = {**named, **{pk: n for n, pk in enumerate(others, len(plan.themes) + 1)}}
    for pk, place in places.items():
        Theme.objects.filter(pk=pk).update(position=place)


def _place_course(step: Step, theme: Theme, position: int | None) -> None:
    values = {"theme": theme, **({"position": position} if position else {})}
    ThemeCourse.objects.update_or_create(programme_course=step.course, defaults=values)


def _take_assignment(
    step: Step, theme: Theme, position: int | None, by: User, reaches: str
) -> None:
    assignment = _placed(step, theme, position, by)
    if step.is_published:
        draft = publishing.begin(assignment=assignment, by=by)
        publishing.publish(version=_written(draft, step), by=by, reaches=reaches)


def _placed(step: Step, theme: Theme, position: int | None, by: User) -> Assignment:
    """Return the assignment of a row, where the row puts it."""
    if step.defined is None:
        needed = step.line.is_needed is not False
        made = Assignment.objects.create(
            theme=theme, code=step.line.code, position=position or 1, is_needed=needed
        )
        audit.record(action="exams.assignment_added", on=made, by=by)
        return made
    row = step.defined.assignment
    before = {"theme": row.theme_id, "is_needed": row.is_needed}
    row.theme, row.position = theme, position or row.position
    row.is_needed = row.is_needed if step.line.is_needed is None else step.line.is_needed
    row.save(update_fields=["theme", "programme", "position", "is_needed"])
    after = {"theme": row.theme_id, "is_needed": row.is_needed}
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changes:
        audit.record(action="exams.assignment_changed", on=row, by=by, changes=changes)
    return row


def _written(draft: AssignmentVersion, step: Step) -> AssignmentVersion:
    """Write into a draft what the row says; what it does not say is as in the newest published."""
    base = step.defined.published if step.defined else None
    for name in publishing.COPIED if base else ():
        setattr(draft, name, getattr(base, name))
    for column, value in step.line.said.items():
        setattr(draft, C(column).value, value)
    draft.save()
    return draft
