"""An import of the demo with more lines than a page shows, that was refused for three of them."""

from collections.abc import Iterator

from learners import names
from learners.models import ImportJob, ImportKind, User
from lms.demo.chapters import exempting
from lms.demo.world import World

HEADINGS = ("deelnemer", "naam", "opleiding", "uitvoering", "ingeschreven op")
COURSE, NUMBER = "VAV/EHBO", 60
WRONG = {  # line → what it says instead
    7: {"opleiding": "EHBOO"},
    41: {"ingeschreven op": "31-02-2026"},
    58: {"uitvoering": "GENT-99"},
}


def bring_in(world: World) -> ImportJob:
    """Check a list of newcomers of an institution, in which some lines are wrong."""
    lines = [HEADINGS, *_lines(world)]
    kind = ImportKind.ENROLMENTS
    return exempting.checked(world, COURSE, "inschrijvingen-najaar.csv", lines, kind)


def _lines(world: World) -> Iterator[tuple[str, ...]]:
    newcomers: list[User] = world.learners["VAV"][:NUMBER]
    for line, one in enumerate(newcomers, start=2):
        said = {
            "deelnemer": names.normalised_email(f"{line}.{one.email}"),
            "naam": one.name,
            "opleiding": "EHBO",
            "uitvoering": "",
            "ingeschreven op": world.clock.day(-3).isoformat(),
        }
        yield tuple((said | WRONG.get(line, {})).values())
