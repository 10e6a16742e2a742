"""'Name a stand-in': who stands in for a coach, and taking that back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from learners.enrolling import standing_in
from learners.enrolling.standing_in import StandInRefused
from learners.forms import StandInForm
from learners.models import Role, StandIn, User
from learners.people.roles import role_required


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.COACH)
def stand_ins(request: HttpRequest) -> HttpResponse:
    """Who stands in for me now or will, and for whom I do; name another. Administrators who are no
    coach name them in the administration."""
    coach: User = request.user  # type: ignore[assignment]
    form = StandInForm(request.POST or None, coach=coach)
    if not form.institutions:
        raise Http404
    if form.is_valid() and _named(request, form):
        return redirect("learners:stand_ins")
    to_come = StandIn.objects.to_come(timezone.now())
    rows = to_come.select_related("coach", "stand_in", "organisation")
    context = {
        "form": form,
        "named": rows.for_user(coach),
        "standing_in_for": rows.filter(stand_in=coach),
    }
    return render(request, "learners/enrolling/stand_ins.html", context)


def _named(request: HttpRequest, form: StandInForm) -> bool:
    """Name who was chosen; what stands in the way is said beside its field."""
    said = form.cleaned_data
    try:
        standing_in.name_stand_in(
            coach=request.user,
            stand_in=said["stand_in"],
            organisation=form.organisation_chosen,
            starts_on=said["starts_on"],
            ends_on=said["ends_on"],
            by=request.user,
        )
    except StandInRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return False
    words = _("%(name)s stands in for you, and has been told.")
    messages.success(request, words % {"name": said["stand_in"]})
    return True


@require_POST
@role_required(Role.COACH)
def stand_in_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that somebody stands in for me."""
    named = get_object_or_404(StandIn.objects.for_user(request.user), pk=pk)
    ended = standing_in.end_stand_in(stand_in=named, by=request.user)
    words = _("%(name)s no longer stands in for you, and has been told.")
    messages.success(request, words % {"name": ended.stand_in})
    return redirect("learners:stand_ins")
