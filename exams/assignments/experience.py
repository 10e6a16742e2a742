"""XP: earned once per assignment, for good, whatever happens to the work afterwards.

Source: the exam design. By the programme's plan it is earned with the first hand-in or with
approval; of what nobody reviews with the first hand-in. How many is what the version gave that was
handed in first: so the order in which things happen makes no difference.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from exams.models import ExamPlan, ExperienceEntry, HandIn, Review, Verdict, Work, XPFrom


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


@transaction.atomic
def make_up(plan: ExamPlan) -> int:
    """Give what is earned by a plan that was changed, and was not before; return to how many works.
    What was earned stays earned."""
    owed = Work.objects.filter(
        enrolment__programme=plan.programme_id, number__gt=0, experience=None
    )
    if plan.xp_from == XPFrom.APPROVAL:
        approved = Review.objects.given().filter(
            verdict=Verdict.APPROVED, hand_in__work=OuterRef("pk")
        )
        unread = HandIn.objects.filter(work=OuterRef("pk"), version__is_reviewed=False)
        owed = owed.filter(Exists(approved) | Exists(unread))
    rows = list(owed.select_for_update(of=("self",)).order_by("pk"))
    firsts = HandIn.objects.filter(work__in=rows, number=1).select_related("version")
    by_work = {one.work_id: one for one in firsts}
    ExperienceEntry.objects.bulk_create(
        ExperienceEntry(work=row, xp=by_work[row.pk].version.xp, hand_in=by_work[row.pk])
        for row in rows
    )
    return len(rows)
