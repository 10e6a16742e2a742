"""Evidence of what was earned elsewhere: handing it in, and judging what was handed in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certifications import evidence
from certifications.evidence import EvidenceRefused, Facts
from certifications.forms import EvidenceForm, JudgeForm
from certifications.models import Certification, Evidence, EvidenceFile, EvidenceState
from certifications.views.certifications import detail_context, own_cycle
from learners.evidence.forms import RefusalForm
from learners.files import serving

PAGE_SIZE = 25
RELATED = ("cycle__assignment__learner", "cycle__assignment__certification__organisation")


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in evidence; where something is missing the page is shown again, with what and why. Who
    comes back to that address, as after signing in again, is led to the page itself."""
    cycle = own_cycle(request, pk)
    if request.method != "POST":
        return redirect(cycle.certification)
    form = EvidenceForm(request.POST, request.FILES, by=request.user)
    if not form.is_valid():
        return _page_with(request, cycle.certification, form)
    try:
        evidence.hand_in(cycle=cycle, files=form.stored, by=request.user, facts=form.facts)
    except EvidenceRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your proof was uploaded. You hear when it has been judged."))
    return redirect(cycle.certification)


def _page_with(
    request: HttpRequest, certification: Certification, form: EvidenceForm
) -> HttpResponse:
    context = detail_context(request.user, certification.pk, form)
    return render(request, "certifications/pages/my_certification_detail.html", context)


@require_safe
def evidence_list(request: HttpRequest) -> HttpResponse:
    """The inbox: what waits to be judged, the oldest first, and what was judged."""
    if not _judges(request):
        raise PermissionDenied
    judged = request.GET.get("state") == "judged"
    mine = Evidence.objects.judged_by(request.user).select_related(*RELATED, "decided_by")
    rows = mine.exclude(state=EvidenceState.SUBMITTED).order_by("-decided_at")
    rows = rows if judged else mine.waiting().order_by("submitted_at", "pk")
    rows = rows.prefetch_related(Prefetch("files", EvidenceFile.objects.select_related("file")))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "is_judged": judged}
    return render(request, "certifications/evidence/evidence_list.html", context)


def _judges(request: HttpRequest) -> bool:
    """Whether somebody judges evidence: an administrator, or whom one named."""
    return request.user.is_staff or Certification.objects.judged_by(request.user).exists()


@require_safe
def evidence_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One hand-in: the file beside the decision."""
    return _judging(request, _evidence(request, pk))


@require_POST
def evidence_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept evidence, with the days that it says."""
    submitted = _evidence(request, pk)
    form = JudgeForm(request.POST)
    if not form.is_valid():
        return _judging(request, submitted, accepting=form)
    try:
        evidence.accept(evidence=submitted, by=request.user, facts=form.facts)
    except EvidenceRefused as refused:
        form.add_error(None, str(refused))
        return _judging(request, submitted, accepting=form)
    messages.success(request, _("The proof was accepted; its learner is told."))
    return redirect("certifications:proof_list")


@require_POST
def evidence_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse evidence, with a reason."""
    submitted = _evidence(request, pk)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _judging(request, submitted, refusing=form)
    try:
        reason = form.cleaned_data["reason"]
        evidence.refuse(evidence=submitted, by=request.user, reason=reason)
    except EvidenceRefused as refused:
        form.add_error(None, str(refused))
        return _judging(request, submitted, refusing=form)
    messages.success(request, _("The proof was refused; its learner reads why."))
    return redirect("certifications:proof_list")


@xframe_options_sameorigin
@require_safe
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of evidence, for whose it is and for who judges it."""
    files = EvidenceFile.objects.read_by(request.user).select_related("file")
    stored = get_object_or_404(files, pk=pk).file
    return serving.response_for(request, stored, frame=serving.IN_OUR_FRAME)


def _evidence(request: HttpRequest, pk: int) -> Evidence:
    mine = Evidence.objects.judged_by(request.user).select_related(
        *RELATED, "cycle__version", "decided_by"
    )
    return get_object_or_404(mine.distinct(), pk=pk)


def _judging(
    request: HttpRequest,
    submitted: Evidence,
    accepting: JudgeForm | None = None,
    refusing: RefusalForm | None = None,
) -> HttpResponse:
    names = Facts.__dataclass_fields__
    known = {name: getattr(submitted, name) for name in names}
    known["issuer"] = submitted.issuer or submitted.cycle.certification.issuer
    context = {
        "evidence": submitted,
        "file_url_name": "certifications:proof_file",
        "files": submitted.files.select_related("file"),
        "accepting": accepting or JudgeForm(initial=known),
        "refusing": refusing or RefusalForm(),
        "waits": submitted.state == EvidenceState.SUBMITTED,
    }
    return render(request, "certifications/evidence/evidence_detail.html", context)
