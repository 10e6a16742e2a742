"""The certifications of the demo, and the learner in each of their states."""

import io
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from certifications import assigning, defining, evidence, standing
from certifications.evidence import Facts
from certifications.models import (
    Certificate,
    Certification,
    CertificationVersion,
    Cycle,
    Evidence,
    Requirement,
)
from lms.demo import data
from lms.demo.world import World

INSTITUTION = "VAV"
Row = Mapping[str, Any]


def certify(world: World) -> int:
    """Define the certifications, assign them to people, and bring the learner into every state;
    return to how many people one was assigned."""
    rows = data.read("certifications.toml")["certification"]
    return sum(_assign(world, row, _define(world, row)) for row in rows)


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
    defining.publish(version=version, by=world.admin)
    made.refresh_from_db()
    return made


def _assign(world: World, row: Row, certification: Certification) -> int:
    if not row["mode"]:
        return 0
    others = world.draw(f"{INSTITUTION}/{row['code']}", row.get("people", 0))
    due = row.get("due")
    made = assigning.assign(
        certification=certification,
        learners=[world.sanne, *others],
        mode=row["mode"],
        by=world.admin,
        due_on=world.clock.day(due) if due else None,
    )
    mine = Cycle.objects.select_related(
        "assignment__certification__organisation", "assignment__learner"
    ).get(assignment__certification=certification, assignment__learner=world.sanne)
    if become := BECOMES.get(row.get("becomes", "")):
        become(world, mine)
    return len(made)


def _exempt(world: World, mine: Cycle) -> None:
    assigning.exempt(assignments=[mine.assignment], by=world.admin, reason="Verpleegkundige")


def _decline(world: World, mine: Cycle) -> None:
    assigning.decline(assignment=mine.assignment, by=world.sanne)


def _withdraw(world: World, mine: Cycle) -> None:
    assigning.withdraw(
        assignments=[mine.assignment], by=world.admin, reason="Je gaat dit jaar niet mee op kamp"
    )


def _revoke(world: World, mine: Cycle) -> None:
    certificate = Certificate.objects.get(cycle=mine)
    standing.revoke(certificate=certificate, by=world.admin, reason="Op eigen vraag")


def _hand_in(world: World, mine: Cycle) -> Evidence:
    picture = SimpleUploadedFile("bewijs.png", _picture(mine), "image/png")
    files = evidence.store(files=[picture], by=world.sanne)
    return evidence.hand_in(cycle=mine, files=files, by=world.sanne, facts=Facts())


def _accept(world: World, mine: Cycle) -> None:
    proof = _hand_in(world, mine)
    obtained_on = world.clock.day(-40)
    facts = Facts(obtained_on, obtained_on + timedelta(days=300), "", "VRC-2026-0815")
    evidence.accept(evidence=proof, by=world.coach, facts=facts)


def _refuse(world: World, mine: Cycle) -> None:
    proof = _hand_in(world, mine)
    reason = "De achterkant ontbreekt: daar staat tot wanneer het geldig is"
    evidence.refuse(evidence=proof, by=world.coach, reason=reason)


def _picture(mine: Cycle) -> bytes:
    """Draw what a photo of a proof might look like."""
    paper = Image.new("RGB", (900, 600), "#fffdf8")
    pen = ImageDraw.Draw(paper)
    pen.rectangle((24, 24, 876, 576), outline="#1c2430", width=4)
    words = (
        mine.certification.issued_by,
        mine.certification.title_nl,
        mine.assignment.learner.name,
    )
    for line, text in enumerate(words):
        pen.text((80, 120 + 110 * line), text, fill="#1c2430", font_size=44)
    out = io.BytesIO()
    paper.save(out, "PNG")
    return out.getvalue()


BECOMES: Mapping[str, Callable[[World, Cycle], object]] = {
    "exempt": _exempt,
    "declined": _decline,
    "withdrawn": _withdraw,
    "revoked": _revoke,
    "submitted": _hand_in,
    "accepted": _accept,
    "refused": _refuse,
}
