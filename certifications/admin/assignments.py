"""Who is to earn which certification: assigning with a dry run, and looking after it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import (
    AdminDateWidget,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from certifications import assigning, evidence, states
from certifications.models import (
    AssignmentMode,
    Certification,
    CertificationAssignment,
    Cycle,
    Evidence,
)
from certifications.states import CycleState
from learners.admin.acting import Act, ActsAdmin, ReasonForm
from learners.admin.base import QuickAdmin, ReadOnlyInline, link_to
from learners.models import Enrolment, User

ASSIGNABLE = [c for c in AssignmentMode.choices if c[0] != AssignmentMode.CHOSEN]
MOST = 1_000


class StateFilter(admin.SimpleListFilter):
    """Today's state of the newest round, worked out from dates."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return list(CycleState.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        found = Cycle.objects.newest().in_state(self.value() or "")
        return queryset.filter(pk__in=found.values("assignment"))


class AssignForm(forms.Form):
    """Which certification, for whom, how, and by when."""

    certification = forms.ModelChoiceField(
        queryset=Certification.objects.select_related("organisation"),
        label=_("certification"),
        widget=AutocompleteSelect(
            CertificationAssignment._meta.get_field("certification"), admin.site
        ),
    )
    learners = forms.ModelMultipleChoiceField(
        queryset=User.objects.all(),
        label=_("people"),
        widget=AutocompleteSelectMultiple(Enrolment._meta.get_field("learner"), admin.site),
        help_text=_("One, or as many as you like: type a name and choose."),
    )
    mode = forms.ChoiceField(
        label=_("how"),
        choices=ASSIGNABLE,
        help_text=_("Who is nominated may accept or decline; what is mandatory runs at once."),
    )
    due_on = forms.DateField(
        label=_("to be completed by"),
        required=False,
        widget=AdminDateWidget,
        help_text=_("Empty follows the deadline of the certification, if it has one."),
    )

    def clean_learners(self) -> list[User]:
        chosen = list(self.cleaned_data["learners"][: MOST + 1])
        if len(chosen) > MOST:
            raise forms.ValidationError(_("Choose at most %(n)d at a time.") % {"n": MOST})
        return chosen


