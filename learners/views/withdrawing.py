"""Withdrawing, by the learner or for them: the consequence first, then the act, with evidence of
force majeure at once or later."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from learners.enrolling import force_majeure, withdrawing
from learners.enrolling.force_majeure_forms import ForceMajeureForm, WithdrawalDayForm
from learners.enrolling.withdrawing import WithdrawalRefused
from learners.evidence.judging import EvidenceRefused
from learners.hooks.questions import Closing
from learners.models import Actor, Enrolment, StudyStatus, User
from learners.studying import open_work, places
from learners.studying.study_status import StatusRefused

READ_OR_SEND = ["GET", "HEAD", "POST"]
RELATED = ("course__organisation", "programme__organisation", "learner", "part_of")
REFUSALS = (WithdrawalRefused, StatusRefused, EvidenceRefused)


@require_http_methods(READ_OR_SEND)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw from a course or a programme: GET says what it will mean, POST does it."""
    mine = Enrolment.objects.for_user(request.user).select_related(*RELATED)
    enrolment = get_object_or_404(mine, pk=pk)
    form = _force_majeure_form(request, enrolment)
    if request.method == "POST" and form.is_valid():
        return _withdraw(request, enrolment, form)
    if not withdrawing.may_withdraw(enrolment, places.runs_of([enrolment]).get(enrolment.pk)):
        return redirect(enrolment)
    today = enrolment.organisation.today()
    return _show(request, "learners/enrolling/withdraw.html", enrolment, today, form)


def _withdraw(request: HttpRequest, enrolment: Enrolment, form: ForceMajeureForm) -> HttpResponse:
    try:
        evidence = force_majeure.withdraw(
            enrolment=enrolment,
            by=request.user,
            actor=Actor.LEARNER,
            notified_on=enrolment.organisation.today(),
            reason=_reason(request),
            files=form.store(),
            explanation=form.cleaned_data["explanation"],
        )
    except REFUSALS as refused:
        messages.error(request, str(refused))
        return redirect("learners:withdraw", pk=enrolment.pk)
    said = _("You withdrew from “%(title)s”.") % {"title": enrolment.subject.title}
    if evidence:
        said = " ".join((said, _("You hear when your proof has been judged.")))
    messages.success(request, said)
    return redirect(enrolment)


@require_http_methods(READ_OR_SEND)
def force_majeure_hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in evidence of force majeure for a withdrawal, and see what became of it."""
    mine = Enrolment.objects.for_user(request.user).select_related(*RELATED)
    enrolment = get_object_or_404(mine, pk=pk)
    stands = force_majeure.standing(enrolment)
    if stands.until is None and not stands.evidence:
        return redirect(enrolment)
    form = _force_majeure_form(request, enrolment, is_required=True)
    if request.method == "POST" and form.is_valid():
        return _hand_in(request, enrolment, form)
    if form.is_bound:
        form.keep()
    context = {"enrolment": enrolment, "stands": stands, "form": form}
    return render(request, "learners/enrolling/force_majeure.html", context)


def _hand_in(request: HttpRequest, enrolment: Enrolment, form: ForceMajeureForm) -> HttpResponse:
    said = form.cleaned_data["explanation"]
    try:
        force_majeure.hand_in(
            enrolment=enrolment, files=form.store(), by=request.user, explanation=said
        )
    except EvidenceRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your proof was uploaded. You hear when it has been judged."))
    return redirect("learners:withdrawal_proof", pk=enrolment.pk)


@require_http_methods(READ_OR_SEND)
def withdraw_for(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw somebody whom one looks after, counted from the day they let know."""
    theirs = Enrolment.objects.looked_after_by(request.user).exclude(learner=request.user.pk)
    enrolment = get_object_or_404(theirs.select_related(*RELATED), pk=pk)
    actor = Actor.ADMINISTRATOR if request.user.is_staff else Actor.TEACHER
    form = _force_majeure_form(request, enrolment)
    day = WithdrawalDayForm(_day_said(request) or _today(enrolment))
    known = day.cleaned_data["notified_on"] if day.is_valid() else None
    if request.method == "POST" and form.is_valid() and known:
        return _withdraw_for(request, enrolment, form, actor, known)
    back = _back(request)
    context = {"day_form": day, "actor": actor, "back_url": back, **_possible(enrolment, actor)}
    return _show(request, "learners/enrolling/withdraw_for.html", enrolment, known, form, **context)


def _withdraw_for(
    request: HttpRequest, enrolment: Enrolment, form: ForceMajeureForm, actor: Actor, day: date
) -> HttpResponse:
    again = redirect(request.get_full_path())
    try:
        evidence = force_majeure.withdraw(
            enrolment=enrolment,
            by=request.user,
            actor=actor,
            notified_on=day,
            reason=_reason(request),
            files=form.store(),
            explanation=form.cleaned_data["explanation"],
        )
    except REFUSALS as refused:
        messages.error(request, str(refused))
        return again
    said = _("%(name)s is “%(status)s” now.") % {
        "name": enrolment.learner.name,
        "status": enrolment.shown_status,
    }
    words = (said, _("The proof waits to be judged.")) if evidence else (said,)
    messages.success(request, " ".join(words))
    back = _back(request)
    return redirect(back) if back else again


def _show(
    request: HttpRequest,
    template: str,
    enrolment: Enrolment,
    day: date | None,
    form: ForceMajeureForm,
    **more: object,
) -> HttpResponse:
    """Show what withdrawing on a day means, and the form; what was typed and uploaded stays."""
    if form.is_bound:
        form.keep()
    meaning = withdrawing.consequences(enrolment=enrolment, notified_on=day)
    organisation = enrolment.organisation
    context = {
        "enrolment": enrolment,
        "own": meaning[0],
        "parts": meaning[1:],
        "open_work": open_work.of((part.enrolment for part in meaning), Closing.WITHDRAWING),
        "asks_force_majeure": any(part.status == StudyStatus.WITHDRAWN_INVALID for part in meaning),
        "force_majeure_until": organisation.today() + timedelta(days=organisation.proof_days),
        "reason": _reason(request),
        "form": form,
        **more,
    }
    return render(request, template, context)


def _possible(enrolment: Enrolment, actor: Actor) -> dict[str, object]:
    """Say whether somebody can be withdrawn, and what can be proved."""
    run = places.runs_of([enrolment]).get(enrolment.pk)
    can = withdrawing.may_be_withdrawn(enrolment, run, actor)
    return {"can_withdraw": can, "stands": force_majeure.standing(enrolment)}


def _force_majeure_form(
    request: HttpRequest, enrolment: Enrolment, *, is_required: bool = False
) -> ForceMajeureForm:
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    by: User = request.user  # type: ignore[assignment]
    return ForceMajeureForm(*sent, learner=enrolment.learner, by=by, is_required=is_required)


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:500]


def _day_said(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, where it says a day; the way back alone does not."""
    sent = request.POST if request.method == "POST" else request.GET
    return sent if "notified_on" in sent else None


def _today(enrolment: Enrolment) -> dict[str, object]:
    return {"notified_on": enrolment.organisation.today()}


def _back(request: HttpRequest) -> str:
    """Return where the page was opened from, where that is a page of ours."""
    asked = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return asked if is_ours else ""
