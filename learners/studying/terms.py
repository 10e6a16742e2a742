"""The study term: when it is over, and how it is extended.

Whether content is closed follows from `term_ends_on` alone; that a term lapsed is recorded here.
"""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from learners import audit
from learners.models import Actor, Enrolment, Organisation, StudyStatus, StudyStatusChange, User
from learners.models.enrolment import EnrolmentQuerySet
from learners.studying.status_rules import RUNNING
from learners.studying.status_wishes import Wish
from learners.studying.study_status import change_statuses, settle_programmes
from learners.telling import notify


@transaction.atomic
def extend_term(*, enrolment: Enrolment, until: date, by: User) -> StudyStatusChange | None:
    """Move the end of the study term; where it had lapsed and is not over any more, bring back the
    status before it. The courses of a programme that ended with it move along.

    Returns the change of the status of the enrolment itself, where there was one.
    """
    locked = list(Enrolment.objects.filter(Q(pk=enrolment.pk) | Q(part_of=enrolment)).in_turn())
    enrolment = next(each for each in locked if each.pk == enrolment.pk)
    before = enrolment.term_ends_on
    if before == until:
        return None
    bound = [each for each in locked if each.is_open and each.term_ends_on == before]
    moved = [enrolment, *(each for each in bound if each != enrolment)]
    for each in moved:
        each.term_ends_on = until
    Enrolment.objects.bulk_update(moved, ["term_ends_on"])
    days = [before and before.isoformat(), until.isoformat()]
    audit.record_all(
        action="learners.term_extended", on=moved, by=by, changes={"term_ends_on": days}
    )
    changes = _bring_back([each for each in moved if _is_running_again(each)])
    _tell_extended(enrolment, until, by)
    return next((change for change in changes if change.enrolment_id == enrolment.pk), None)


def _tell_extended(enrolment: Enrolment, until: date, by: User) -> None:
    """Tell a learner until when they have now; of a programme, once for all of it."""
    message = notify.Message(
        user_id=enrolment.learner_id,
        organisation_id=enrolment.subject.organisation_id,
        key=f"term-extended:{enrolment.pk}:{until}",
        params={
            "title_nl": enrolment.subject.title_nl,
            "title_en": enrolment.subject.title_in("en"),
            "until": until.isoformat(),
        },
        url=enrolment.get_absolute_url(),
    )
    if by.pk != enrolment.learner_id:
        notify.tell(kind="learners/term_extended", messages=[message])


def lapse_terms(*, now: datetime | None = None, batch: int = 5_000) -> int:
    """Record 'term lapsed' where the term is over in its institution's time zone; return how many.

    Whether content is closed follows from `term_ends_on`; this only records it, any number of
    times, in batches with a number of queries that does not grow with them.
    """
    now = now or timezone.now()
    lapsed = 0
    while count := _lapse_batch(now, batch):
        lapsed += count
    return lapsed


@transaction.atomic
def _lapse_batch(now: datetime, batch: int) -> int:
    """Lock first, so that a term that is being extended meanwhile does not lapse."""
    over = _over(now).in_turn().values_list("pk", flat=True)[:batch]
    wishes = [Wish(enrolment_id=pk, to=StudyStatus.TERM_LAPSED) for pk in over]
    return len(change_statuses(wishes=wishes, by=None, actor=Actor.SYSTEM))


def _is_running_again(enrolment: Enrolment) -> bool:
    is_lapsed = enrolment.status == StudyStatus.TERM_LAPSED
    return is_lapsed and enrolment.is_within_term(enrolment.organisation.today())


def _bring_back(enrolments: Sequence[Enrolment]) -> list[StudyStatusChange]:
    """Restore what each was before its term lapsed, then complete the programmes that were only
    waiting for that. What came after the lapse and was undone does not count."""
    lapses = StudyStatusChange.objects.filter(
        enrolment__in=enrolments, to_status=StudyStatus.TERM_LAPSED, undoes=None
    )
    before = dict(lapses.order_by("pk").values_list("enrolment", "from_status"))
    wishes = [Wish(enrolment_id=pk, to=StudyStatus(status)) for pk, status in before.items()]
    changes = change_statuses(wishes=wishes, by=None, actor=Actor.SYSTEM)
    wholes = [e.pk for e in enrolments if e.programme_id is not None]
    settle_programmes(wholes)
    return changes


def _over(now: datetime) -> EnrolmentQuerySet:
    """Keep what runs while its term is over where its institution is; at most two days differ."""
    zones = Organisation.objects.order_by().values_list("time_zone", flat=True).distinct()
    today_in = {zone: timezone.localdate(now, ZoneInfo(zone)) for zone in zones}
    over = Q(pk__in=[])
    for today in set(today_in.values()):
        there = [zone for zone, day in today_in.items() if day == today]
        by_course = Q(course__organisation__time_zone__in=there)
        over |= Q(term_ends_on__lt=today) & (
            by_course | Q(programme__organisation__time_zone__in=there)
        )
    latest = max(today_in.values(), default=date.min)
    running = Enrolment.objects.filter(status__in=sorted(RUNNING), term_ends_on__lt=latest)
    return running.filter(over)
