"""Save registers: everybody present at one and at eight meetings, and everybody completed.

python -m benchmarks.registers [ENROLMENTS]
"""

from collections.abc import Iterator, Mapping

from django.test import Client
from django.urls import reverse

from attendance.marking import registers as reading
from attendance.register import bases, drafts
from attendance.register.drafts import Typed, TypedRow
from benchmarks import pages, printing, world
from benchmarks.measuring import Figure, work
from benchmarks.pages import Cast
from learners.models import Actor, Run, StudyStatus, User

SAVING = 20  # queries at most


def main() -> None:
    """Print the figures of a new world."""
    made = world.make(printing.asked_for(world.SMALL))
    printing.print_figures(measure(pages.cast(made)))


def measure(people: Cast) -> Iterator[Figure]:
    """Yield the figures of saving registers in which nothing is recorded, each in one POST."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(people.teacher)
    for run, number, meetings in people.registers:
        everybody = Typed(all_present=True, all_meetings=True)
        name = f"save {pages.register_name(number, meetings)}"
        yield saved(client, name, run, people.teacher, everybody, most_queries=SAVING)
    for run, number, meetings in people.registers:
        if meetings == 1:
            completed = Typed(rows=all_completed(run))
            yield saved(client, f"complete all {number}", run, people.teacher, completed)


def saved(client: Client, name: str, run: Run, by: User, typed: Typed, **budget: int) -> Figure:
    """Measure the request that saves what was typed, after the question."""
    drafts.keep(run=run, by=by, typed=typed)
    url = reverse("attendance:register_save", args=[run.pk])
    answer = {"token": str(typed.token), "digest": typed.digest}

    def post() -> None:
        response = client.post(url, answer)
        assert "/savings/" in response.headers["Location"], response.content

    return work(name, post, **budget)


def all_completed(run: Run) -> Mapping[int, TypedRow]:
    """Choose 'completed' for everybody, as the page shows them now."""
    people = list(reading.participants_of(run))
    shown = reading.read_participants(people, run=run, actor=Actor.TEACHER)
    return {
        one.pk: TypedRow(base=bases.write_base(one), status=StudyStatus.COMPLETED.value)
        for one in shown
    }


if __name__ == "__main__":
    main()
