"""Send files in pieces to the product, and print what that costs and what they outlive.

    python -m benchmarks.uploads [MEGABYTES of a file]

Once with files in a folder, and once with files in a bucket, which moto serves. Two web processes
and a worker work on the database of DATABASE_URL (SQLite without it). Fails where a bound is
broken, and where what is stored is not what was sent. Linux only.
"""

import itertools
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from benchmarks import block, pages, world
from benchmarks.uploads import costs, forms, mishaps, site
from benchmarks.uploads.lines import HEAD, Line
from benchmarks.uploads.sending import MEGABYTE
from benchmarks.uploads.site import Fill, Film, Person
from learners.files.keeping import MAX_MATERIAL
from learners.models import Course

USUAL = 100  # megabytes
WARM = 6 * MEGABYTE
LONG = 50  # seconds that a slow sender takes
TURNS = 12
LOCKED = "database is locked"


def main() -> None:
    """Print a table for each storage; end with 1 where a bound is broken."""
    size = int(float(sys.argv[1]) * MEGABYTE) if len(sys.argv) > 1 else USUAL * MEGABYTE
    world.prepare()
    admin, organisations = block.institutions()
    made = block.make(admin, organisations)
    person, course = Person(pages.a_learner(made)), made.courses[0]
    are_kept = True
    with site.temporary() as folder:
        film, small = Film.make(size, folder), Film.make(min(WARM, size), folder)
        for storage in (site.folder, site.bucket):
            print(f"\n**Files in a {storage.__name__}**, {size / MEGABYTE:.0f} MB each\n")
            print(HEAD, flush=True)
            with storage() as fill, site.worker():
                found = itertools.chain(
                    costs_of(person, film, small, storage),
                    forms_of(Person(admin), film, course),
                    outlived(person, film, fill),
                )
                for line in found:
                    print(line, flush=True)
                    are_kept = are_kept and line.is_kept
    load = os.getloadavg()[1]
    print(f"\nOthers used the machine as well: a load of {load:.1f} on {os.cpu_count()} cores.")
    sys.exit(0 if are_kept else 1)


def costs_of(person: Person, film: Film, small: Film, storage: Callable) -> Iterator[Line]:
    """Yield what it costs the web server, and others who use it."""
    paths = ("/", reverse("learners:my_course_list"), "/livez")
    with site.running(person, small) as warming:
        costs.warm(warming, paths)
        here = replace(warming, film=film)
        yield from costs.queries(person)
        yield from costs.memory(here)
        yield from costs.slow(here, pace=film.size / LONG, paths=paths, turns=TURNS)
        if storage is site.folder:  # to which a bare application writes as well
            yield from costs.speed(here, turns=3)
    person.let_go()


def forms_of(admin: Person, film: Film, course: Course) -> Iterator[Line]:
    """Yield what it costs where somebody has no scripts."""
    with site.running(admin, film) as here:
        yield from forms.memory(here, course, size=min(2 * film.size, MAX_MATERIAL))


def outlived(person: Person, film: Film, fill: Fill) -> Iterator[Line]:
    """Yield how it ends, whatever happens on the way."""
    with site.running(person, film) as here:
        yield from mishaps.cut(here)
        yield from mishaps.signed_out(here)
        yield from mishaps.full(here, fill)
    yield from mishaps.killed(person, film)
    logs = [Path(settings.DATA_DIR) / f"{name}.log" for name in ("web", "worker")]
    locked = sum(log.read_text().count(LOCKED) for log in logs)
    yield Line(f"“{LOCKED}” in the logs", locked, 0)


if __name__ == "__main__":
    main()
