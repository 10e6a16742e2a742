"""Keep the register of the Open University's largest run by keyboard alone, in a browser.

    python -m benchmarks.keyboard FOLDER [FOLDER is that of benchmarks.oulad]

Works in a database of its own that it empties first: DATA_DIR and DATABASE_URL say which. Imports
the real enrolments, opens the register again as an administrator would, and lets its teacher tick
everybody who is expected, page after page. Fails where a mark is missing.
"""

import argparse
import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db.models import Count
from django.test import Client
from playwright.sync_api import ViewportSize, sync_playwright

from attendance.models import Attendance
from attendance.register import closing
from attendance.tests.keyboard import Kept, Keyboard
from benchmarks import oulad
from learners.models import FREES_PLACE, Enrolment, Membership, Organisation, Role, Run, User
from lms.bootstrap import machine
from lms.running import static_files
from lms.tests.processes import running_web

WINDOW: ViewportSize = {"width": 1440, "height": 1000}


def main() -> None:
    """Print what was done and how long it took."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="where the data is")
    run, teacher = prepare(parser.parse_args().folder)
    people = Enrolment.objects.participants_of(run)
    expected = people.exclude(status__in=sorted(FREES_PLACE)).count()
    print(f"{run}: {people.count():,} participants, {expected:,} of them expected", flush=True)
    began = time.perf_counter()
    kept = keep(teacher)
    seconds = time.perf_counter() - began
    present = Attendance.objects.filter(enrolment__in=people, presence="present").count()
    print(f"  {kept.ticked:,} ticked and {kept.failed} failed on {kept.pages} pages")
    print(f"  {kept.keys:,} keys in {seconds:.0f} s, {seconds / kept.keys * 1000:.0f} ms for each")
    print(f"  {present:,} marks in the database")
    sys.exit(present != expected or kept.ticked != expected)


def prepare(folder: Path) -> tuple[Run, User]:
    """Import the data, and give the largest run a teacher and an open register."""
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    static_files.collect()
    call_command("compile_translations", verbosity=0)
    organisation, by = oulad.set_up(folder)
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "oulad.csv"
        oulad.write_file(folder, file)
        oulad.run_import(organisation, by, file)
    run = Run.objects.annotate(n=Count("places")).select_related("course").latest("n")
    closing.reopen_register(
        run=run, until=organisation.today() + timedelta(days=1), reason="To be measured", by=by
    )
    return run, a_teacher(run, organisation)


def a_teacher(run: Run, organisation: Organisation) -> User:
    """Make the teacher of this run."""
    teacher = User.objects.create_user("teacher@example.org", name="Mary Tutor", language="en")
    Membership.objects.create(user=teacher, organisation=organisation, role=Role.TEACHER)
    run.teachers.add(teacher)
    return teacher


def keep(teacher: User) -> Kept:
    """Sign the teacher in, and keep the register without a mouse."""
    client = Client()
    client.force_login(teacher)
    name = settings.SESSION_COOKIE_NAME
    flags = ["--no-sandbox"] if os.getuid() == 0 else []
    with running_web() as (_process, url), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=machine.browser(), args=flags)
        context = browser.new_context(base_url=url, viewport=WINDOW)
        cookie = {"name": name, "value": client.cookies[name].value, "url": url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        keyboard = Keyboard(context.new_page())
        keyboard.open_register()
        kept = keyboard.keep()
        browser.close()
    return kept


if __name__ == "__main__":
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright has a loop in this thread
    main()
