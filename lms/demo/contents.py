"""The contents of the demo: its chapters, those of the apps among them, in the order of telling."""

from collections.abc import Sequence

from django.utils import timezone

from certifications import awarding
from certifications.models import Certificate
from learners.hooks.chapters import Chapter
from lms.demo import people
from lms.demo.chapters import (
    assigning,
    building,
    certifying,
    coaching,
    excuses,
    exempting,
    importing,
    lessons,
    running,
    shelves,
    story,
    subscribing,
)
from lms.demo.clock import Clock
from lms.demo.data import reading
from lms.demo.world import World
from lms.frame import home


def begun() -> World:
    """Return the world before the first chapter: its institutions, and the moment of loading."""
    organisations = building.institutions(reading.read("catalogue.toml")["organisation"])
    clock = Clock(timezone.now(), organisations["VAV"].tz)
    return World(clock=clock, organisations=organisations)


def contents() -> list[Chapter[World]]:
    """Return all chapters in their order; of the same order, the roof's first."""
    chapters: list[Chapter[World]] = [*CHAPTERS, *home.gathered(lambda offer: offer.chapters)]
    return sorted(chapters, key=lambda chapter: chapter.order)


def _people(world: World) -> int:
    """Let everybody come who works or learns at an institution."""
    tried = building.make_people(people.TRIED, world.organisations)
    world.by_email = {str(user.email): user for user in tried}
    colleagues = building.make_people([*people.colleagues()], world.organisations)
    world.teachers = {user.name: user for user in [*tried, *colleagues]}
    persons = list(people.learners())
    learners = building.make_people(persons, world.organisations)
    world.learners = {
        code: [
            user
            for user, person in zip(learners, persons, strict=True)
            if code in {institution for institution, _role in person.roles}
        ]
        for code in world.organisations
    }
    return len(world.teachers) + sum(map(len, world.learners.values()))


def _catalogue(world: World) -> int:
    """Say what can be learned, and with what; return how many courses there are."""
    catalogue = reading.read("catalogue.toml")
    world.courses = building.courses(catalogue["course"], world.organisations)
    world.programmes = building.programmes(
        catalogue["programme"], world.organisations, world.courses
    )
    shelves.stock(world)
    lessons.write(world, reading.read("lessons.toml")["lesson"])
    return len(world.courses)


def _runs(world: World) -> int:
    return sum(running.live_through(world, row) for row in reading.read("runs.toml")["run"])


def _beside_runs(world: World) -> int:
    """Tell what happens beside the runs; return how many people study online."""
    studying = sum(len(story.study_online(world, key)) for key in story.ELEARNING)
    story.follow_programmes(world)
    story.tell_of_sanne(world)
    story.put_aside(world)
    story.lapse_terms(world)
    return studying


def _import(world: World) -> int:
    return importing.bring_in(world).count("error")


def _award(world: World) -> int:
    """Issue what is due, then let a teacher correct a mistake, which withdraws a certificate."""
    awarding.drain()
    story.correct(world, "VAV/COMM/GENT-1", world.sanne)
    awarding.drain()
    return Certificate.objects.count()


CHAPTERS: Sequence[Chapter[World]] = (
    Chapter("institutions and people", _people, 10),
    Chapter("courses, programmes and materials", _catalogue, 20),
    Chapter("places in runs, with registers and study statuses", _runs, 30),
    Chapter("e-learning and programmes", _beside_runs, 40),
    Chapter("exemptions, by a base list", exempting.exempt, 50),
    Chapter("an import with lines to mend", _import, 60),
    Chapter("proofs of force majeure, to be judged", excuses.excuse, 70),
    Chapter("certificates, to be drawn by the worker", _award, 80),
    Chapter("certifications, for whom they are", certifying.certify, 90),
    Chapter("certifications, assigned by a rule", assigning.assign, 100),
    Chapter("assignments handed in, with what coaches say", coaching.coach, 110),
    Chapter("codes for paid time", subscribing.hand_out_codes, 120),
)
