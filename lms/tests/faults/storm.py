"""Teachers who save the same register at the same time, each in a process of its own.

Each goes through the pages as a browser without scripts does. Most of what they change others
change too; one cell and one remark is each teacher's own, so that nothing of it may be lost.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import asdict, dataclass

PEOPLE, TEACHERS = 12, 8


@dataclass(frozen=True)
class Storm:
    """Who saves which register, and for how long: a number of times, or of seconds."""

    run: int
    teachers: list[int]
    own: list[int]  # of the participants, whom each teacher has alone
    shared: list[int]
    saves: int = 10_000
    seconds: float = 10_000


def brewing(**limits: float) -> Storm:
    """Make a run with meetings that were, and many teachers and participants."""
    from attendance.tests.factories import a_class, a_teacher

    run, first, people = a_class(-21, -14, -7, people=PEOPLE + TEACHERS)
    teachers = [first, *(a_teacher(run) for _ in range(TEACHERS - 1))]
    keys = [person.pk for person in people]
    return Storm(run.pk, [t.pk for t in teachers], keys[:TEACHERS], keys[TEACHERS:], **limits)


def rage(storm: Storm, **environment: str) -> list[list[float]]:
    """Let all of them save at once; return how long each saving of each teacher took, in seconds.

    Raises where one of them was answered anything else than that it is saved.
    """
    from lms.tests import processes

    ended = subprocess.run(
        [sys.executable, "-m", "lms.tests.faults.storm", json.dumps(asdict(storm))],
        cwd=processes.ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr[-4000:]
    took = dict(json.loads(line) for line in ended.stdout.splitlines())
    return [took[number] for number in range(len(storm.teachers))]


def assert_in_order(storm: Storm, tries: list[int]) -> None:
    """Each step of a mark begins where the one before ended, the last is the mark, and of what a
    teacher has alone no step is missing."""
    from attendance.models import Attendance, AttendanceChange, RegisterSaving
    from learners.models import Enrolment

    steps = defaultdict(list)
    for change in AttendanceChange.objects.filter(meeting__run=storm.run).order_by("pk"):
        steps[change.meeting_id, change.enrolment_id].append(change)
    for cell, changes in steps.items():
        befores = [change.from_presence for change in changes]
        assert befores == ["", *(change.to_presence for change in changes[:-1])], cell
    marks = {
        (m.meeting_id, m.enrolment_id): m for m in Attendance.objects.filter(meeting__run=storm.run)
    }
    assert {cell: (m.presence, m.version) for cell, m in marks.items()} == {
        cell: (changes[-1].to_presence, changes[-1].pk) for cell, changes in steps.items()
    }
    assert RegisterSaving.objects.filter(run=storm.run).count() == sum(tries)
    for number, (person, times) in enumerate(zip(storm.own, tries, strict=False)):
        alone = [len(changes) for (_m, enrolment), changes in steps.items() if enrolment == person]
        assert sum(alone) == times, f"teacher {number} saved {times} times, not {sum(alone)}"
        assert Enrolment.objects.get(pk=person).remark == f"save {times}"


def main() -> None:
    """Fork for each teacher; each writes how long its savings took."""
    import django
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()
    storm = Storm(**json.loads(sys.argv[1]))
    children = [_fork(storm, number) for number in range(len(storm.teachers))]
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    sys.exit(max(codes))


def _fork(storm: Storm, number: int) -> int:
    import traceback

    if child := os.fork():
        return child
    code = 1
    try:
        took = _save_and_save(storm, number)
        os.write(1, f"{json.dumps([number, took])}\n".encode())
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _save_and_save(storm: Storm, number: int) -> list[float]:
    from django.test import Client

    from attendance.tests.factories import Browser
    from learners.models import Run, User

    chance = random.Random(number)
    run, teacher = Run.objects.get(pk=storm.run), User.objects.get(pk=storm.teachers[number])
    browser = Browser(Client(), run, teacher)
    meetings = list(run.meetings.values_list("pk", flat=True))
    own, took, until = storm.own[number], [], time.monotonic() + storm.seconds
    while len(took) < storm.saves and time.monotonic() < until:
        browser.open(f"?meeting={chance.choice(meetings[1:] if took else meetings[:1])}")
        _turn_over(browser, [own, *chance.sample(storm.shared, 4)])
        begun = time.monotonic()
        _save(browser, **{f"remark-{own}": f"save {len(took) + 1}"})
        took.append(time.monotonic() - begun)
    return took


def _turn_over(browser, keys: list[int]) -> None:  # type: ignore[no-untyped-def]
    """Who was present becomes absent, and the other way round."""
    ticked = set(browser.form["present"])
    browser.form["present"] = sorted(ticked ^ {str(key) for key in keys})


def _save(browser, **cells: str) -> None:  # type: ignore[no-untyped-def]
    response = browser.press("continue", **cells)
    if response.status_code == 302 and "/savings/" not in response.url:
        response = browser.follow(response, "unrecorded")
    assert response.status_code == 302, response.content.decode()
    assert "/savings/" in response.url, response.url


if __name__ == "__main__":
    main()
