"""The pages of certificates: a learner's own, the PDF, and the public check."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certifications import checking, codes
from certifications.certificates import download, guessing
from certifications.cycles import states
from certifications.forms import CodeForm
from certifications.models import Certificate
from certifications.pages import held_certificates

PAGE_SIZE = 25


@require_safe
def my_certificate_list(request: HttpRequest) -> HttpResponse:
    """What somebody earned, and what is on its way to them."""
    mine = Certificate.objects.for_user(request.user).select_related("organisation")
    page = Paginator(mine.order_by("-achieved_on", "-pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "certifications/certificates/my_certificate_list.html",
        {
            "page": page,
            "held": held_certificates.held_for_user(request.user) if page.number == 1 else [],
            "is_being_made": any(certificate.is_being_made for certificate in page),
        },
    )


@never_cache
@require_safe
def my_certificate_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One of one's own certificates: what it says, what it is today, its PDF and its address."""
    mine = Certificate.objects.for_user(request.user).select_related(
        "organisation", "superseded_by", "enrolment", "cycle__assignment__certification"
    )
    certificate = get_object_or_404(mine, code=codes.read(code))
    context = {
        "certificate": certificate,
        "state": certificate.state,
        "public_address": request.build_absolute_uri(certificate.get_absolute_url()),
    }
    return render(request, "certifications/certificates/my_certificate_detail.html", context)


@never_cache
@require_safe
def certificate_row(request: HttpRequest, code: str) -> HttpResponse:
    """One of one's own certificates as it is now: a list asks for it while it is being made."""
    mine = Certificate.objects.for_user(request.user).select_related("organisation")
    certificate = get_object_or_404(mine, code=codes.read(code))
    return render(
        request, "certifications/certificates/_certificate_row.html", {"certificate": certificate}
    )


@require_safe
def certificate_download(request: HttpRequest, code: str) -> FileResponse | HttpResponse:
    """The PDF, for whom it concerns."""
    allowed = Certificate.objects.downloadable_by(request.user)
    certificate = get_object_or_404(allowed, code=codes.read(code))
    if not certificate.rendered_at:
        return redirect("certifications:my_certificate_list")
    return download.response(certificate)


@login_not_required
@never_cache
@require_safe
def certificate_lookup(request: HttpRequest) -> HttpResponse:
    """The form in which anybody types the code of a certificate."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("certifications:certificate_check", codes.shown(form.cleaned_data["code"]))
    return checking.page(
        request, "certifications/certificates/certificate_lookup.html", {"form": form}
    )


@login_not_required
@never_cache
@require_safe
def certificate_check(request: HttpRequest, code: str) -> HttpResponse:
    """Whose certificate it is and whether it is valid today, for anybody who has its code."""
    if guessing.has_tried_too_often(request):
        return checking.page(
            request, "certifications/certificates/too_many_codes.html", {}, status=429
        )
    certificate = checking.find(codes.read(code))
    if certificate is None and (evidence := checking.find_evidence(codes.read(code))):
        context = {"evidence": evidence, "state": states.public_state(evidence.cycle)}
        context["certification"] = evidence.cycle.certification
        context["today"] = evidence.cycle.today
        context["newer"] = checking.newer_evidence(evidence)
        return checking.page(request, "certifications/evidence/evidence_check.html", context)
    if certificate is None:
        guessing.count_unknown(request)
        context = {"form": CodeForm(), "typed": code[: codes.LONGEST_TYPED]}
        return checking.page(
            request, "certifications/certificates/code_unknown.html", context, status=404
        )
    context = {"certificate": certificate, "state": certificate.state}
    context["today"] = certificate.organisation.today()
    context["is_mine"] = certificate.learner_id == request.user.pk
    return checking.page(request, "certifications/certificates/certificate_check.html", context)
