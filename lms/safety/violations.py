"""What a browser refused to run on a page of ours, as it reports it to us; it goes to the log."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from learners.limits import Limit, client_network
from lms.running.logs import without_secrets

logger = structlog.get_logger(__name__)

LARGEST = 16_384  # bytes
MOST = 10  # of one report
REPORTS = Limit("csp-reports", allowed=20, window=60)
# As browsers that know `report-to` name it, and as those that know `report-uri` do.
SAID = {
    "directive": ("effectiveDirective", "effective-directive", "violated-directive"),
    "blocked": ("blockedURL", "blocked-uri"),
    "page": ("documentURL", "document-uri"),
    "source": ("sourceFile", "source-file"),
    "line": ("lineNumber", "line-number"),
}


@login_not_required
@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Write down what a browser reports; whatever it is, there is nothing to answer."""
    for violation in _violations(request):
        if REPORTS.takes(client_network(request)):
            logger.warning("csp_violation", **violation)
    return HttpResponse(status=204)


def _violations(request: HttpRequest) -> Iterator[dict[str, str]]:
    kind = request.content_type or ""
    if "json" not in kind and "csp-report" not in kind:
        return
    try:
        sent = json.loads(request.read(LARGEST))  # what is longer is cut, and then no JSON
    except (ValueError, RecursionError):
        return
    for report in (sent if isinstance(sent, list) else [sent])[:MOST]:
        if isinstance(report, Mapping):
            body = report.get("csp-report") or report.get("body")
            if isinstance(body, Mapping):
                yield _said(body)


def _said(body: Mapping[str, Any]) -> dict[str, str]:
    """Keep the few things that tell what it was, cut short, without what stands behind '?'."""
    found = {
        name: str(next((body[key] for key in keys if key in body), ""))
        for name, keys in SAID.items()
    }
    addresses = {name: _address(found[name]) for name in ("blocked", "page", "source")}
    return {name: value[:60] for name, value in found.items()} | addresses


def _address(value: str) -> str:
    try:
        parts = urlsplit(value[:500])
    except ValueError:
        return ""
    where = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else parts.scheme
    return without_secrets(f"{where}{parts.path}")[:200]
