"""Filters beside the lists of the administration, by a row of another table."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from learners.keys import key_in
from learners.models import Course, Membership, Organisation, Place, Programme, Run

MOST_COURSES = 200


def happened(field: str, title: Any) -> tuple[str, type[admin.EmptyFieldListFilter]]:
    """Return a filter by whether something happened, which its moment says."""
    return field, type("HappenedFilter", (HappenedFilter,), {"named": title})


class HappenedFilter(admin.EmptyFieldListFilter):
    """All, yes or no; Django would say 'empty' and 'not empty'."""

    named: Any = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = self.named

    def choices(self, changelist: Any) -> Iterator[Any]:
        words = (_("All"), _("yes"), _("no"))
        wanted = (None, "0", "1")
        for value, word in zip(wanted, words, strict=True):
            yield {
                "selected": self.lookup_val == value,
                "query_string": changelist.get_query_string({self.lookup_kwarg: value}),
                "display": word,
            }


class RowFilter(admin.SimpleListFilter):
    """Keeps what belongs to one row, of which the address has the key."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        key = key_in(self.value() or "")
        return queryset if key is None else self.of(queryset, key)

    def of(self, rows: QuerySet, key: int) -> QuerySet:
        """Keep what belongs to the row with this key."""
        raise NotImplementedError


class OrganisationFilter(RowFilter):
    """What people did in an institution."""

    title = _("institution")
    parameter_name = "organisation"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(pk), name) for pk, name in Organisation.objects.values_list("pk", "name")]

    def of(self, rows: QuerySet, key: int) -> QuerySet:
        courses = Course.objects.filter(organisation=key)
        programmes = Programme.objects.filter(organisation=key)
        return rows.filter(Q(course__in=courses) | Q(programme__in=programmes))


class MembersOfFilter(OrganisationFilter):
    """The people of an institution."""

    def of(self, rows: QuerySet, key: int) -> QuerySet:
        here = Membership.objects.filter(organisation=key)
        return rows.filter(pk__in=here.values("user"))


class CourseFilter(RowFilter):
    title = _("course")
    parameter_name = "course"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the courses of the institution that was chosen; too many to choose from are
        searched for."""
        courses = Course.objects.order_by("code")
        organisation = key_in(request.GET.get("organisation", ""))
        if organisation is not None:
            courses = courses.filter(organisation=organisation)
        found = list(courses[: MOST_COURSES + 1])
        asked = [c for c in found if str(c.pk) == self.value()]
        shown = found if len(found) <= MOST_COURSES else asked
        return [(str(course.pk), f"{course.code} · {course}") for course in shown]

    def has_output(self) -> bool:
        return bool(self.lookup_choices) or bool(self.value())

    def of(self, rows: QuerySet, key: int) -> QuerySet:
        return rows.filter(course=key)


class RunFilter(RowFilter):
    """The participants of one run, to which the lists of runs link."""

    title = _("run")
    parameter_name = "run"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        key = key_in(request.GET.get("run", ""))
        runs = Run.objects.none() if key is None else Run.objects.filter(pk=key)
        return [(str(run.pk), str(run)) for run in runs.select_related("course")]

    def of(self, rows: QuerySet, key: int) -> QuerySet:
        on_register = Place.objects.on_register().filter(run=key)
        return rows.filter(pk__in=on_register.values("enrolment"))
