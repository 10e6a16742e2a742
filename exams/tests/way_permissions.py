"""Who sees and may do what on the way to an exam."""

from types import SimpleNamespace
from typing import Any

from exams.models import Application
from exams.releasing import releases
from exams.sampling import samples
from exams.tests.factories import (
    a_decision,
    a_follower,
    a_hand_in,
    a_judgement,
    an_exam,
    an_exam_programme,
    work_on,
)
from learners.models import Enrolment
from learners.tests.permissions.parts import Administered, Asked, Words, World, fields, pk_of

NOT_DECIDED_YET = "Each hinge was counted"
SAID_OF_A_SAMPLE = "You know your way with doors"


def add_way(world: SimpleNamespace) -> None:
    """Let the learner be at every step of the way to an exam, in as many programmes: about to
    apply, in a sample that is assessed, approved, and with an exam that was released or started."""
    world.applying = _a_walker(world)
    sample = samples.draw(enrolment=_a_walker(world), by=world.people["coach"])
    world.judged = a_judgement(sample.items.get(), world.people["coach"], feedback=NOT_DECIDED_YET)
    world.approved = _a_walker(world)
    world.released = _a_walker(world)
    world.started = _a_walker(world)
    for enrolment in (world.approved, world.released, world.started):
        a_decision(
            samples.draw(enrolment=enrolment, by=world.people["coach"]),
            world.people["coach"],
            feedback=SAID_OF_A_SAMPLE,
        )
    releases.release(enrolment=world.released, by=world.people["coach"])
    attempt = releases.release(enrolment=world.started, by=world.people["coach"])
    releases.start(attempt=attempt, by=world.people["learner"])
    samples.apply(enrolment=_a_walker(world), by=world.people["learner"])


def _a_walker(world: SimpleNamespace) -> Enrolment:
    """Let the learner have handed in all that a programme of their coach asks."""
    person = world.people
    programme = an_exam_programme(1, organisation=world.here, needed_xp=0)
    an_exam(programme)
    coaches = person["coach"], person["former coach"]
    enrolment = a_follower(programme, *coaches, learner=person["learner"])
    a_hand_in(work_on(enrolment), "A door")
    return enrolment


def _of_exam(name: str) -> Words:
    """Name in an address the enrolment that the world has under this name."""
    return lambda world: {"enrolment_pk": getattr(world, name).pk}


def _instruction(world: World) -> dict[str, Any]:
    part = world.started.programme.exams.get().parts.get()
    return {**_of_exam("started")(world), "part_pk": part.pk, "number": 1}


def _sample(**said: object) -> Words:
    return lambda world: {"pk": world.judged.sample_id, **said}


def _item(world: World) -> dict[str, Any]:
    return {"pk": world.judged.sample_id, "item_pk": world.judged.pk}


ADDRESSES = {
    "exams:exam_detail": Asked(_of_exam("released")),
    "exams:exam_apply": Asked(_of_exam("applying")),
    "exams:exam_feedback": Asked(_of_exam("released")),
    "exams:exam_start": Asked(_of_exam("released")),
    "exams:instruction_detail": Asked(_instruction),
    "exams:sample_detail": Asked(_sample()),
    "exams:sample_judge": Asked(
        _item, form=fields(verdict="approved", feedback="Clear now", revision=1)
    ),
    "exams:sample_decide": Asked(_sample(), form=fields(act="approve", revisions=1)),
    "exams:learner_exam": Asked(pk_of("approved")),
    "exams:sample_draw": Asked(pk_of("applying")),
    "exams:exam_release": Asked(pk_of("approved")),
}
ADMINISTRATION = {
    "exams_application": Administered(row=lambda world: Application.objects.earliest("pk")),
    "exams_attempt": Administered(row=lambda world: world.released.attempts.get()),
    "exams_sample": Administered(row=lambda world: world.judged.sample),
}
READERS = {
    NOT_DECIDED_YET: {"coach": "exams:sample_detail", "board": "exams:sample_detail"},
    SAID_OF_A_SAMPLE: {"learner": "exams:exam_feedback", "coach": "learners:my_data"},
}
