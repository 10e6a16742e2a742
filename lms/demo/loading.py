"""Loading the demo: once, all or nothing, through the functions that the product itself uses.

What has passed is recorded as it would have been then: the functions take `at`. The day of the
first loading is kept in the audit log; loaded again, nothing changes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from django.db import transaction
from django.utils import timezone, translation

from certifications import awarding
from certifications.models import Certificate
from learners import audit
from learners.models import AuditEntry, Notification, Organisation
from lms.demo import (
    assigning,
    building,
    certifying,
    data,
    excuses,
    exempting,
    importing,
    lessons,
    people,
    running,
    shelves,
    story,
)
from lms.demo.clock import Clock
from lms.demo.world import World

LOADED = "lms.demo_loaded"
Say = Callable[[str], None]


def loaded() -> AuditEntry | None:
    """Return the record of the first loading, or None where the demo was never loaded."""
    return AuditEntry.objects.filter(action=LOADED).order_by("pk").first()


def load(*, say: Say) -> bool:
    """Load the demo and say how far it is; return whether anything was there to do."""
    if loaded():
        return False
    with transaction.atomic(), translation.override("nl"):
        _load(say)
    return True


def _load(say: Say) -> None:
    """Make the demo, chapter after chapter."""
    catalogue, runs = data.read("catalogue.toml"), data.read("runs.toml")["run"]
    with _chapter(say, "institutions and people") as count:
        world = _people(catalogue)
        count(len(world.teachers) + sum(map(len, world.learners.values())))
    with _chapter(say, "courses, programmes and materials") as count:
        world.courses = building.courses(catalogue["course"], world.organisations)
        world.programmes = building.programmes(
            catalogue["programme"], world.organisations, world.courses
        )
        shelves.stock(world)
        lessons.write(world, data.read("lessons.toml")["lesson"])
        count(len(world.courses))
    with _chapter(say, "places in runs, with registers and study statuses") as count:
        count(sum(running.live_through(world, row) for row in runs))
    with _chapter(say, "e-learning and programmes") as count:
        count(sum(len(story.study_online(world, key)) for key in story.ELEARNING))
        story.follow_programmes(world)
        story.tell_of_sanne(world)
        story.put_aside(world)
        story.lapse_terms(world)
    with _chapter(say, "exemptions, by a base list") as count:
        count(exempting.exempt(world))
    with _chapter(say, "an import with lines to mend") as count:
        count(importing.bring_in(world).count("error"))
    with _chapter(say, "proofs of force majeure, to be judged") as count:
        count(excuses.excuse(world))
    with _chapter(say, "certificates, to be drawn by the worker") as count:
        count(_award(world))
    with _chapter(say, "certifications, for whom they are") as count:
        count(certifying.certify(world))
    with _chapter(say, "certifications, assigned by a rule") as count:
        count(assigning.assign(world))
        _pass_over_old_news(world)
    audit.record(action=LOADED, on=world.organisations["VAV"], by=None)


def _people(catalogue: dict) -> World:
    organisations = building.institutions(catalogue["organisation"])
    vav: Organisation = organisations["VAV"]
    world = World(clock=Clock(timezone.now(), vav.tz), organisations=organisations)
    tried = building.make_people(people.TRIED, organisations)
    world.by_email = {str(user.email): user for user in tried}
    colleagues = building.make_people([*people.colleagues()], organisations)
    world.teachers = {user.name: user for user in [*tried, *colleagues]}
    persons = list(people.learners())
    learners = building.make_people(persons, organisations)
    world.learners = {
        code: [
            user
            for user, person in zip(learners, persons, strict=True)
            if code in {institution for institution, _role in person.roles}
        ]
        for code in organisations
    }
    return world


def _award(world: World) -> int:
    """Issue what is due, then let a teacher correct a mistake, which withdraws a certificate."""
    awarding.drain()
    story.correct(world, "VAV/COMM/GENT-1", world.sanne)
    awarding.drain()
    return Certificate.objects.count()


def _pass_over_old_news(world: World) -> None:
    """Mail nobody about the past but the learner, who has read what is older than a week."""
    now = timezone.now()
    Notification.objects.exclude(user=world.sanne).update(mailed_at=now, read_at=now)
    old = Notification.objects.filter(user=world.sanne, kind="certifications/certificate_issued")
    old.update(mailed_at=now, read_at=now)


@contextmanager
def _chapter(say: Say, title: str) -> Iterator[Callable[[int], None]]:
    """Say what was made, how many, and how long it took."""
    began = monotonic()
    counted: list[int] = []
    yield counted.append
    say(f"{counted[0]} {title}, {monotonic() - began:.0f} s")
