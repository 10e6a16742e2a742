"""The study term: when it is over, and how it is extended.

Whether content is closed follows from `term_ends_on` alone; that a term lapsed is recorded here.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from learners import outbox
from learners.models import Actor, Enrolment, StudyStatus, StudyStatusChange, User
from learners.study_status import RUNNING, Wish, change_statuses


@transaction.atomic
def extend_term(*, enrolment: Enrolment, until: date, by: User) -> StudyStatusChange | None:
    """Move the end of the study term; where it had lapsed, bring back the status before it."""
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    enrolment.term_ends_on = until
    enrolment.save(update_fields=["term_ends_on"])
    lapse = outbox.newest_changes([enrolment.pk]).get(enrolment.pk)
    if enrolment.status != StudyStatus.TERM_LAPSED or lapse is None:
        return None
    wish = Wish(enrolment_id=enrolment.pk, to=StudyStatus(lapse.from_status))
    made = change_statuses(wishes=[wish], by=None, actor=Actor.SYSTEM)
    return made[0] if made else None


def lapse_terms(*, now: datetime | None = None, batch: int = 5_000) -> int:
    """Record 'term lapsed' where the term is over in its institution's time zone; return how many.

    Whether content is closed follows from `term_ends_on`; this only records it, any number of
    times, in batches with a number of queries that does not grow with them.
    """
    now = now or timezone.now()
    lapsed = 0
    while ids := _lapsed_ids(now, batch):
        wishes = [Wish(enrolment_id=pk, to=StudyStatus.TERM_LAPSED) for pk in ids]
        lapsed += len(change_statuses(wishes=wishes, by=None, actor=Actor.SYSTEM))
    return lapsed


def _lapsed_ids(now: datetime, batch: int) -> list[int]:
    """Find what lapsed; the last hours of a day are compared per time zone, in Python."""
    long_over = (now - timedelta(days=2)).date()
    running = Enrolment.objects.filter(status__in=sorted(RUNNING))
    ids = list(running.filter(term_ends_on__lte=long_over).values_list("pk", flat=True)[:batch])
    if ids:
        return ids
    recent = running.filter(term_ends_on__lte=(now + timedelta(days=1)).date()).select_related(
        "course__organisation", "programme__organisation"
    )
    return [e.pk for e in recent if e.term_ends_on < timezone.localdate(now, e.organisation.tz)][
        :batch
    ]
