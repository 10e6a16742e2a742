"""Runs, whose meetings are planned, moved and cancelled by the one function for each."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from learners import cancelling, meetings
from learners.admin.acting import Act, ActsAdmin
from learners.admin.base import HouseAdmin, link_to_list
from learners.admin.inlines import EditedInline, lacking_role
from learners.admin.words import yes_no
from learners.counting import number_of
from learners.models import Enrolment, Meeting, Place, PlaceState, Role, Run, User


def _cancel(rows: Sequence[Run], said: Mapping[str, Any], by: User) -> int:
    for run in rows:
        cancelling.cancel_run(run=run, by=by, reason=said["reason"])
    return len(rows)


def _told(rows: Sequence[Run]) -> dict[int, str]:
    return {
        run.pk: ngettext("%(n)d person is told", "%(n)d people are told", run.n_booked)  # type: ignore[attr-defined]
        % {"n": run.n_booked}  # type: ignore[attr-defined]
        for run in rows
    }


CANCEL = Act(
    name="cancel_run",
    title=_("Cancel the run"),
    lead=_(
        "This cannot be taken back. Everybody who is booked loses the place and is told. Who "
        "follows it in a programme chooses another run; for others the enrolment is cancelled. "
        "What was attended and earned stays."
    ),
    refuse=lambda rows: {r.pk: str(_("cancelled already")) for r in rows if r.cancelled_at},
    follows=_told,
    do=_cancel,
    done=ngettext_lazy("%(n)d run was cancelled.", "%(n)d runs were cancelled.", "n"),
    related=("course",),
)


class MeetingForm(forms.ModelForm):
    """A meeting; who moves or cancels it tells everybody who is booked."""

    cancel = forms.BooleanField(label=_("cancel"), required=False)

    class Meta:
        model = Meeting
        fields = ("begins_at", "ends_at", "place", "link")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.cancelled_at:
            for field in self.fields.values():
                field.disabled = True

    def clean(self) -> dict[str, Any]:
        """Say beside the end that it is too early."""
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("begins_at"), cleaned.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("A meeting ends after it begins."))
        return cleaned


def is_news(form: forms.ModelForm) -> bool:
    """Whether who is booked is told: a meeting that stood there moves, or is cancelled."""
    told = {"begins_at", "ends_at", "cancel"}
    return form.instance.pk is not None and not told.isdisjoint(form.changed_data)


class MeetingFormSet(BaseInlineFormSet):
    """Says how many people will be told before they are: that cannot be taken back."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or self.data.get("tell_them"):
            return
        told = Place.objects.booked().filter(run=self.instance.pk).count()
        if told and any(is_news(form) for form in self.forms):
            raise forms.ValidationError(
                ngettext(
                    "%(n)d person would be told. Tick “Tell them” above, and save again.",
                    "%(n)d people would be told. Tick “Tell them” above, and save again.",
                    told,
                )
                % {"n": told}
            )


class MeetingInline(EditedInline):
    model = Meeting
    form = MeetingForm
    formset = MeetingFormSet
    known = ("run__course",)
    can_delete = False
    fields = ("begins_at", "ends_at", "place", "link", "cancel", "cancelled_at")
    readonly_fields = ("cancelled_at",)


def save_meeting(*, form: forms.ModelForm, run: Run, by: User) -> Meeting:
    """Plan, move, or cancel what one line of the form says; a place that changes is recorded."""
    said = form.cleaned_data
    if form.instance.pk is None:
        kept = {name: said[name] for name in ("begins_at", "ends_at", "place", "link")}
        meeting = meetings.plan_meeting(run=run, by=by, **kept)
    else:
        meeting = Meeting.objects.get(pk=form.instance.pk)
        meetings.move_meeting(
            meeting=meeting, begins_at=said["begins_at"], ends_at=said["ends_at"], by=by
        )
        meetings.change_place(meeting=meeting, place=said["place"], link=said["link"], by=by)
    if said["cancel"]:
        meetings.cancel_meeting(meeting=meeting, by=by)
    return meeting


