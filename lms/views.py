"""Pages of the roof that belong to no app."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lms import health as checks


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Whether database, broker and storage answer; 503 when one that pages need does not."""
    findings = checks.findings()
    is_well = all(finding.is_well for finding in findings if finding.is_needed)
    return JsonResponse(
        {"ok": is_well, **{finding.name: finding.text for finding in findings}},
        status=200 if is_well else 503,
    )
