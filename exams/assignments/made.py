"""What people made of the assignments of their programmes, read for many at once."""

from collections.abc import Iterable, Sequence

from django.db.models import OuterRef, Subquery

from exams.models import Assignment, AssignmentVersion, ExperienceEntry, HandIn, Work
from learners.models import Enrolment


def works_of(enrolments: Sequence[Enrolment], asked: Iterable[Assignment]) -> list[Work]:
    """Return what these people made, with the XP that each `earned`, and the version that was
    handed in, which was read with what is asked; one query, two where an assignment has several
    versions and one of them was handed in anew."""
    # a subquery: of a join, PostgreSQL reads all that anybody ever earned
    earned = ExperienceEntry.objects.filter(work=OuterRef("pk")).values("xp")
    rows = Work.objects.filter(enrolment__in=[e.pk for e in enrolments]).order_by()
    works: list[Work] = list(rows.annotate(earned=Subquery(earned)))
    published: dict[int, Sequence[AssignmentVersion]] = {
        one.pk: one.published  # type: ignore[attr-defined]
        for one in asked
    }
    versions = {version.pk: version for each in published.values() for version in each}
    for work in works:
        if work.version_id in versions:
            work.version = versions[work.version_id]
    _say_what_was_first([one for one in works if len(published.get(one.assignment_id, ())) > 1])
    return works


def _say_what_was_first(works: Iterable[Work]) -> None:
    """Note with each work the XP of the version that was handed in first, where it was handed in
    anew; of others it is the version that they have."""
    again = [work for work in works if work.number > 1]
    first = HandIn.objects.filter(work__in=again, number=1).order_by()
    given = dict(first.values_list("work", "version__xp")) if again else {}
    for work in works:
        had = work.version.xp if work.version else None
        work.first_xp = given.get(work.pk, had)  # type: ignore[attr-defined]
