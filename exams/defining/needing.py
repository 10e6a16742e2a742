"""Whether an assignment is needed to complete its programme, which may change while people follow
it: how many that touches, in numbers and words."""

from collections.abc import Collection

from django.db.models import Count, Q
from django.utils.translation import ngettext

from exams.defining.publishing import following
from exams.models import FINISHED, Assignment, Work


def touched(assignments: Collection[Assignment]) -> dict[int, int]:
    """Count for each of these who follows its programme, may be asked it and has not finished it,
    by assignment; three queries."""
    people_here = following({one.programme_id for one in assignments})
    people = dict(people_here.order_by().values_list("programme").annotate(n=Count("pk")))
    works = Work.objects.filter(assignment__in=assignments, enrolment__in=people_here.values("pk"))
    is_finished = Q(state__in=sorted(FINISHED))
    rows = (
        works.order_by()
        .values_list("assignment")
        .annotate(
            done=Count("pk", filter=is_finished),
            begun=Count("pk", filter=~is_finished & Q(number__gt=0)),
        )
    )
    counted = {pk: (done, begun) for pk, done, begun in rows}
    published = set(_published(assignments))
    found = {}
    for one in assignments:
        done, begun = counted.get(one.pk, (0, 0))
        asked = begun if one.archived_at else people.get(one.programme_id, 0) - done
        found[one.pk] = asked if one.pk in published else 0
    return found


def words(code: str, number: int, *, is_needed: bool) -> str:
    """Say what it means for so many people that an assignment becomes needed, or is no longer."""
    if is_needed:
        said = ngettext(
            "“%(code)s” becomes needed to complete the programme, also for %(n)d person who "
            "follows it and has not finished this.",
            "“%(code)s” becomes needed to complete the programme, also for %(n)d people who "
            "follow it and have not finished this.",
            number,
        )
    else:
        said = ngettext(
            "“%(code)s” is no longer needed to complete the programme, also for %(n)d person who "
            "follows it and has not finished this.",
            "“%(code)s” is no longer needed to complete the programme, also for %(n)d people who "
            "follow it and have not finished this.",
            number,
        )
    return said % {"code": code, "n": number}


def _published(assignments: Collection[Assignment]) -> Collection[int]:
    rows = Assignment.objects.published().filter(pk__in=[one.pk for one in assignments])
    return rows.values_list("pk", flat=True)
