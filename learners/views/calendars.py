"""Calendars to take along: a file of a run, and the address of one's own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from learners.meetings import calendars
from learners.models import User


@require_safe
@never_cache
def run_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """The meetings of a run, for who has a place in it or gives it."""
    user: User = request.user  # type: ignore[assignment]
    run = get_object_or_404(calendars.runs_for(user).select_related("course"), pk=pk)
    return _file(calendars.of_run(run), f"{run.code}.ics")


@login_not_required
@require_safe
@never_cache
def calendar_feed(request: HttpRequest, key: str) -> HttpResponse:
    """The meetings of one person, for the calendar programme to which they gave this address."""
    person = get_object_or_404(User, calendar_key=key, is_active=True)
    with override(person.language):
        return _file(calendars.of_person(person), "mijlpaal.ics")


@require_POST
def calendar_renew(request: HttpRequest) -> HttpResponse:
    """Make the address of one's own calendar, or another one in place of it."""
    user: User = request.user  # type: ignore[assignment]
    calendars.renew_key(person=user, by=user)
    messages.success(request, gettext("Your calendar has a new address."))
    return redirect("learners:profile_edit")


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response
