"""The public check: what anybody who has a code may see, and how its pages are served."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from certifications.cycles import states
from certifications.models import Certificate, Evidence


def find(code: str) -> Certificate | None:
    """Return the certificate with this code; what was never handed over has no public page."""
    if not code:
        return None
    handed_over = Certificate.objects.released()
    return handed_over.select_related("organisation", "superseded_by").filter(code=code).first()


def find_evidence(code: str) -> Evidence | None:
    """Return the accepted evidence with this code, with what its state is worked out from."""
    related = ("decided_by", "cycle__assignment__certification__organisation", "cycle__version")
    return Evidence.objects.accepted().select_related(*related).filter(code=code).first()


def newer_evidence(evidence: Evidence) -> Evidence | None:
    """Return the evidence that replaced this."""
    newer = states.newer_than(evidence.cycle)
    return newer.evidence.accepted().first() if newer else None


def page(
    request: HttpRequest, template: str, context: Mapping[str, object], status: int = 200
) -> HttpResponse:
    """Render a public page that no search engine keeps and that tells no other site its code.

    Not 'no-referrer': with that a browser hides the origin of the language switch from us as well,
    which is then refused as a forgery.
    """
    response = render(request, template, context, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
