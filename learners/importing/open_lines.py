"""What is open in enrolments that a file ends, named in its preview."""

from collections.abc import Mapping

from learners.hooks.questions import Closing
from learners.importing.cells import Findings
from learners.models import Enrolment, FindingKind, ImportColumn
from learners.studying import open_work


def name(
    ending: Mapping[int, Enrolment], closing: Closing, column: ImportColumn, findings: Findings
) -> None:
    """Add what is open in the enrolments that lines end, by their number."""
    line_of = {enrolment.pk: line for line, enrolment in ending.items()}
    for one in open_work.of(ending.values(), closing):
        line = line_of[one.enrolment.pk]
        findings.add(FindingKind.STILL_OPEN, line, column, hint=one.words)
