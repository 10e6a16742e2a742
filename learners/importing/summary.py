"""What a file asks for, in numbers and words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from learners.importing import foreseeing
from learners.importing.kinds import kind_of
from learners.models import ImportJob, ImportKind, StudyStatus

_FOUND = (
    ("unchanged", ngettext_lazy("stays as it is", "stay as they are", "n")),
    ("notice", ngettext_lazy("notice", "notices", "n")),
    ("error", ngettext_lazy("error", "errors", "n")),
)
_BEGIN = (
    ("lines", ngettext_lazy("line", "lines", "n")),
    ("new_people", ngettext_lazy("new person", "new people", "n")),
)
COUNTED: Mapping[str, tuple[tuple[str, Any], ...]] = {
    ImportKind.ENROLMENTS: (
        *_BEGIN,
        ("new_enrolments", ngettext_lazy("new enrolment", "new enrolments", "n")),
        ("changed", ngettext_lazy("enrolment that changes", "enrolments that change", "n")),
        *_FOUND,
    ),
    ImportKind.EXEMPTIONS: (
        *_BEGIN,
        (
            "new_enrolments",
            ngettext_lazy(
                "exemption without an enrolment before",
                "exemptions without an enrolment before",
                "n",
            ),
        ),
        (
            "changed",
            ngettext_lazy("enrolment that becomes exempt", "enrolments that become exempt", "n"),
        ),
        *_FOUND,
        (
            "programmes",
            ngettext_lazy(
                "programme that is completed by it", "programmes that are completed by it", "n"
            ),
        ),
    ),
}

COACHINGS = (
    "coachings",
    ngettext_lazy("coach of a learner added", "coaches of learners added", "n"),
)

# SQLite lets one write at a time; so much it does in one, on a quiet machine.
LINES_PER_SECOND = 800
SHORT_WAIT = 5  # seconds that nobody needs to be told of


@dataclass(frozen=True)
class Counted:
    """A number of the preview, and what was counted."""

    name: str
    number: int
    words: str


def counted(job: ImportJob) -> list[Counted]:
    """Return the numbers of a preview, in their order."""
    counts = list(COUNTED[job.kind])
    if job.count("coachings"):
        counts.append(COACHINGS)
    if kind_of(job).is_foreseen:
        counts += [(one.name, one.words) for one in foreseeing.foreseen()]
    return [
        Counted(name, job.count(name), str(words % {"n": job.count(name)}))
        for name, words in counts
    ]


def results(job: ImportJob) -> list[tuple[str | Promise, int]]:
    """Return how many get which study status."""
    found = [(status.label, job.count(f"to_{status}")) for status in StudyStatus]
    return [(label, number) for label, number in found if number]


def promise(job: ImportJob) -> str | Promise:
    """Say what follows for certificates."""
    if job.kind == ImportKind.EXEMPTIONS:
        return ""
    completed = job.count(f"to_{StudyStatus.COMPLETED}")
    if not completed:
        return _("No certificates follow from this file.")
    if not job.with_certificates:
        return _("No certificates are made: these people have them already.")
    return _("Who completes a course that gives a certificate gets one: at most %(n)d.") % {
        "n": completed
    }


def messages(job: ImportJob) -> int:
    """Return how many messages go out where people are told: one for each that is enrolled or
    exempted, and one for each certificate, as far as those are known beforehand."""
    if job.kind == ImportKind.EXEMPTIONS:
        follows = job.count("programmes") + job.count("certifications")
    else:
        follows = job.count("certificates") if job.with_certificates else 0
    return job.count("to_tell") + follows


def more_follows(job: ImportJob) -> bool:
    """Whether programmes and certifications may be completed besides that nobody counted."""
    return job.kind == ImportKind.ENROLMENTS and job.count(f"to_{StudyStatus.COMPLETED}") > 0


def wait_for_others(job: ImportJob) -> int | None:
    """Return for about how many seconds nobody else can save while this is applied; None where
    that is no matter."""
    seconds = -(-(job.count("new_enrolments") + job.count("changed")) // LINES_PER_SECOND)
    lets_one_write = not connection.features.has_select_for_update
    return seconds if lets_one_write and seconds > SHORT_WAIT else None