class CycleInline(ReadOnlyInline):
    model = Cycle
    verbose_name_plural = _("Rounds")
    fields = (
        *("number", "version", "shown_state", "begins_on", "due_on", "started_on"),
        *("completed_on", "valid_until", "grace_until"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return (
            super()
            .get_queryset(request)
            .select_related("version__certification", "assignment__certification__organisation")
        )

    @admin.display(description=_("state"))
    def shown_state(self, cycle: Cycle) -> str:
        return str(states.state_of(cycle).label)


def _withdraw(rows: Sequence[Any], said: Mapping[str, Any], by: User) -> int:
    return assigning.withdraw(assignments=rows, by=by, reason=said["reason"])


def _not_withdrawable(rows: Sequence[CertificationAssignment]) -> dict[int, str]:
    ended = {row.pk: str(_("has ended already")) for row in rows if row.ended_at}
    done = {row.pk: str(_("completed; withdraw the certificate")) for row in rows if _is_done(row)}
    return done | ended


def _is_done(row: CertificationAssignment) -> bool:
    return assigning.completed_by(row)


WITHDRAW = Act(
    name="withdraw",
    title=_("Assign no longer"),
    lead=_("It no longer waits for them. What they did stays theirs."),
    form=ReasonForm,
    refuse=_not_withdrawable,
    do=_withdraw,
    done=ngettext_lazy("%(n)d is no longer assigned.", "%(n)d are no longer assigned.", "n"),
    refusals=(assigning.AssignmentRefused,),
    related=("learner", "certification"),
)


def _exempt(rows: Sequence[Any], said: Mapping[str, Any], by: User) -> int:
    return assigning.exempt(assignments=rows, by=by, reason=said["reason"])


EXEMPT = Act(
    name="exempt",
    title=_("Exempt"),
    lead=_("Nothing is expected of them, and nothing is issued. The reason is kept."),
    form=ReasonForm,
    refuse=_not_withdrawable,
    do=_exempt,
    done=ngettext_lazy("%(n)d person is exempt.", "%(n)d people are exempt.", "n"),
    refusals=(assigning.AssignmentRefused,),
    related=("learner", "certification"),
)


def _revoke(rows: Sequence[Any], said: Mapping[str, Any], by: User) -> int:
    for row in rows:
        evidence.revoke(cycle=row.cycles.all()[0], by=by, reason=said["reason"])
    return len(rows)


def _not_revocable(rows: Sequence[CertificationAssignment]) -> dict[int, str]:
    return {
        row.pk: str(_("no proof was accepted"))
        for row in rows
        if not Evidence.objects.accepted().filter(cycle=row.cycles.all()[0]).exists()
        or row.cycles.all()[0].revoked_at
    }


REVOKE = Act(
    name="revoke",
    title=_("Withdraw an accepted proof"),
    lead=_("The public page says that it was withdrawn, with the date. A reason is kept."),
    form=ReasonForm,
    refuse=_not_revocable,
    do=_revoke,
    done=ngettext_lazy("%(n)d proof was withdrawn.", "%(n)d proofs were withdrawn.", "n"),
    refusals=(evidence.ProofRefused,),
    related=("learner", "certification"),
)


@admin.register(CertificationAssignment)
class AssignmentAdmin(ActsAdmin, QuickAdmin):
    acts = (WITHDRAW, EXEMPT, REVOKE)
    is_edited = False
    add_words = _("Assign a certification")
    inlines = (CycleInline,)
    list_display = ("learner", "certification", "mode", "shown_state", "due_on", "valid_until")
    list_display_links = ("learner",)
    list_select_related = ("learner", "certification__organisation")
    list_filter = (StateFilter, "mode", "certification__organisation", "certification")
    search_fields = ("learner__search_name",)
    search_help_text = _("Name or e-mail address of the learner, or code of the certification")
    fields = (
        *("person", "what", "mode", "by", "assigned_at", "accepted_at"),
        *("ended_at", "ended_as", "ended_by", "ended_because"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("cycles")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        linked = ("certification__id__exact", "learner__id__exact")
        return lookup in linked or super().lookup_allowed(lookup, value, request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Find by the learner, as people are found everywhere, or by the code."""
        term = search_term.strip()
        if not term:
            return queryset, False
        learners = User.objects.matching(term).order_by().values("pk")
        by_name = queryset.filter(learner__in=learners)
        return by_name | queryset.filter(certification__code__iexact=term), False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """Assign: first a list of every person with their dates, then, agreed to, the act."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AssignForm(request.POST or None, initial=request.GET.dict())
        planned: list[assigning.Planned] = []
        if form.is_valid():
            try:
                planned = assigning.plan(**form.cleaned_data)
                if "confirmed" in request.POST and any(not p.refusal for p in planned):
                    return self._assign(request, form.cleaned_data)
            except assigning.AssignmentRefused as refusal:
                form.add_error(None, str(refusal))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Assign a certification"),
            "opts": self.opts,
            "form": form,
            "planned": planned,
            "able": [p for p in planned if not p.refusal],
            "unable": [p for p in planned if p.refusal],
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/certifications/assign.html", context)

    def _assign(self, request: HttpRequest, said: dict[str, Any]) -> HttpResponse:
        made = assigning.assign(by=request.user, **said)  # type: ignore[arg-type]
        words = ngettext(
            "“%(title)s” is assigned to %(n)d person.",
            "“%(title)s” is assigned to %(n)d people.",
            len(made),
        )
        title = said["certification"].title
        self.message_user(request, words % {"n": len(made), "title": title}, messages.SUCCESS)
        listed = reverse("admin:certifications_certificationassignment_changelist")
        chosen = said["certification"].pk
        return HttpResponseRedirect(f"{listed}?certification__id__exact={chosen}")

    def _newest(self, assignment: CertificationAssignment) -> Cycle:
        cycle = assignment.cycles.all()[0]
        cycle.assignment = assignment
        return cycle

    @admin.display(description=_("state"))
    def shown_state(self, assignment: CertificationAssignment) -> str:
        cycle = self._newest(assignment)
        said = str(states.state_of(cycle).label)
        late = states.is_overdue(cycle, cycle.today)
        tardy = _("late")
        return f"{said} · {tardy}" if late else said

    @admin.display(description=_("to be completed by"))
    def due_on(self, assignment: CertificationAssignment) -> Any:
        return self._newest(assignment).due_on

    @admin.display(description=_("valid until"))
    def valid_until(self, assignment: CertificationAssignment) -> Any:
        return self._newest(assignment).valid_until

    @admin.display(description=_("learner"))
    def person(self, assignment: CertificationAssignment) -> str:
        return link_to(assignment.learner)

    @admin.display(description=_("certification"))
    def what(self, assignment: CertificationAssignment) -> str:
        return link_to(assignment.certification)
