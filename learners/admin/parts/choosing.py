"""Fields that look a row up as one types, and say enough of it to choose by."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect

from learners.meetings.run_words import words_of
from learners.models import Course, Place, Run


def choose(
    model: type, field: str, label: Any, *, required: bool = False
) -> forms.ModelChoiceField:
    """Return a field that looks up what this field of a model points to."""
    relation = model._meta.get_field(field)  # type: ignore[attr-defined]
    return forms.ModelChoiceField(
        queryset=relation.remote_field.model.objects.all(),
        label=label,
        required=required,
        widget=AutocompleteSelect(relation, admin.site),
    )


def course_words(course: Course) -> str:
    """Say a course with its code, by which files and certificates name it."""
    return f"{course} · {course.code}"


class RunField(forms.ModelChoiceField):
    """A run, by its course, code, days, place and free places."""

    def __init__(self, **options: Any) -> None:
        widget = AutocompleteSelect(Place._meta.get_field("run"), admin.site)
        queryset = Run.objects.select_related("course")
        super().__init__(queryset=queryset, widget=widget, **options)

    def label_from_instance(self, run: Run) -> str:
        return words_of(run)
