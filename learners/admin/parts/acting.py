"""Actions on many rows, with a page before them that says what will happen and to whom."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learners.models import User
from learners.studying.open_work import Line

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MOST_AT_ONCE = 1_000
SHOWN = 50
FROM_ITS_PAGE = "from_its_page"  # an act on one row, by the button beside its name
NO_BUTTONS = {
    "show_save": False,
    "show_save_and_continue": False,
    "show_save_and_add_another": False,
}


STILL_OPEN = gettext_lazy("Still open")


class ReasonForm(forms.Form):
    """Why; it stands in the history."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)


class RemarkForm(forms.Form):
    """Why, if there is something to say; it stands in the history."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, required=False)


class AsksToTell(forms.Form):
    """Whether people are told, of this and of what follows from it; ticked, as who has something
    done to them hears of it unless there is a reason for silence."""

    tell_them = forms.BooleanField(
        label=gettext_lazy("Tell them"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Untick this, and nobody gets a message or a mail: not of this, nor of what follows "
            "from it, such as a certificate."
        ),
    )


class ReasonAndTellForm(AsksToTell, ReasonForm):
    """Why, and whether people are told."""


class RemarkAndTellForm(AsksToTell, RemarkForm):
    """Why, if there is something to say, and whether people are told."""


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something that an administrator does with the rows they chose.

    `refuse` says of which rows it cannot be done, by key; `follows` what it means for one row;
    `whom` which people it touches, each with what becomes of them; `closes` what is open and ends
    with it, under `closes_title`; `do` does it and returns how many rows it did something to;
    `done` says so, a plural that is worked out later, of "n"; `leads_to` is the address where one
    goes on with a single row. `refusals` are what `do` may raise.
    """

    name: str
    title: "str | StrPromise"
    lead: "str | StrPromise"
    done: Any
    do: Callable[[Sequence[Any], Mapping[str, Any], User], int]
    form: type[forms.Form] = ReasonForm
    refuse: Callable[[Sequence[Any]], Mapping[int, str]] = lambda rows: {}
    follows: Callable[[Sequence[Any]], Mapping[int, str]] = lambda rows: {}
    whom: Callable[[Sequence[Any]], Sequence[tuple[str, str]]] = lambda rows: ()
    closes: Callable[[Sequence[Any]], Sequence[Line]] = lambda rows: ()
    closes_title: "str | StrPromise" = STILL_OPEN
    leads_to: Callable[[Any], str] | None = None
    refusals: tuple[type[Exception], ...] = ()
    related: tuple[str, ...] = ()
    one_only: bool = False


def as_action(act: Act) -> Callable[..., HttpResponse | None]:
    """Return the action for Django's list: first the page with the preview, then the act."""

    @admin.action(description=act.title, permissions=["change"])
    def perform(
        modeladmin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet
    ) -> HttpResponse | None:
        return _perform(modeladmin, request, queryset, act)

    perform.__name__ = act.name
    return perform


def _perform(
    modeladmin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet, act: Act
) -> HttpResponse | None:
    rows = list(queryset.select_related(*act.related)[: MOST_AT_ONCE + 1])
    if too_many := _too_many(rows, act):
        modeladmin.message_user(request, too_many, messages.ERROR)
        return None
    refused = act.refuse(rows)
    possible = [row for row in rows if row.pk not in refused]
    form = act.form(request.POST if "confirmed" in request.POST else None)
    if possible and form.is_valid():
        try:
            with transaction.atomic():  # all of them, or none
                number = act.do(possible, form.cleaned_data, request.user)  # type: ignore[arg-type]
        except act.refusals as refusal:
            form.add_error(None, str(refusal))
        else:
            modeladmin.message_user(request, act.done % {"n": number}, messages.SUCCESS)
            return _go_on(modeladmin, request, act, possible)
    return _preview(
        modeladmin, request, act, form, possible, [r for r in rows if r.pk in refused], refused
    )


def _go_on(
    modeladmin: admin.ModelAdmin, request: HttpRequest, act: Act, rows: Sequence[Model]
) -> HttpResponse | None:
    """Go where the act leads, or back to the page where it was chosen; None is the list."""
    if len(rows) == 1 and act.leads_to:
        return HttpResponseRedirect(act.leads_to(rows[0]))
    page = _page_of(modeladmin, request, rows)
    return HttpResponseRedirect(page) if page else None


def _page_of(modeladmin: admin.ModelAdmin, request: HttpRequest, rows: Sequence[Model]) -> str:
    """Return the address of the page on which an act was chosen; '' where it was the list."""
    if FROM_ITS_PAGE not in request.POST or len(rows) != 1:
        return ""
    opts = modeladmin.opts
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[rows[0].pk])


def _too_many(rows: Sequence[Model], act: Act) -> str | None:
    if act.one_only and len(rows) != 1:
        return _("Choose one at a time for this.")
    if len(rows) > MOST_AT_ONCE:
        return _("Choose at most %(n)d at a time.") % {"n": MOST_AT_ONCE}
    return None


def _preview(
    modeladmin: admin.ModelAdmin,
    request: HttpRequest,
    act: Act,
    form: forms.Form,
    possible: Sequence[Model],
    impossible: Sequence[Model],
    refused: Mapping[int, str],
) -> TemplateResponse:
    follows = act.follows(possible[:SHOWN])
    people = act.whom(possible)
    open_work = act.closes(possible)
    opts = modeladmin.opts
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": act.title,
        "opts": opts,
        "act": act,
        "form": form,
        "media": form.media,
        "number": len(possible),
        "possible": [(row, follows.get(row.pk, "")) for row in possible[:SHOWN]],
        "more": max(0, len(possible) - SHOWN),
        "people": people,
        "open_work": open_work[:SHOWN],
        "more_open": max(0, len(open_work) - SHOWN),
        "refused": [(row, refused[row.pk]) for row in impossible[:SHOWN]],
        "refused_number": len(impossible),
        "page": _page_of(modeladmin, request, (*possible, *impossible)),
        # By key, however they were chosen: nobody joins who was not in the preview.
        "chosen": [row.pk for row in (*possible, *impossible)],
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/learners/act.html", context)


class ActsAdmin(admin.ModelAdmin):
    """Offers acts both on the list, for many, and on the page of one row."""

    acts: tuple[Act, ...] = ()
    is_edited = True  # else acts are all that changes a row, and its page has nothing to save

    def get_actions(self, request: HttpRequest) -> dict:
        if not self.has_change_permission(request):
            return {}
        actions = [as_action(act) for act in self.acts]
        return {a.__name__: (a, a.__name__, a.short_description) for a in actions}  # type: ignore[attr-defined]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        """Put the acts that are possible for this row beside its title."""
        context = {"acts": self.acts_on(request, object_id), **(extra_context or {})}
        context |= {} if self.is_edited else NO_BUTTONS
        return super().change_view(request, object_id, form_url, context)

    def acts_on(self, request: HttpRequest, object_id: str) -> list[Act]:
        """Return what can be done with one row now."""
        if not object_id.isdecimal() or not self.has_change_permission(request):
            return []
        related = {name for act in self.acts for name in act.related}
        rows = list(self.get_queryset(request).select_related(*related).filter(pk=object_id))
        return [act for act in self.acts if rows and not act.refuse(rows)]
