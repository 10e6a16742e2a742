"""The lines of a checked file are found again without reading the file again."""

from datetime import date

import pytest

from learners.importing import blocks, jobs, lines
from learners.models import ImportColumn, ImportKind, LineOutcome
from learners.tests.factories import OrganisationFactory, a_run
from learners.tests.importing.lists import a_csv, an_xlsx, checked

pytestmark = pytest.mark.django_db
MANY = 2 * blocks.SIZE + 7


@pytest.fixture
def people() -> list[str]:
    return [f"p{n}@example.org" for n in range(MANY)]


def test_every_line_is_found_again_across_blocks_with_its_number(people):
    content = a_csv(*(f"EHBO,,{one},Ada,,," for one in people))
    job = checked(OrganisationFactory(), content)
    assert job.blocks.count() == 3
    found = blocks.lines_at(job, range(MANY))
    assert [row.cells[ImportColumn.LEARNER] for row in found] == people
    assert [row.line for row in found] == list(range(2, MANY + 2))


def test_a_page_takes_only_the_blocks_in_which_its_lines_are(people, django_assert_num_queries):
    job = checked(OrganisationFactory(), a_csv(*(f"EHBO,,{one},Ada,,," for one in people)))
    with django_assert_num_queries(1):
        first, last = blocks.lines_at(job, [blocks.SIZE - 1, MANY - 1])
    assert (first.line, last.line) == (blocks.SIZE + 1, MANY + 1)


def test_days_of_a_workbook_come_back_as_days():
    run = a_run(20)
    day = date(2026, 3, 14)
    content = an_xlsx((run.course.code, run.code, "ada@example.org", "Ada", day))
    job = checked(run.course.organisation, content, "in.xlsx")
    (line,) = lines.page_of(job, 1)
    assert line.row.cells[ImportColumn.REGISTERED_ON] == day


def test_lines_with_an_outcome_are_counted_in_pages_of_their_own(people):
    run = a_run(20)
    code = run.course.code
    wrong = (f"{code},{run.code},,Ada,,,", *(f"{code},,{one},Ada,,," for one in people[:60]))
    job = checked(run.course.organisation, a_csv(*wrong), kind=ImportKind.ENROLMENTS)
    (shown,) = lines.page_of(job, 1, LineOutcome.ERROR)
    assert shown.row.line == 2
    assert len(lines.page_of(job, 2)) == 61 - lines.PAGE


def test_a_file_that_is_checked_again_keeps_its_lines_once(people):
    job = checked(OrganisationFactory(), a_csv(*(f"EHBO,,{one},Ada,,," for one in people)))
    jobs.check_again(job=job, by=job.by)
    jobs.run(job_id=job.pk)
    assert job.blocks.count() == 3
