"""Taking a certification from people, or exempting them of it; what was earned stays earned."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certifications.assigning import news
from certifications.assigning.giving import AssigningRefused
from certifications.cycles import renewing
from certifications.models import CertificationAssignment, Cycle
from certifications.models.assignment import EndedAs
from learners import audit
from learners.jobs import many_rows
from learners.models import User

LONGEST_REASON = 500
EXEMPTED = (
    *("exempted_at", "exempted_on", "exempted_because"),
    *("submitted_at", "submitted_on", "awaited_at", "awaited_on"),
)
ENDED = ("ended_at", "ended_on", "ended_as", "ended_by", "ended_because", "is_ended_by_rule")


@transaction.atomic
def withdraw(*, assignments: Collection[CertificationAssignment], by: User, reason: str) -> int:
    """Take a certification from people: it is not asked, nor asked again; what was earned stays
    earned. They are told, with the reason.

    Raises `AssigningRefused` without a reason, or where one of them has completed it for good.
    """
    said = _said(reason)
    renewing.begin_among(assignments)
    rows = lock(assignments)
    _refuse_completed(rows, completed_for_good_among(rows))
    going_on = [row for row in rows if row.ended_at is None]
    end(going_on, ended_as=EndedAs.WITHDRAWN, by=by, reason=said)
    news.tell_taken(going_on)
    return len(rows)


@transaction.atomic
def exempt(
    *,
    assignments: Collection[CertificationAssignment],
    by: User,
    reason: str,
    tells_learners: bool = True,
) -> int:
    """Exempt people of a certification, and tell them why unless `tells_learners` is off; nothing
    is expected of them, and nothing is issued.

    Raises `AssigningRefused` without a reason, or where one of them has completed it.
    """
    said = _said(reason)
    renewing.begin_among(assignments)
    rows = lock(assignments)
    _refuse_completed(rows, completed_among(rows))
    if ended := next((row for row in rows if row.ended_at), None):
        raise AssigningRefused(_("%(who)s no longer has it.") % {"who": ended.learner})
    fresh = _exempt(rows, said)
    audit.record_all(action="certifications.exempted", on=fresh, by=by, reason=said)
    if tells_learners:
        news.tell_exempted(fresh, reason=said)
    return len(rows)


def _exempt(
    rows: Collection[CertificationAssignment], reason: str
) -> list[CertificationAssignment]:
    """Exempt those who are not so yet in their open cycle, and return them."""
    theirs = {row.pk: row for row in rows}
    open_now = Cycle.objects.filter(assignment__in=rows, exempted_at=None, completed_on=None)
    found, now = list(open_now.order_by("pk")), timezone.now()
    for cycle in found:
        cycle.assignment = theirs[cycle.assignment_id]
        cycle.exempted_at, cycle.exempted_on = now, cycle.organisation.day_of(now)
        cycle.exempted_because = reason
        cycle.submitted_at = cycle.submitted_on = None
        cycle.awaited_at = cycle.awaited_on = None
    many_rows.store(found, EXEMPTED)
    exempted = {cycle.assignment_id for cycle in found}
    return [row for row in rows if row.pk in exempted]


def completed_among(
    assignments: Collection[CertificationAssignment],
) -> set[int]:
    """Return the keys of those whose newest cycle was completed: one query."""
    newest = Cycle.objects.newest().filter(assignment__in=assignments)
    done = newest.exclude(completed_on=None)
    return set(done.values_list("assignment_id", flat=True))


def completed_for_good_among(
    assignments: Collection[CertificationAssignment],
) -> set[int]:
    """Return the keys of those that are never asked again: completed, and unlimited."""
    newest = Cycle.objects.newest().filter(assignment__in=assignments)
    done = newest.exclude(completed_on=None).filter(valid_until=None)
    return set(done.values_list("assignment_id", flat=True))


def end(
    locked: Sequence[CertificationAssignment],
    *,
    ended_as: EndedAs,
    by: User,
    reason: str = "",
    by_rule: bool = False,
) -> None:
    """Let assignments end that the caller has locked; `by_rule`, a rule may give them anew."""
    now = timezone.now()
    for row in locked:
        row.ended_at, row.ended_on = now, row.certification.organisation.day_of(now)
        row.ended_as, row.ended_by, row.ended_because = ended_as, by, reason
        row.is_ended_by_rule = by_rule
    many_rows.store(locked, ENDED)
    audit.record_all(
        action=f"certifications.assignment_{ended_as.value}", on=locked, by=by, reason=reason
    )


def lock(assignments: Collection[CertificationAssignment]) -> list[CertificationAssignment]:
    """Lock assignments with their cycles, so that nothing completes one meanwhile."""
    rows = CertificationAssignment.objects.filter(pk__in=[one.pk for one in assignments])
    related = ("learner", "certification__organisation")
    locked = list(rows.select_related(*related).select_for_update(of=("self",)).order_by("pk"))
    list(Cycle.objects.filter(assignment__in=locked).select_for_update(of=("self",)).order_by("pk"))
    return locked


def _said(reason: str) -> str:
    if not reason.strip():
        raise AssigningRefused(_("Say why."))
    return reason.strip()[:LONGEST_REASON]


def _refuse_completed(rows: Sequence[CertificationAssignment], done: Collection[int]) -> None:
    if first := next((row for row in rows if row.pk in done), None):
        raise AssigningRefused(_("%(who)s has completed it already.") % {"who": first.learner})
