"""Who sees and may do what of exams that are being defined."""

from types import SimpleNamespace

from exams.models import Exam
from exams.tests.factories import an_exam, an_exam_programme
from learners.tests.permissions.parts import Administered, Asked, World, asked_of, named


def add_exam_in_the_making(world: SimpleNamespace) -> None:
    """Begin an exam that nobody has yet."""
    programme = an_exam_programme(1, organisation=world.here)
    world.exam_in_the_making = an_exam(programme, published_at=None)
    world.part_in_the_making = world.exam_in_the_making.parts.get()


def _page(world: World) -> dict[str, object]:
    part = world.part_in_the_making
    return {"pk": part.exam_id, "part_pk": part.pk, "number": 1}


def _part(world: World) -> dict[str, object]:
    exam: Exam = world.exam_in_the_making
    numbers = {"position": 2, "minutes": 30, "weight": 1, "most_files": 1, "most_megabytes": 9}
    return {"exam": exam.pk, "title_nl": "Gesprek", "kind": "appointment", **numbers}


ADMINISTRATION = {
    "exams_exam": Administered(
        row=named("exam_in_the_making"),
        typed=lambda world: {
            "programme": world.without_plan.pk,
            "title_nl": "Examen",
            "kind": "own",
        },
        changed={"title_nl": "Anders"},
        chosen="throw_away",
        pages={
            "of": asked_of(lambda world: world.exam_in_the_making.programme),
            "publish": asked_of(named("exam_in_the_making")),
            "look": asked_of(named("exam_in_the_making")),
            "read": Asked(_page),
        },
    ),
    "exams_exampart": Administered(
        row=named("part_in_the_making"),
        typed=_part,
        changed={"title_nl": "Anders"},
        chosen="remove_part",
    ),
}
