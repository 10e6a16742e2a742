"""The free trial, and codes that become paid time."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from learners.forms import CodeForm
from learners.keys import key_in
from learners.limits import Limit
from learners.models import Enrolment, Subscription
from learners.people import subscriptions
from learners.studying import redeeming
from learners.studying.redeeming import CodeRefused, CodeUnknown
from learners.telling.days import day

UNKNOWN_CODES = Limit("unknown-subscription-codes", allowed=20, window=600)


@require_POST
def trial_start(request: HttpRequest) -> HttpResponse:
    """Start the free trial, and go back to the programme that asked it; used before, it says until
    when it was."""
    mine = Enrolment.objects.for_user(request.user).filter(programme__isnull=False)
    asked = mine.select_related("programme__organisation")
    whole = asked.filter(pk=key_in(request.POST.get("enrolment", "")) or 0).first()
    today = whole.organisation.today() if whole else timezone.localdate()
    trial = subscriptions.start_trial(user=request.user, by=request.user, today=today)
    if trial.ends_on >= today:
        said = _("Your free trial runs until %(day)s.") % {"day": day(trial.ends_on)}
        messages.success(request, said)
    else:
        said = _("You used your free trial already, until %(day)s.") % {"day": day(trial.ends_on)}
        messages.warning(request, said)
    return redirect(whole or "learners:my_programme_list")


@require_http_methods(["GET", "HEAD", "POST"])
def code_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Use a code, on the way from one of one's programmes; what is wrong with it is said beside
    it."""
    mine = Enrolment.objects.for_user(request.user).filter(programme__isnull=False)
    enrolment = get_object_or_404(mine.select_related("programme"), pk=pk)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (made := _redeemed(request, form)):
        messages.success(request, _given(made))
        return redirect(enrolment)
    is_too_often = form.has_error("code", "too_often")
    status = HTTPStatus.TOO_MANY_REQUESTS if is_too_often else HTTPStatus.OK
    context = {"form": form, "enrolment": enrolment}
    return render(request, "learners/people/code_use.html", context, status=status)


def _redeemed(request: HttpRequest, form: CodeForm) -> Subscription | None:
    """Use the code that was typed; only codes that do not exist count as guesses."""
    who = f"user-{request.user.pk}"
    if UNKNOWN_CODES.is_reached(who):
        words = _("You typed many codes that do not exist. Wait ten minutes and use it then.")
        form.add_error("code", forms.ValidationError(words, code="too_often"))
        return None
    try:
        return redeeming.redeem(typed=form.cleaned_data["code"], by=request.user)
    except CodeUnknown as refused:
        UNKNOWN_CODES.count(who)
        form.add_error("code", str(refused))
    except CodeRefused as refused:
        form.add_error("code", str(refused))
    return None


def _given(made: Subscription) -> str:
    said = {"where": made.where, "first": day(made.starts_on), "last": day(made.ends_on)}
    assert made.organisation is not None, "a code is of an institution"
    if made.starts_on > made.organisation.today():
        words = _("Your code is used: at %(where)s it runs on from %(first)s until %(last)s.")
    else:
        words = _("Your code is used: your subscription at %(where)s runs until %(last)s.")
    return words % said
