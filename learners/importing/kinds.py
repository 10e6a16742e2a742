"""The kinds of files that are imported: each is a description of the one machine in `jobs`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from learners.importing.applying import EnrolmentApplier
from learners.importing.exempting import ExemptionApplier, ExemptionPlanner
from learners.importing.interpreting import EnrolmentPlanner
from learners.importing.ledger import Ledger
from learners.importing.plans import Applier, Planner
from learners.models import ImportJob, ImportKind, Organisation
from learners.spreadsheets.columns import ENROLMENTS, EXEMPTIONS, Columns


@dataclass(frozen=True)
class Kind:
    """Which columns a file has, who plans its lines, and who does what they ask; whether what
    follows for programmes and certifications is tried out at the check."""

    columns: Columns
    planner: Callable[[Organisation, Ledger], Planner]
    applier: Callable[[ImportJob], Applier]
    is_foreseen: bool = False


KINDS: Mapping[str, Kind] = {
    ImportKind.ENROLMENTS: Kind(ENROLMENTS, EnrolmentPlanner, EnrolmentApplier),
    ImportKind.EXEMPTIONS: Kind(EXEMPTIONS, ExemptionPlanner, ExemptionApplier, is_foreseen=True),
}


def kind_of(job: ImportJob) -> Kind:
    """Return the description of a job's file."""
    return KINDS[job.kind]
