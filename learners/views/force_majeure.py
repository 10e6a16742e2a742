"""The inbox of evidence of force majeure: the file beside the decision, for who may decide."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from learners.enrolling import force_majeure
from learners.evidence.forms import RefusalForm
from learners.evidence.judging import EvidenceRefused
from learners.files import serving
from learners.models import MAY_DECIDE, ForceMajeure, ForceMajeureFile

PAGE_SIZE = 25
RELATED = tuple(f"enrolment__{name}" for name in force_majeure.RELATED)


@require_safe
def force_majeure_list(request: HttpRequest) -> HttpResponse:
    """The inbox: what waits to be judged, the oldest first, and what was judged."""
    if not (request.user.is_staff and request.user.has_perm(MAY_DECIDE)):
        raise PermissionDenied
    judged = request.GET.get("state") == "judged"
    mine = ForceMajeure.objects.judged_by(request.user).select_related(*RELATED)
    waiting = mine.waiting().order_by("submitted_at", "pk")
    rows = mine.filter(decided_at__isnull=False).order_by("-decided_at") if judged else waiting
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request, "learners/enrolling/force_majeure_list.html", {"page": page, "is_judged": judged}
    )


@require_safe
def force_majeure_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One hand-in: the file beside the decision."""
    return _judging(request, _evidence(request, pk), RefusalForm())


@require_POST
def force_majeure_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept evidence: the withdrawal had a valid reason."""
    evidence = _evidence(request, pk)
    try:
        force_majeure.accept(evidence=evidence, by=request.user)
    except EvidenceRefused as refused:
        messages.error(request, str(refused))
        return redirect(evidence)
    messages.success(request, _("The proof was accepted; its learner is told."))
    return redirect("learners:force_majeure_list")


@require_POST
def force_majeure_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse evidence, with a reason."""
    evidence = _evidence(request, pk)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _judging(request, evidence, form)
    try:
        force_majeure.refuse(evidence=evidence, by=request.user, reason=form.cleaned_data["reason"])
    except EvidenceRefused as refused:
        form.add_error(None, str(refused))
        return _judging(request, evidence, form)
    messages.success(request, _("The proof was refused; its learner reads why."))
    return redirect("learners:force_majeure_list")


@xframe_options_sameorigin
@require_safe
def force_majeure_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of evidence, for whose withdrawal it is and for who may decide."""
    files = ForceMajeureFile.objects.read_by(request.user).select_related("file")
    stored = get_object_or_404(files, pk=pk).file
    return serving.response_for(request, stored, frame=serving.IN_OUR_FRAME)


def _evidence(request: HttpRequest, pk: int) -> ForceMajeure:
    mine = ForceMajeure.objects.judged_by(request.user)
    return get_object_or_404(mine.select_related(*RELATED, "decided_by", "submitted_by"), pk=pk)


def _judging(request: HttpRequest, evidence: ForceMajeure, refusing: RefusalForm) -> HttpResponse:
    context = {
        "evidence": evidence,
        "files": evidence.files.select_related("file"),
        "file_url_name": "learners:force_majeure_file",
        "inbox_url_name": "learners:force_majeure_list",
        "meaning": force_majeure.withdrawals(evidence) if evidence.waits else [],
        "refusing": refusing,
    }
    return render(request, "learners/enrolling/force_majeure_detail.html", context)
