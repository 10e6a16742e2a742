"""What administrators do with enrolments, many at a time: each through its own function."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from learners.admin.parts.acting import Act, ReasonAndTellForm, ReasonForm, RemarkForm
from learners.admin.parts.choosing import RunField, choose
from learners.catalogue import archiving
from learners.enrolling import cancelling, changing, coaches, exempting
from learners.enrolling.coaches import CoachRefused
from learners.hooks.questions import Closing
from learners.models import (
    NOT_FINAL,
    Actor,
    Coaching,
    Enrolment,
    Place,
    PlaceState,
    StudyStatus,
    User,
)
from learners.studying import open_work, terms
from learners.studying.new_enrolments import EnrolmentRefused
from learners.studying.status_rules import RUNNING, refusal
from learners.studying.study_status import StatusRefused
from learners.telling.days import day

RELATED = ("learner", "course__organisation", "programme__organisation")


class ExtendForm(forms.Form):
    """Until when; the last day that it is open."""

    until = forms.DateField(
        label=_("Until and including"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until < timezone.localdate():
            raise forms.ValidationError(_("This day is over."))
        return until


class AssignForm(forms.Form):
    """Who coaches them from now on, beside who does or instead, and whether people are told."""

    ADDS, REPLACES = "adds", "replaces"

    coach = choose(Coaching, "coach", _("coach"), required=True)
    how = forms.ChoiceField(
        label=_("who coaches already"),
        choices=[(ADDS, _("stays a coach too")), (REPLACES, _("is replaced by this coach"))],
        initial=ADDS,
    )
    tell_them = forms.BooleanField(
        label=_("Tell them"),
        required=False,
        initial=True,
        help_text=_("Each learner who gets this coach, and the coach once of all."),
    )


def _assign(rows: Sequence[Enrolment], said: Mapping[str, Any], by: User) -> int:
    changed = coaches.assign(
        enrolments=rows,
        coach=said["coach"],
        replaces=said["how"] == AssignForm.REPLACES,
        by=by,
        tells=said["tell_them"],
    )
    return len(changed)


def _without_coaches(rows: Sequence[Enrolment]) -> dict[int, str]:
    return {row.pk: str(_("only a programme has coaches")) for row in rows if row.course_id}


def _coaches_now(rows: Sequence[Enrolment]) -> dict[int, str]:
    """Say who coaches each now."""
    said = {row.pk: str(_("nobody coaches them yet")) for row in rows}
    names: dict[int, list[str]] = defaultdict(list)
    found = Coaching.objects.filter(enrolment__in=rows).order_by("pk")
    for enrolment, name in found.values_list("enrolment", "coach__name"):
        names[enrolment].append(name)
    return said | {pk: ", ".join(some) for pk, some in names.items()}


def _exempt(rows: Sequence[Enrolment], said: Mapping[str, Any], by: User) -> int:
    asked = [
        exempting.Exemption(
            learner=row.learner, course=row.course, ground=said["reason"], enrolment=row
        )
        for row in rows
    ]
    return len(exempting.exempt(exemptions=asked, by=by, tells_learners=said["tell_them"]))


class ChangeRunForm(forms.Form):
    """Which run of the same course; why, if there is something to say."""

    run = RunField(label=_("To the run"))
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)


def _change_run(rows: Sequence[Enrolment], said: Mapping[str, Any], by: User) -> int:
    for row in rows:
        changing.change_run(enrolment=row, run=said["run"], by=by, reason=said["reason"])
    return len(rows)


def _without_runs(rows: Sequence[Enrolment]) -> dict[int, str]:
    """Say of whom no run can be changed or chosen."""
    return {
        row.pk: str(_("has no run: %(status)s") % {"status": row.shown_status})
        for row in rows
        if not row.course or not row.course.has_meetings or row.status not in RUNNING
    }


def _runs_now(rows: Sequence[Enrolment]) -> dict[int, str]:
    """Say in which run each is, or waits for a place."""
    found = Place.objects.filter(
        enrolment__in=rows, state__in=[PlaceState.BOOKED, PlaceState.WAITLISTED]
    ).select_related("run__course")
    said = {row.pk: str(_("has no run yet")) for row in rows}
    for place in found:
        words = _("waits for %(run)s") if place.state == PlaceState.WAITLISTED else _("in %(run)s")
        said[place.enrolment_id] = str(words % {"run": place.run.code})
    return said


def _cancel(rows: Sequence[Enrolment], said: Mapping[str, Any], by: User) -> int:
    cancelling.cancel_enrolments(enrolments=rows, by=by, reason=said["reason"])
    return len(rows)


def _extend(rows: Sequence[Enrolment], said: Mapping[str, Any], by: User) -> int:
    for row in rows:
        terms.extend_term(enrolment=row, until=said["until"], by=by)
    return len(rows)


def _archive(rows: Sequence[Enrolment], said: Mapping[str, Any], by: User) -> int:
    return len(archiving.archive(enrolments=rows, by=by, reason=said["reason"]))


def _bring_back(rows: Sequence[Enrolment], said: Mapping[str, Any], by: User) -> int:
    return len(archiving.bring_back(enrolments=rows, by=by, reason=said["reason"]))


def _not_exempt(rows: Sequence[Enrolment]) -> dict[int, str]:
    why = {row.pk: refusal(row, StudyStatus.EXEMPT, Actor.ADMINISTRATOR) for row in rows}
    return {pk: words for pk, words in why.items() if words}


def _final(rows: Sequence[Enrolment]) -> dict[int, str]:
    return {r.pk: str(_("has ended already")) for r in rows if r.status not in NOT_FINAL}


def _status_now(rows: Sequence[Enrolment]) -> dict[int, str]:
    return {row.pk: row.shown_status for row in rows}


def _term_now(rows: Sequence[Enrolment]) -> dict[int, str]:
    return {
        row.pk: str(_("until %(day)s") % {"day": day(row.term_ends_on)} if row.term_ends_on else "")
        for row in rows
    }


ACTS = (
    Act(
        name="exempt",
        title=_("Exempt"),
        lead=_(
            "It counts for programmes and certifications, without a certificate and without study "
            "points of its own. A place in a run is freed. The reason is the ground, which who is "
            "told reads as well."
        ),
        form=ReasonAndTellForm,
        refuse=_not_exempt,
        follows=_status_now,
        closes=lambda rows: open_work.with_courses(rows, Closing.EXEMPTING),
        do=_exempt,
        done=ngettext_lazy("%(n)d person was exempted.", "%(n)d people were exempted.", "n"),
        refusals=(StatusRefused,),
        related=RELATED,
    ),
    Act(
        name="change_run",
        title=_("Change or choose the run"),
        lead=_(
            "The old place is given up at once, and goes to who waits for it; the marks made there "
            "stay with that run. People are told in which run they are now. Learners can do this "
            "by themselves until enrolling closes; you can always, while there is room."
        ),
        form=ChangeRunForm,
        refuse=_without_runs,
        follows=_runs_now,
        do=_change_run,
        done=ngettext_lazy("%(n)d person has another run.", "%(n)d people have another run.", "n"),
        refusals=(EnrolmentRefused, StatusRefused),
        related=RELATED,
    ),
    Act(
        name="assign_coach",
        title=_("Assign a coach"),
        lead=_(
            "The coach sees them under “My learners” at once. Whoever is replaced no longer does; "
            "what they wrote stays."
        ),
        form=AssignForm,
        refuse=_without_coaches,
        follows=_coaches_now,
        do=_assign,
        done=ngettext_lazy(
            "The coach of %(n)d enrolment was assigned.",
            "The coach of %(n)d enrolments was assigned.",
            "n",
        ),
        refusals=(CoachRefused,),
        related=RELATED,
    ),
    Act(
        name="extend_term",
        title=_("Extend the study term"),
        lead=_(
            "Where the term had lapsed, what was before it comes back; a programme takes along its "
            "courses that ended with it. The learner is told, with a mail."
        ),
        form=ExtendForm,
        refuse=_final,
        follows=_term_now,
        do=_extend,
        done=ngettext_lazy(
            "%(n)d study term was extended.", "%(n)d study terms were extended.", "n"
        ),
        refusals=(StatusRefused,),
        related=RELATED,
    ),
    Act(
        name="cancel",
        title=_("Cancel the enrolment"),
        lead=_(
            "This cannot be taken back. The place is freed and people are told. A programme takes "
            "its courses along."
        ),
        form=ReasonForm,
        refuse=_final,
        follows=_status_now,
        closes=lambda rows: open_work.with_courses(rows, Closing.CANCELLING),
        do=_cancel,
        done=ngettext_lazy(
            "%(n)d enrolment was cancelled.", "%(n)d enrolments were cancelled.", "n"
        ),
        refusals=(StatusRefused,),
        related=RELATED,
    ),
    Act(
        name="archive",
        title=_("Archive"),
        lead=_("It is put aside and shown as archived. What was earned stays earned."),
        form=RemarkForm,
        refuse=lambda rows: {r.pk: str(_("archived already")) for r in rows if r.archived_at},
        follows=_status_now,
        closes=lambda rows: open_work.with_courses(rows, Closing.ARCHIVING),
        do=_archive,
        done=ngettext_lazy("%(n)d enrolment was archived.", "%(n)d enrolments were archived.", "n"),
        related=RELATED,
    ),
    Act(
        name="bring_back",
        title=_("Bring back"),
        lead=_("It is shown again as it was before it was archived."),
        form=RemarkForm,
        refuse=lambda rows: {r.pk: str(_("not archived")) for r in rows if not r.archived_at},
        do=_bring_back,
        done=ngettext_lazy("%(n)d was brought back.", "%(n)d were brought back.", "n"),
        related=RELATED,
    ),
)
