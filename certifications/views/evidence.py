"""Proofs of what was earned elsewhere: handing one in, and judging what was handed in."""

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
from certifications.evidence import Facts, ProofRefused
from certifications.forms import JudgeForm, ProofForm, RefuseForm
from certifications.models import Certification, Evidence, EvidenceFile, EvidenceState
from certifications.views.certifications import detail_context, own_cycle
from learners.files import serving

PAGE_SIZE = 25
RELATED = ("cycle__assignment__learner", "cycle__assignment__certification__organisation")


@require_http_methods(["GET", "HEAD", "POST"])
def proof_hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in a proof; where something is missing the page is shown again, with what and why. Who
    comes back to that address, as after signing in again, is led to the page itself."""
    cycle = own_cycle(request, pk)
    if request.method != "POST":
        return redirect(cycle.certification)
    form = ProofForm(request.POST, request.FILES, by=request.user)
    if not form.is_valid():
        return _page_with(request, cycle.certification, form)
    try:
        evidence.hand_in(cycle=cycle, files=form.stored, by=request.user, facts=form.facts)
    except ProofRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your proof was uploaded. You hear when it has been judged."))
    return redirect(cycle.certification)


def _page_with(request: HttpRequest, certification: Certification, form: ProofForm) -> HttpResponse:
    context = detail_context(request.user, certification.pk, form)
    return render(request, "certifications/pages/my_certification_detail.html", context)


@require_safe
def proof_list(request: HttpRequest) -> HttpResponse:
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
    """Whether somebody judges proofs: an administrator, or whom one named."""
    return request.user.is_staff or Certification.objects.judged_by(request.user).exists()


@require_safe
def proof_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One proof: the file beside the decision."""
    return _judging(request, _proof(request, pk))


@require_POST
def proof_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a proof, with the days that it says."""
    proof = _proof(request, pk)
    form = JudgeForm(request.POST)
    if not form.is_valid():
        return _judging(request, proof, accepting=form)
    try:
        evidence.accept(evidence=proof, by=request.user, facts=form.facts)
    except ProofRefused as refused:
        form.add_error(None, str(refused))
        return _judging(request, proof, accepting=form)
    messages.success(request, _("The proof was accepted; its learner is told."))
    return redirect("certifications:proof_list")


@require_POST
def proof_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse a proof, with a reason."""
    proof = _proof(request, pk)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return _judging(request, proof, refusing=form)
    try:
        reason = form.cleaned_data["reason"]
        evidence.refuse(evidence=proof, by=request.user, reason=reason)
    except ProofRefused as refused:
        form.add_error(None, str(refused))
        return _judging(request, proof, refusing=form)
    messages.success(request, _("The proof was refused; its learner reads why."))
    return redirect("certifications:proof_list")


@xframe_options_sameorigin
@require_safe
def proof_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of a proof, for whose it is and for who judges it."""
    files = EvidenceFile.objects.read_by(request.user).select_related("file")
    stored = get_object_or_404(files, pk=pk).file
    return serving.response_for(request, stored, frame=serving.IN_OUR_FRAME)


def _proof(request: HttpRequest, pk: int) -> Evidence:
    mine = Evidence.objects.judged_by(request.user).select_related(
        *RELATED, "cycle__version", "decided_by"
    )
    return get_object_or_404(mine.distinct(), pk=pk)


def _judging(
    request: HttpRequest,
    proof: Evidence,
    accepting: JudgeForm | None = None,
    refusing: RefuseForm | None = None,
) -> HttpResponse:
    names = Facts.__dataclass_fields__
    known = {name: getattr(proof, name) for name in names}
    known["issuer"] = proof.issuer or proof.cycle.certification.issuer
    context = {
        "proof": proof,
        "file_url_name": "certifications:proof_file",
        "files": proof.files.select_related("file"),
        "accepting": accepting or JudgeForm(initial=known),
        "refusing": refusing or RefuseForm(),
        "waits": proof.state == EvidenceState.SUBMITTED,
    }
    return render(request, "certifications/evidence/evidence_detail.html", context)
