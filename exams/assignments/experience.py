"""XP: earned once per assignment, for good, whatever happens to the work afterwards.

Source: the exam design. By the programme's plan it is earned with the first hand-in or with
approval; of what nobody reviews with the first hand-in. How many is what the version gave that was
handed in first: so the order in which things happen makes no difference.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from exams.models import ExamPlan, ExperienceEntry, HandIn, Review, Verdict, Work, XPFrom

BATCH = 1_000  # works in one transaction


def earn(work: Work, at: datetime) -> ExperienceEntry | None:
    """Give the XP of a locked work where it is earned by now; had already, or not yet: None."""
    if ExperienceEntry.objects.filter(work=work).exists() or not _is_earned(work):
        return None
    first = work.hand_ins.select_related("version").earliest("number")
    return ExperienceEntry.objects.create(
        work=work, xp=first.version.xp, hand_in=first, earned_at=at
    )


def _is_earned(work: Work) -> bool:
    if not work.number:
        return False
    plan = ExamPlan.objects.filter(programme=work.enrolment.programme_id).first()
    if plan is None or plan.xp_from == XPFrom.HAND_IN:
        return True
    return any(is_final(hand_in) for hand_in in work.hand_ins.select_related("version"))


def is_final(hand_in: HandIn) -> bool:
    """Whether a hand-in needs no approval, or was approved once."""
    if not hand_in.version.is_reviewed:
        return True
    return hand_in.reviews.given().filter(verdict=Verdict.APPROVED).exists()


def make_up(plan: ExamPlan) -> int:
    """Give what is earned by a plan that was changed, and was not before; return to how many works.
    What was earned stays earned. Done twice, or broken off, it goes on where it was."""
    given = after = 0
    while rows := list(_owed(plan).filter(pk__gt=after).order_by("pk")[:BATCH]):
        given += _give(rows)
        after = rows[-1].pk
    return given


def sweep() -> int:
    """Give what any plan owes: to who handed in just as their plan was changed. Return to how many
    works."""
    return sum(make_up(plan) for plan in ExamPlan.objects.order_by("pk"))


def _owed(plan: ExamPlan) -> QuerySet[Work]:
    """Keep the works that have no XP, and would have by this plan."""
    had = ExperienceEntry.objects.filter(work=OuterRef("pk"))
    owed = Work.objects.filter(~Exists(had), enrolment__programme=plan.programme_id, number__gt=0)
    if plan.xp_from == XPFrom.APPROVAL:
        approved = Review.objects.given().filter(
            verdict=Verdict.APPROVED, hand_in__work=OuterRef("pk")
        )
        unread = HandIn.objects.filter(work=OuterRef("pk"), version__is_reviewed=False)
        owed = owed.filter(Exists(approved) | Exists(unread))
    return owed


@transaction.atomic
def _give(works: Sequence[Work]) -> int:
    """Give these works their XP, but for those that got it meanwhile."""
    keys = [work.pk for work in works]
    list(Work.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    had = ExperienceEntry.objects.filter(work__in=keys).values("work")
    firsts = HandIn.objects.filter(work__in=keys, number=1).exclude(work__in=had)
    made = [
        ExperienceEntry(work_id=first.work_id, xp=first.version.xp, hand_in=first)
        for first in firsts.select_related("version")
    ]
    return len(ExperienceEntry.objects.bulk_create(made))
