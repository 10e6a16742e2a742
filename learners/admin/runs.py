"""Runs: who teaches them, how many fit in, who waits for a place, and cancelling one."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey, Q, QuerySet
from django.forms import BaseInlineFormSet, ModelChoiceField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from learners.admin.meetings import MeetingInline, save_meetings
from learners.admin.parts.acting import Act, ActsAdmin
from learners.admin.parts.base import HouseAdmin, ReadOnlyInline, link_to, link_to_list
from learners.admin.parts.choosing import course_words
from learners.admin.parts.inlines import lacking_role
from learners.admin.parts.words import yes_no
from learners.counting import number_of
from learners.enrolling import cancelling, waiting_lists
from learners.hooks.questions import Closing
from learners.meetings import planning
from learners.meetings.run_words import run_words
from learners.models import Enrolment, Meeting, Place, PlaceState, Role, Run, StudyStatus, User
from learners.studying import open_work


def _cancel(rows: Sequence[Run], said: Mapping[str, Any], by: User) -> int:
    for run in rows:
        cancelling.cancel_run(run=run, by=by, reason=said["reason"])
    return len(rows)


def _whom(rows: Sequence[Run]) -> list[tuple[str, str]]:
    """Name who is told, with what becomes of each."""
    return [
        (e.learner.name, _becomes(cancelling.after_cancelling(e)))
        for e in cancelling.struck_by(rows).order_by("learner__sort_name", "pk")
    ]


def _open(rows: Sequence[Run]) -> list[open_work.Line]:
    """Return what is open in the enrolments that are cancelled along."""
    struck = cancelling.struck_by(rows).select_related(*open_work.RELATED).order_by("pk")
    ends = (e for e in struck if cancelling.after_cancelling(e) is StudyStatus.CANCELLED)
    return open_work.of(ends, Closing.CANCELLING)


def _becomes(status: StudyStatus) -> str:
    if status is StudyStatus.RUN_CHOICE_REQUIRED:
        return gettext("chooses another run")
    return gettext("the enrolment is cancelled")


CANCEL = Act(
    name="cancel_run",
    title=_("Cancel the run"),
    lead=_(
        "This cannot be taken back. Everybody who is booked or waits loses the place and is told. "
        "Who follows it in a programme chooses another run; for others the enrolment is cancelled. "
        "What was attended and earned stays."
    ),
    refuse=lambda rows: {r.pk: str(_("cancelled already")) for r in rows if r.cancelled_at},
    whom=_whom,
    closes=_open,
    do=_cancel,
    done=ngettext_lazy("%(n)d run was cancelled.", "%(n)d runs were cancelled.", "n"),
    related=("course",),
)


class WaitingInline(ReadOnlyInline):
    """Who waits for a place, in the order in which they move up."""

    model = Place
    verbose_name_plural = _("Waiting list")
    fields = ("turn", "learner", "waits_since")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return Place.objects.in_line().select_related(
            "enrolment__learner", "enrolment__course", "run__course"
        )

    @admin.display(description=_("number"))
    def turn(self, place: Place) -> int:
        return place.ahead + 1  # type: ignore[attr-defined]

    @admin.display(description=_("learner"))
    def learner(self, place: Place) -> str:
        return link_to(place.enrolment)


# The register is opened and closed on its own page, which asks why.
WHEN = ("starts_at", "ends_at", "register_open_until", "register_closed_at", "cancelled_at")


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
            "Who is booked is told at once that a meeting is added, moves, is elsewhere or is "
            "cancelled; that cannot be taken back. Tick this if you add or change one below."
        ),
    )

    class Meta:
        model = Run
        fields = ("course", "code", "teachers", "capacity", "place", "enrol_until")

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
    inlines = (MeetingInline, WaitingInline)
    list_display = (
        "code",
        "course_code",
        "course",
        "place",
        "starts_at",
        "ends_at",
        "participants",
        "is_on",
    )
    list_select_related = ("course",)
    list_filter = (WhenFilter, "course__organisation")
    search_fields = ("code", "course__code", "course__title_nl", "course__title_en", "place")
    autocomplete_fields = ("course", "teachers")
    readonly_fields = (
        "starts_at",
        "ends_at",
        "participants",
        "register_open_until",
        "register_closed_at",
        "cancelled_at",
    )
    fieldsets = (
        (None, {"fields": ("course", "code", "place", "capacity", "enrol_until", "participants")}),
        (_("Teachers"), {"fields": ("teachers",)}),
        (_("When"), {"fields": WHEN}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        booked = number_of(Place, "run", Q(state=PlaceState.BOOKED))
        waiting = number_of(Place, "run", Q(state=PlaceState.WAITLISTED))
        runs = super().get_queryset(request).select_related("course")
        return runs.annotate(n_booked=booked, n_waiting=waiting)

    def choice_words(self, run: Run) -> str:
        """What a field says of it in which runs are looked up."""
        booked = run.n_booked  # type: ignore[attr-defined]
        left = None if run.capacity is None else max(0, run.capacity - booked)
        return run_words(run, left)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Keep what follows from its days; a larger run, or one that is open for longer, has places
        for who waits."""
        super().save_related(request, form, formsets, change)
        planning.keep_run(run=form.instance)
        waiting_lists.move_up(runs=[form.instance])

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
        save_meetings(forms=touched, run=form.instance, by=request.user)  # type: ignore[arg-type]
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field and db_field.name == "course":
            field.label_from_instance = course_words  # type: ignore[method-assign, assignment]
        return field

    @admin.display(description=_("code of the course"), ordering="course__code")
    def course_code(self, run: Run) -> str:
        return run.course.code

    @admin.display(description=_("participants"), ordering="n_booked")
    def participants(self, run: Run) -> str:
        booked = run.n_booked  # type: ignore[attr-defined]
        shown = str(booked) if run.capacity is None else f"{booked} / {run.capacity}"
        if run.n_waiting:  # type: ignore[attr-defined]
            waiting = gettext("waiting")
            shown += f" + {run.n_waiting} {waiting}"  # type: ignore[attr-defined]
        return link_to_list(shown, Enrolment, run=run.pk)

    @admin.display(description=_("goes on"))
    def is_on(self, run: Run) -> str:
        return yes_no(run.cancelled_at is None)
