"""Study statuses, changed with what follows from them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from attendance.marking.values import MarkValue
from attendance.models import AttendanceChange, Participation
from certifications.models import Certificate
from learners.admin.parts import histories
from learners.admin.parts.acting import Act, ActsAdmin, RemarkAndTellForm, RemarkForm
from learners.admin.parts.base import TellsHistory, link_to
from learners.admin.parts.filters import CourseFilter, OrganisationFilter, RunFilter
from learners.admin.parts.histories import Event
from learners.hooks.questions import Closing
from learners.models import (
    WITHDRAWN,
    Actor,
    Enrolment,
    Place,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.studying import open_work, outbox, status_rules, study_status
from learners.studying.status_rules import TEACHERS_CHOICE
from learners.studying.status_wishes import Wish
from learners.studying.study_status import StatusRefused
from learners.telling.days import day

RELATED = ("learner", "course__organisation", "programme__organisation")
Rows = Sequence[Enrolment]

TITLES = {
    StudyStatus.COMPLETED: _("Study status: completed"),
    StudyStatus.NOT_PASSED: _("Study status: not passed"),
    StudyStatus.ABSENT: _("Study status: absent"),
    StudyStatus.WITHDRAWN_INVALID: _("Study status: withdrawn without a valid reason"),
    StudyStatus.WITHDRAWN_VALID: _("Study status: withdrawn with a valid reason"),
}


def _change_to(to: StudyStatus) -> Act:
    """Return the act that gives people one of the five, as the register does."""

    def do(rows: Rows, said: Mapping[str, Any], by: User) -> int:
        wishes = [
            Wish(enrolment_id=row.pk, to=to, reason=said["reason"], tells_learner=said["tell_them"])
            for row in rows
        ]
        made = study_status.change_statuses(wishes=wishes, by=by, actor=Actor.ADMINISTRATOR)
        return len(made)

    def refuse(rows: Rows) -> dict[int, str]:
        why = {row.pk: status_rules.refusal(row, to, Actor.ADMINISTRATOR) for row in rows}
        return {pk: words for pk, words in why.items() if words}

    return Act(
        name=f"set_{to.value}",
        title=TITLES[to],
        lead=_("Certificates, places and study points follow by themselves, as in the register."),
        form=RemarkAndTellForm,
        refuse=refuse,
        follows=_what_follows(to),
        closes=_closes(to),
        do=do,
        done=ngettext_lazy(
            "%(n)d study status was changed.", "%(n)d study statuses were changed.", "n"
        ),
        refusals=(StatusRefused,),
        related=RELATED,
    )


def _closes(to: StudyStatus) -> Callable[[Rows], list[open_work.Line]]:
    """Return what says what is open in what people are withdrawn from."""
    return lambda rows: open_work.of(rows if to in WITHDRAWN else (), Closing.WITHDRAWING)


def _what_follows(to: StudyStatus) -> Callable[[Rows], dict[int, str]]:
    """Return what says, for each person, what others will see."""

    def say(rows: Rows) -> dict[int, str]:
        leaving = [row.pk for row in rows if row.status == StudyStatus.COMPLETED]
        issued = Certificate.objects.active().filter(
            enrolment__in=leaving, released_at__isnull=False
        )
        withdrawn = set(issued.values_list("enrolment_id", flat=True))
        return {row.pk: " · ".join(_words(row, to, row.pk in withdrawn)) for row in rows}

    return say


def _words(row: Enrolment, to: StudyStatus, is_withdrawn: bool) -> list[str]:
    words = [str(row.shown_status)]
    if to is StudyStatus.COMPLETED and row.course and row.course.gives_certificate:
        words.append(gettext("a certificate is made, after the last meeting"))
    if to in WITHDRAWN:
        words.append(gettext("the place is freed"))
    if is_withdrawn:
        words.append(gettext("the certificate is withdrawn"))
    elif row.status == StudyStatus.COMPLETED:
        words.append(gettext("what was held is not issued"))
    return words


def _held(rows: Rows) -> QuerySet[StudyStatusChange]:
    waiting = StudyStatusChange.objects.waiting().filter(to_status=StudyStatus.COMPLETED)
    return waiting.filter(enrolment__in=[row.pk for row in rows])


def _issue(rows: Rows, said: Mapping[str, Any], by: User) -> int:
    return outbox.issue_now(changes=_held(rows), by=by)


def _nothing_held(rows: Rows) -> dict[int, str]:
    held = set(_held(rows).values_list("enrolment_id", flat=True))
    return {row.pk: gettext("nothing is held") for row in rows if row.pk not in held}


ISSUE_NOW = Act(
    name="issue_now",
    title=_("Issue what is held now"),
    lead=_("They are made at once and can be checked by anybody."),
    form=RemarkForm,
    refuse=_nothing_held,
    do=_issue,
    done=ngettext_lazy(
        "%(n)d certificate is being made now.",
        "%(n)d certificates are being made now.",
        "n",
    ),
    related=RELATED,
)


@admin.register(Participation)
class ParticipationAdmin(ActsAdmin, TellsHistory):
    acts = (*map(_change_to, TEACHERS_CHOICE), ISSUE_NOW)
    is_edited = False
    list_display = ("learner", "course", "run", "status_shown", "last_attended_on", "effort")
    list_select_related = ("learner", "course")
    list_filter = ("status", OrganisationFilter, CourseFilter, RunFilter)
    search_fields = ("learner__search_name",)
    fields = ("enrolment", "status_shown", "last_attended_on", "effort", "remark", "register")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def events(self, row: Participation) -> list[Event]:
        """Return what happened to an enrolment, with every mark that was set."""
        marks = AttendanceChange.objects.filter(enrolment=row.pk)
        marked = [_marked(change, row) for change in marks.select_related("meeting", "by")]
        others = histories.of_enrolments(Enrolment.objects.filter(pk=row.pk))
        return histories.newest([*others, *marked])

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        places = Place.objects.on_register().filter(enrolment=OuterRef("pk")).order_by("-pk")
        rows = super().get_queryset(request).filter(course__isnull=False)
        return rows.annotate(
            run_pk=Subquery(places.values("run")[:1]),
            run_code=Subquery(places.values("run__code")[:1]),
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Find by the learner, as people are found everywhere, or by the code of the course."""
        if not (term := search_term.strip()):
            return queryset, False
        learners = User.objects.matching(term).order_by().values("pk")
        return queryset.filter(Q(learner__in=learners) | Q(course__code__iexact=term)), False

    @admin.display(description=_("study status"), ordering="status")
    def status_shown(self, row: Participation) -> str:
        return str(row.shown_status).capitalize()

    @admin.display(description=_("run"))
    def run(self, row: Participation) -> str:
        return row.run_code or "–"  # type: ignore[attr-defined]

    @admin.display(description=_("enrolment"))
    def enrolment(self, row: Participation) -> str:
        return link_to(Enrolment.objects.select_related("learner", "course").get(pk=row.pk))

    @admin.display(description=_("register"))
    def register(self, row: Participation) -> str:
        if not row.run_pk:  # type: ignore[attr-defined]
            return "–"
        address = reverse("attendance:run_register", args=[row.run_pk])  # type: ignore[attr-defined]
        return format_html('<a href="{}">{}</a>', address, row.run_code)  # type: ignore[attr-defined]


def _marked(change: AttendanceChange, row: Participation) -> Event:
    """Say which mark somebody set at which meeting."""
    said = {
        "day": day(change.meeting.begins_at),
        "before": MarkValue.of(change, "from_").words,
        "after": MarkValue.of(change, "to_").words,
    }
    what = gettext("Meeting of %(day)s: %(before)s → %(after)s") % said
    return Event(at=change.at, who=str(change.by), what=what, on=row)
