"""Rows that are edited within a page, without a query for each of them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import models
from django.forms import BaseInlineFormSet
from django.forms.models import ModelChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext

from learners.admin.parts.base import MOMENTS
from learners.admin.parts.removing import RemovalFormSet
from learners.models import Membership, Organisation, Role, User


class KnownSelect(AutocompleteSelect):
    """Looks up as one types; what is chosen already came along with its row."""

    known: dict[str, str] = {}

    def optgroups(self, name: str, value: Sequence[str], attrs: dict | None = None) -> list:
        chosen = [str(pk) for pk in value if pk not in (None, "")]
        if not set(chosen) <= self.known.keys():
            return super().optgroups(name, value, attrs)
        options = [self.create_option(name, "", "", False, 0)] if not self.is_required else []
        options += [
            self.create_option(name, pk, self.known[pk], True, index)
            for index, pk in enumerate(chosen, 1)
        ]
        return [(None, options, 0)]


class KnownRowForm(forms.ModelForm):
    """Tells its look-up fields what its row holds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, KnownSelect) and self.instance.pk:
                row = getattr(self.instance, name)
                widget.known = {str(row.pk): str(row)} if row else {}


class EditedInline(admin.TabularInline):
    """A table of rows; `known` names the relations that come along with them."""

    extra = 0
    formfield_overrides = MOMENTS
    formset: type[BaseInlineFormSet] = RemovalFormSet
    form: type[forms.ModelForm] = KnownRowForm
    known: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()  # relations to few rows, of which all are offered

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related(*self.known)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        if db_field.name in self.autocomplete_fields:
            kwargs["widget"] = KnownSelect(db_field, self.admin_site)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field and db_field.name in self.listed:
            field.choices = _asked_once(field, db_field.related_model, request)
        return field


def _asked_once(field: ModelChoiceField, model: object, request: HttpRequest) -> list:
    """Return the choices of a field, asked once for all rows and tables of a page."""
    asked = request.__dict__.setdefault("_listed_choices", {})
    key = model, field.empty_label
    if key not in asked:
        asked[key] = list(field.choices)  # type: ignore[arg-type]
    return asked[key]


def lacking_role(people: Iterable[User], role: Role, institution: Organisation) -> str:
    """Say who of these people does not have a role that they need at an institution."""
    lacking = Membership.objects.lacking(list(people), role, institution)
    return " ".join(
        gettext("%(person)s is no %(role)s at %(institution)s. Give them that role first.")
        % {"person": person, "role": role.label, "institution": institution}
        for person in lacking
    )
