"""Values that nothing in the demo has, written as they would stand, for the sake of their names.

They are put where no rule looks at them again: in an institution of their own, in drafts, in what
is over.
"""

from django.db.models import QuerySet
from django.utils import timezone

from attendance.models import AttendanceChange
from certifications.models import (
    AssigningJob,
    AssigningRule,
    Certificate,
    Certification,
    CertificationVersion,
    Cycle,
    Reminder,
    Requirement,
)
from learners.models import (
    Course,
    Enrolment,
    FindingKind,
    ImportColumn,
    ImportJob,
    Membership,
    Organisation,
    Place,
    Programme,
    StoredFile,
    User,
)
from lms.demo.people import ADMIN, BOARD, SANNE
from lms.tests.upgrade import under_way


def write() -> None:
    """Write what is rare: what may be offered, who is who, what is assigned, what came of it."""
    here = _institutions()
    course = _offer(here)
    Membership.objects.create(user=User.objects.get(email=BOARD), organisation=here, role="author")
    _drafts(here, course)
    _rules(here, course)
    _what_is_over()


def _institutions() -> Organisation:
    common = {"language": "en", "grade_scale": "words"}
    Organisation.objects.create(
        name="Nobody", code="RARE2", resits="nobody", reopening="nobody", **common
    )
    return Organisation.objects.create(
        name="Rare", code="RARE1", resits="institution", reopening="institution", **common
    )


def _offer(here: Organisation) -> Course:
    titles = {"title_nl": "Zeldzaam", "title_en": "Rare"}
    Programme.objects.create(organisation=here, code="P", completed_by="exam", **titles)
    return Course.objects.create(
        organisation=here, code="C", points_on="meeting", term_begins="start", **titles
    )


def _drafts(here: Organisation, course: Course) -> None:
    """Begin a certification of each kind of validity, of which the second is all that is new."""
    recurs = {"validity": "recurring", "period_months": 24}
    fixed = {"anchor": "fixed", "fixed_month": 9, "fixed_day": 1}
    for code, path, terms in (
        ("R1", "full", {"anchor": "completion", "touches": "all_open"}),
        ("R2", "renewal", {"touches": "not_begun", **fixed}),
    ):
        certification = Certification.objects.create(
            organisation=here, code=code, title_nl=code, title_en=code
        )
        version = CertificationVersion.objects.create(
            certification=certification, **recurs, **terms
        )
        Requirement.objects.create(version=version, course=course, position=1, path=path)


def _rules(here: Organisation, course: Course) -> None:
    """Make rules for every kind of group, and switch none on."""
    given, held = Certification.objects.order_by("pk")[:2]
    common = {"certification": given, "by": User.objects.get(email=ADMIN), "mode": "nominated"}
    for group in (
        *({"group": kind, "course": course} for kind in ("enrolled", "completed")),
        {"group": "holds", "held": held},
        *({"group": "role", "role": role, "organisation": here} for role in ("learner", "coach")),
    ):
        AssigningRule.objects.create(**common, **group)
    AssigningJob.objects.create(**common, group="holds", held=held, state="failed")


def _what_is_over() -> None:
    """Let single rows of the past say something else, and lines of what failed say the rest."""
    _say(AttendanceChange.objects.filter(to_presence="present"), from_presence="absent")
    _say(AttendanceChange.objects.filter(to_presence="absent"), from_presence="present")
    _say(Certificate.objects.exclude(enrolment=None), kind="proof")
    _say(Enrolment.objects.exclude(effort=""), effort="insufficient")
    _say(Place.objects.filter(state="released", released_by_status=False), state="requested")
    for state in ("clean", "infected"):
        unseen = StoredFile.objects.filter(claimed_at__isnull=False)
        _say(unseen.exclude(scan_state__in=("clean", "infected")), scan_state=state)
    job = under_way.begin_import("derde@example.org")
    ImportJob.objects.filter(pk=job.pk).update(state="failed")
    for column in ImportColumn:
        job.findings.create(severity="change", line=1, column=column, kind="name_kept")
    for line, kind in enumerate(FindingKind, 2):
        job.findings.create(severity="notice", line=line, column="name", kind=kind)
    failed = AssigningJob.objects.get(state="failed")
    failed.lines.create(outcome="moves", learner=under_way.person(SANNE), column="mode")
    cycle = Cycle.objects.earliest("pk")
    for moment in ("opens", "closes", "lapsed"):
        Reminder.objects.create(
            cycle=cycle,
            user=cycle.assignment.learner,
            moment=moment,
            on=timezone.localdate(),
            told_at=timezone.now(),
        )


def _say(rows: QuerySet, **fields: object) -> None:
    """Change the last of these rows."""
    last = list(rows.order_by("-pk").values_list("pk", flat=True)[:1])
    rows.model._base_manager.filter(pk__in=last).update(**fields)
