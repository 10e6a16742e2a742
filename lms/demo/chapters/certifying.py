"""The certifications of the demo, and the learner in each of their states."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from certifications import evidence, releasing_and_revoking
from certifications.assigning import answering, giving, taking_back
from certifications.cycles import fulfilling, renewing, settling
from certifications.defining import publication
from certifications.evidence import Facts
from certifications.models import (
    Certificate,
    Certification,
    CertificationVersion,
    Cycle,
    Evidence,
    Requirement,
)
from certifications.reminding import reminders
from learners.enrolling import entering
from learners.models import Actor, StudyStatus
from learners.studying.status_wishes import Wish
from learners.studying.study_status import change_statuses
from lms.demo.data import reading
from lms.demo.drawn import papers
from lms.demo.world import World

INSTITUTION = "VAV"
RENEWED_AGO = 5  # days
Row = Mapping[str, Any]


def certify(world: World) -> int:
    """Define the certifications, assign them to people, and bring the learner into every state;
    return to how many people one was assigned."""
    rows = reading.read("certifications.toml")["certification"]
    people = 0
    for row in rows:
        certification = _define(world, row)
        people += _assign(world, row, certification)
        _draft(world, row, certification)
    renewing.begin_due()
    reminders.remind()
    return people


def _define(world: World, row: Row) -> Certification:
    made = Certification.objects.create(
        organisation=world.organisations[INSTITUTION],
        code=row["code"],
        title_nl=row["nl"],
        title_en=row["en"],
        summary_nl=row["about_nl"],
        summary_en=row["about_en"],
        kind="external" if "external" in row else "internal",
        issuer=row.get("external", ""),
        badge_colour=row.get("colour", ""),
        open_to_learners=row.get("open", False),
        reminds_coach=row.get("coach", False),
    )
    months = row.get("months")
    version = CertificationVersion.objects.create(
        certification=made,
        validity="recurring" if months else "unlimited",
        period_months=months,
        window_days=row.get("window", 0),
        grace_days=row.get("grace", 0),
        minimum=row.get("minimum"),
    )
    for position, code in enumerate(row.get("asks", ()), 1):
        Requirement.objects.create(
            version=version,
            position=position,
            course=world.courses[f"{INSTITUTION}/{code}"],
            is_mandatory=code in row.get("mandatory", ()),
            accepts_days_old=row.get("old", 0),
        )
    if made.is_external:
        made.approvers.add(world.coach)
    publication.publish(version=version, by=world.admin)
    made.refresh_from_db()
    return made


def _draft(world: World, row: Row, certification: Certification) -> None:
    """Let a next version lie ready, of which nobody has said yet whom it is for."""
    if "next_months" in row:
        version = publication.begin(certification=certification, by=world.admin)
        version.period_months = row["next_months"]
        version.save()


def _assign(world: World, row: Row, certification: Certification) -> int:
    if not row["mode"]:
        return 0
    others = world.draw(f"{INSTITUTION}/{row['code']}", row.get("people", 0))
    due = row.get("due")
    made = giving.assign(
        certification=certification,
        learners=[world.sanne, *others],
        mode=row["mode"],
        by=world.admin,
        due_on=world.clock.day(due) if due else None,
    )
    mine = _newest(world, certification)
    if become := BECOMES.get(row.get("becomes", "")):
        become(world, mine)
    return len(made)


def _newest(world: World, certification: Certification) -> Cycle:
    """The cycle in which the learner is."""
    related = ("assignment__certification__organisation", "assignment__learner", "version")
    rows = Cycle.objects.newest().filter(assignment__certification=certification)
    return rows.select_related(*related).get(assignment__learner=world.sanne)


def _renew(world: World, mine: Cycle) -> None:
    """Let the learner complete anew, some days ago, what a renewal asks."""
    renewing.begin_due()
    mine = _newest(world, mine.certification)
    done_at = world.clock.loaded_at - timedelta(days=RENEWED_AGO)
    for one in fulfilling.requirements_of([mine.version_id])[mine.version_id]:
        assert one.course is not None, "the demo renews by courses"
        enrolment = entering.enter_course(learner=world.sanne, course=one.course)
        wish = Wish(enrolment_id=enrolment.pk, to=StudyStatus.COMPLETED)
        change_statuses(wishes=[wish], by=None, actor=Actor.SYSTEM, at=done_at)
    settling.settle([mine.pk])


def _expiring(world: World, mine: Cycle) -> None:
    """Let evidence be accepted of which the end is near, so that it is asked for again."""
    submitted = _hand_in(world, mine)
    facts = Facts(world.clock.day(-345), world.clock.day(20), "", "RK-2025-114")
    evidence.accept(evidence=submitted, by=world.coach, facts=facts)
    renewing.begin_due()


def _exempt(world: World, mine: Cycle) -> None:
    taking_back.exempt(assignments=[mine.assignment], by=world.admin, reason="Verpleegkundige")


def _decline(world: World, mine: Cycle) -> None:
    answering.decline(assignment=mine.assignment, by=world.sanne)


def _withdraw(world: World, mine: Cycle) -> None:
    taking_back.withdraw(
        assignments=[mine.assignment], by=world.admin, reason="Je gaat dit jaar niet mee op kamp"
    )


def _revoke(world: World, mine: Cycle) -> None:
    certificate = Certificate.objects.get(cycle=mine)
    releasing_and_revoking.revoke(certificate=certificate, by=world.admin, reason="Op eigen vraag")


def _hand_in(world: World, mine: Cycle) -> Evidence:
    certification, learner = mine.certification, mine.assignment.learner
    lines = (certification.issued_by, certification.title_nl, learner.name)
    picture = papers.photographed("bewijs.png", *lines)
    files = evidence.store(files=[picture], by=world.sanne)
    return evidence.hand_in(cycle=mine, files=files, by=world.sanne, facts=Facts())


def _accept(world: World, mine: Cycle) -> None:
    submitted = _hand_in(world, mine)
    obtained_on = world.clock.day(-40)
    facts = Facts(obtained_on, obtained_on + timedelta(days=300), "", "VRC-2026-0815")
    evidence.accept(evidence=submitted, by=world.coach, facts=facts)


def _refuse(world: World, mine: Cycle) -> None:
    submitted = _hand_in(world, mine)
    reason = "De achterkant ontbreekt: daar staat tot wanneer het geldig is"
    evidence.refuse(evidence=submitted, by=world.coach, reason=reason)


BECOMES: Mapping[str, Callable[[World, Cycle], object]] = {
    "exempt": _exempt,
    "renewed": _renew,
    "expiring": _expiring,
    "declined": _decline,
    "withdrawn": _withdraw,
    "revoked": _revoke,
    "submitted": _hand_in,
    "accepted": _accept,
    "refused": _refuse,
}
