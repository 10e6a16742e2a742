"""Enrolments: enrolling people, looking after them, and why a study status is what it is."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from learners.admin.enrolment_acts import ACTS
from learners.admin.parts import histories
from learners.admin.parts.acting import ActsAdmin
from learners.admin.parts.base import HouseAdmin, ReadOnlyInline, TellsHistory, link_to
from learners.admin.parts.choosing import RunField, choose
from learners.admin.parts.filters import CourseFilter, OrganisationFilter, RunFilter, happened
from learners.admin.parts.histories import Event
from learners.admin.parts.inlines import EditedInline, KnownRowForm
from learners.admin.parts.removing import RemovalFormSet
from learners.enrolling import coaches, entering, waiting_lists, withdrawing
from learners.enrolling.coaches import CoachRefused
from learners.models import (
    Actor,
    Coaching,
    Course,
    Enrolment,
    Place,
    PlaceState,
    StudyStatusChange,
    User,
)
from learners.studying import places
from learners.studying.study_status import StatusRefused


class EnrolForm(forms.Form):
    """Whom to enrol in what: a run, a course without one yet, or a whole programme."""

    learner = choose(Enrolment, "learner", _("learner"), required=True)
    run = RunField(label=_("run"), required=False)
    waits = forms.BooleanField(label=_("on the waiting list where the run is full"), required=False)
    course = choose(Enrolment, "course", _("course"))
    programme = choose(Enrolment, "programme", _("programme"))
    registered_on = forms.DateField(
        label=_("registered on"),
        required=False,
        widget=AdminDateWidget,
        help_text=_("Empty is today."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = [name for name in ("run", "course", "programme") if cleaned.get(name)]
        if len(chosen) != 1:
            raise forms.ValidationError(_("Choose a run, a course or a programme: one of them."))
        return cleaned


def enrol(said: dict[str, Any], by: User) -> Enrolment:
    """Enrol as the form says, through the functions that every page uses."""
    common = {"learner": said["learner"], "by": by, "actor": Actor.ADMINISTRATOR}
    if said["programme"]:
        return entering.enrol_in_programme(
            programme=said["programme"], registered_on=said["registered_on"], **common
        )
    if said["run"] and said["waits"] and places.room([said["run"]])[said["run"].pk] == 0:
        return waiting_lists.enter(run=said["run"], **common)
    return entering.enrol(
        course=said["course"], run=said["run"], registered_on=said["registered_on"], **common
    )


class ChangeInline(ReadOnlyInline):
    model = StudyStatusChange
    verbose_name_plural = _("History of the study status")
    fields = (
        *("at", "from_status", "to_status", "by", "actor", "reason"),
        *("notified_on", "counts_from", "due_at"),
    )
    readonly_fields = fields
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("by")


class PlaceInline(ReadOnlyInline):
    model = Place
    fields = ("run", "state", "waits_since", "created_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("run__course")


class CoachingForm(KnownRowForm):
    """Who is to coach somebody is a coach at the institution, as others would not see them, and
    is not the learner."""

    def clean_coach(self) -> User:
        coach: User = self.cleaned_data["coach"]
        if "coach" in self.changed_data:
            try:
                coaches.refuse(coach, [self.instance.enrolment])
            except CoachRefused as refused:
                raise forms.ValidationError(str(refused)) from None
        return coach


class CoachingFormSet(RemovalFormSet):
    def follows(self, row: Coaching) -> str:
        return gettext("they no longer see this learner; what they wrote stays.")


class CoachingInline(EditedInline):
    model = Coaching
    formset = CoachingFormSet
    form = CoachingForm
    known = ("coach",)
    autocomplete_fields = ("coach",)


@admin.register(Enrolment)
class EnrolmentAdmin(ActsAdmin, TellsHistory, HouseAdmin):
    acts = ACTS
    add_words = _("Enrol somebody")
    list_display = ("learner", "subject", "status_shown", "run", "registered_on", "term_ends_on")
    list_display_links = ("learner",)
    list_select_related = ("learner", "course", "programme")
    list_filter = (
        "status",
        OrganisationFilter,
        CourseFilter,
        RunFilter,
        happened("archived_at", _("archived")),
    )
    search_fields = ("learner__search_name",)
    search_help_text = _("Name or e-mail address of the learner, or code of the course")
    fields = (
        "learner_link",
        "subject_link",
        "status_shown",
        "part_of",
        "registered_on",
        "results_from",
        "term_ends_on",
        "last_attended_on",
        "effort",
        "remark",
    )
    readonly_fields = (
        "learner_link",
        "subject_link",
        "status_shown",
        "part_of",
        "results_from",
        "term_ends_on",
        "last_attended_on",
        "effort",
    )

    def get_inlines(self, request: HttpRequest, obj: Enrolment | None = None) -> tuple:
        """A programme has coaches, a course has places."""
        own = CoachingInline if obj and obj.programme_id else PlaceInline
        return (own, ChangeInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        booked = Place.objects.filter(enrolment=OuterRef("pk"), state=PlaceState.BOOKED)
        return (
            super()
            .get_queryset(request)
            .annotate(run_code=Subquery(booked.values("run__code")[:1]))
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Find by the learner, as people are found everywhere, or by the code of the course."""
        term = search_term.strip()
        if not term:
            return queryset, False
        learners = User.objects.matching(term).order_by().values("pk")
        courses = Course.objects.filter(code__iexact=term).values("pk")
        return queryset.filter(Q(learner__in=learners) | Q(course__in=courses)), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        linked = ("learner__id__exact", "programme__id__exact")
        return lookup in linked or super().lookup_allowed(lookup, value, request)

    def events(self, row: Enrolment) -> list[Event]:
        """Return what happened to an enrolment: its study statuses, and what else was done."""
        return histories.of_enrolments(Enrolment.objects.filter(pk=row.pk))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Lead to withdrawing them where their study status can still become that."""
        if row := kwargs.get("obj"):
            run = places.runs_of([row]).get(row.pk)
            context["can_be_withdrawn"] = withdrawing.may_be_withdrawn(
                row, run, Actor.ADMINISTRATOR
            )
        return super().render_change_form(request, context, *args, **kwargs)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Enrol somebody; what stands in the way is said beside the form."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = EnrolForm(request.POST or None, initial=request.GET.dict())
        if form.is_valid():
            try:
                made = enrol(form.cleaned_data, request.user)  # type: ignore[arg-type]
            except (entering.EnrolmentRefused, StatusRefused) as refusal:
                form.add_error(None, str(refusal))
            else:
                waits = waiting_lists.place_of(made)
                words = _("%(who)s is on the waiting list.") if waits else _("%(who)s is enrolled.")
                self.message_user(request, words % {"who": made.learner}, messages.SUCCESS)
                return HttpResponseRedirect(
                    reverse("admin:learners_enrolment_change", args=[made.pk])
                )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Enrol somebody"),
            "opts": self.opts,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/learners/enrol.html", context)

    @admin.display(description=_("course or programme"))
    def subject(self, enrolment: Enrolment) -> str:
        return str(enrolment.subject)

    @admin.display(description=_("study status"), ordering="status")
    def status_shown(self, enrolment: Enrolment) -> str:
        return enrolment.shown_status.capitalize()

    @admin.display(description=_("run"))
    def run(self, enrolment: Enrolment) -> str:
        return enrolment.run_code or "–"  # type: ignore[attr-defined]

    @admin.display(description=_("learner"))
    def learner_link(self, enrolment: Enrolment) -> str:
        return link_to(enrolment.learner)

    @admin.display(description=_("course or programme"))
    def subject_link(self, enrolment: Enrolment) -> str:
        return link_to(enrolment.subject)
