"""The free trial."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from learners.people import subscriptions
from learners.telling.days import day


@require_POST
def trial_start(request: HttpRequest) -> HttpResponse:
    """Start the free trial; used before, it says until when it was."""
    trial = subscriptions.start_trial(user=request.user, by=request.user)
    if trial.ends_on >= timezone.localdate():
        said = _("Your free trial runs until %(day)s.") % {"day": day(trial.ends_on)}
        messages.success(request, said)
    else:
        said = _("You used your free trial already, until %(day)s.") % {"day": day(trial.ends_on)}
        messages.warning(request, said)
    return redirect("learners:my_programme_list")
