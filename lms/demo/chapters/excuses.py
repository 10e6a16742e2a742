"""Evidence of force majeure in the demo: two that wait, and one of the learner that was refused."""

from learners.enrolling import force_majeure
from learners.evidence import judging
from learners.models import Enrolment, ForceMajeure, StudyStatus
from lms.demo.drawn import papers
from lms.demo.world import World

WAITING = {
    "Mijn zoon lag in het ziekenhuis": "Opgenomen van maandag tot vrijdag",
    "Griep": "Kan niet deelnemen door ziekte",
}


def excuse(world: World) -> int:
    """Hand in evidence for people who withdrew too late; return how many wait to be judged."""
    late = Enrolment.objects.filter(
        status=StudyStatus.WITHDRAWN_INVALID, course__organisation=world.organisations["VAV"]
    )
    others = late.exclude(learner=world.sanne).order_by("-pk")
    for enrolment, (said, written) in zip(others, WAITING.items(), strict=False):
        _hand_in(world, enrolment, said, written)
    hers = late.filter(learner=world.sanne).first()
    assert hers is not None, "the runs of the demo say that she withdrew too late"
    evidence = _hand_in(world, hers, "Ik had een afspraak bij de dokter", "Consultatie")
    reason = "Er staat geen datum op; vraag de dokter om een attest met de dag erop"
    force_majeure.refuse(evidence=evidence, by=world.admin, reason=reason)
    return len(WAITING)


def _hand_in(world: World, enrolment: Enrolment, said: str, written: str) -> ForceMajeure:
    lines = ("Dr. A. Peeters, huisarts", enrolment.learner.name, written)
    photo = papers.photographed("attest.png", *lines)
    files = judging.store(files=[photo], by=enrolment.learner)
    return force_majeure.hand_in(enrolment=enrolment, files=files, by=world.admin, explanation=said)
