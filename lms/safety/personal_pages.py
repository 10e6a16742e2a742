"""Personal data: to take along, and what would be cleared."""

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from learners import audit, pseudonyms
from learners.models import Organisation, User
from lms.safety import personal, retention

SHOWN = 100


@never_cache
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """Everything that is held of who asks, to take along."""
    return personal.as_file(request.user)  # type: ignore[arg-type]


@require_POST
@permission_required("learners.change_user", raise_exception=True)
@transaction.atomic
def person_data(request: HttpRequest, pk: int) -> HttpResponse:
    """The same of somebody who asked an administrator for it; the log says so."""
    person = get_object_or_404(User, pk=pk)
    audit.record(action="lms.person_data_exported", on=person, by=request.user)  # type: ignore[arg-type]
    return personal.as_file(person)


@require_safe
@permission_required("learners.change_organisation", raise_exception=True)
def retention_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom clearing would reach tonight, were it switched on here; nothing is cleared."""
    organisation = get_object_or_404(Organisation, pk=pk)
    people = retention.due(timezone.now(), as_if=organisation)
    people = people.filter(pseudonyms.belongs_to([organisation.pk]))
    return render(
        request,
        "admin/learners/retention.html",
        {
            **admin.site.each_context(request),
            "title": _("What would be cleared"),
            "opts": Organisation._meta,
            "organisation": organisation,
            "number": people.count(),
            "people": people[:SHOWN],
        },
    )