class WhenFilter(admin.SimpleListFilter):
    title = _("when")
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> tuple:
        return (
            ("now", _("going on")),
            ("coming", _("still to come")),
            ("past", _("over")),
            ("unplanned", _("without meetings")),
            ("cancelled", _("cancelled")),
        )

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        now = timezone.now()
        wanted = {
            "now": Q(starts_at__lte=now, ends_at__gte=now, cancelled_at=None),
            "coming": Q(starts_at__gt=now, cancelled_at=None),
            "past": Q(ends_at__lt=now, cancelled_at=None),
            "unplanned": Q(starts_at=None, cancelled_at=None),
            "cancelled": Q(cancelled_at__isnull=False),
        }
        return queryset.filter(wanted.get(self.value() or "", Q()))


class RunForm(forms.ModelForm):
    tell_them = forms.BooleanField(
        label=_("Tell them"),
        required=False,
        help_text=_(
            "Who is booked is told at once that a meeting moves or is cancelled; that cannot be "
            "taken back. Tick this if you change such a meeting below."
        ),
    )

    class Meta:
        model = Run
        fields = ("course", "code", "teachers", "capacity", "place", "register_open_until")

    def clean(self) -> dict[str, Any]:
        """Who is to teach it is a teacher at its institution: others would not see the run."""
        cleaned = super().clean() or {}
        course = self.instance.course if self.instance.pk else cleaned.get("course")
        new = set(cleaned.get("teachers", ())) - set(self.initial.get("teachers", ()))
        if course and (refused := lacking_role(new, Role.TEACHER, course.organisation)):
            self.add_error("teachers", refused)
        return cleaned

    def clean_capacity(self) -> int | None:
        """Nobody who is booked loses the place because the run became smaller."""
        capacity = self.cleaned_data["capacity"]
        taken = Place.objects.booked().filter(run=self.instance.pk).count()
        if capacity is not None and self.instance.pk and capacity < taken:
            raise forms.ValidationError(
                _("%(n)d people are booked; the run cannot be smaller.") % {"n": taken}
            )
        return capacity


@admin.register(Run)
class RunAdmin(ActsAdmin, HouseAdmin):
    form = RunForm
    acts = (CANCEL,)
    inlines = (MeetingInline,)
    list_display = ("code", "course", "place", "starts_at", "ends_at", "participants", "is_on")
    list_select_related = ("course",)
    list_filter = (WhenFilter, "course__organisation")
    search_fields = ("code", "course__code", "course__title_nl", "course__title_en", "place")
    autocomplete_fields = ("course", "teachers")
    readonly_fields = ("starts_at", "ends_at", "participants", "cancelled_at")
    fieldsets = (
        (None, {"fields": ("course", "code", "place", "capacity", "participants")}),
        (_("Teachers"), {"fields": ("teachers",)}),
        (_("When"), {"fields": ("starts_at", "ends_at", "register_open_until", "cancelled_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        booked = number_of(Place, "run", Q(state=PlaceState.BOOKED))
        return super().get_queryset(request).annotate(n_booked=booked)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "course__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_fieldsets(self, request: HttpRequest, obj: Run | None = None) -> list[Any]:
        """Ask whether people may be told where there are any."""
        asked = [(_("Who is booked"), {"fields": ("tell_them",)})]
        return [*super().get_fieldsets(request, obj), *(asked if obj and obj.n_booked else [])]  # type: ignore[attr-defined]

    def get_readonly_fields(self, request: HttpRequest, obj: Run | None = None) -> tuple:
        """A run does not move to another course: its people are enrolled in this one."""
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "course") if obj else tuple(fields)

    def save_formset(
        self, request: HttpRequest, form: Any, formset: BaseInlineFormSet, change: bool
    ) -> None:
        """Hand each line that was touched to the functions that plan, move and cancel."""
        if formset.model is not Meeting:
            super().save_formset(request, form, formset, change)
            return
        touched = [row for row in formset.forms if row.has_changed()]
        for row in touched:
            save_meeting(form=row, run=form.instance, by=request.user)  # type: ignore[arg-type]
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []

    @admin.display(description=_("participants"), ordering="n_booked")
    def participants(self, run: Run) -> str:
        booked = run.n_booked  # type: ignore[attr-defined]
        shown = booked if run.capacity is None else f"{booked} / {run.capacity}"
        return link_to_list(shown, Enrolment, run=run.pk)

    @admin.display(description=_("goes on"))
    def is_on(self, run: Run) -> str:
        return yes_no(run.cancelled_at is None)
