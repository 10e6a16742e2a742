"""What the page of an import shows: what was found, and a page of its lines."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

from learners.importing import lines
from learners.models import ImportJob, LineOutcome, Severity

SHOWN = 100


def findings_of(request: HttpRequest, job: ImportJob) -> dict[str, Any]:
    """Return the findings to show: errors where there are any, else what was chosen."""
    asked = request.GET.get("show", "")
    first = Severity.ERROR if job.count("error") else Severity.NOTICE
    shown = Severity(asked) if asked in Severity.values else first
    return {
        "job": job,
        "severities": [(s, s.label, job.count(s)) for s in Severity if job.count(s)],
        "shown": shown,
        "findings": job.findings.filter(severity=shown)[:SHOWN],
        "not_shown": max(0, job.count(shown) - SHOWN),
    }


def lines_of(request: HttpRequest, job: ImportJob) -> dict[str, Any]:
    """Return a page of the lines of a checked file, all of them or those that were asked for."""
    outcome = request.GET.get("lines", "")
    outcome = outcome if outcome in LineOutcome.values else ""
    if job.is_at_work or not job.outcomes:
        return {}
    paginator = Paginator(range(lines.number_of(job, outcome)), lines.PAGE)
    page = paginator.get_page(request.GET.get("page"))
    return {
        "page": page,
        "lines": lines.page_of(job, page.number, outcome),
        "outcomes": lines.outcomes_of(job),
        "outcome": outcome,
        "all_lines": lines.number_of(job),
    }
