"""What a learner does with a certification: choose it, accept it, or decline it."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certifications.assigning import taking_back
from certifications.assigning.giving import AssigningRefused, assign
from certifications.cycles import settling
from certifications.models import AssigningMode, Certification, CertificationAssignment, Cycle
from certifications.models.assignment import EndedAs
from learners import audit
from learners.models import User


@transaction.atomic
def choose(*, certification: Certification, learner: User) -> Cycle:
    """Let a learner begin a certification that is open for it; chosen twice, it is chosen once."""
    offered = Certification.objects.choosable_by(learner).filter(pk=certification.pk)
    if offered.exists():
        try:
            with transaction.atomic():
                assign(
                    certification=certification,
                    learners=[learner],
                    mode=AssigningMode.CHOSEN,
                    by=learner,
                )
        except IntegrityError:  # another window was first
            pass
    return Cycle.objects.newest().get(
        assignment__certification=certification,
        assignment__learner=learner,
        assignment__ended_at=None,
    )


@transaction.atomic
def accept(*, assignment: CertificationAssignment, by: User) -> CertificationAssignment:
    """Let its learner accept it; from now on results count, also those of before."""
    (locked,) = taking_back.lock([assignment])
    if locked.ended_at:
        raise AssigningRefused(_("This certification is no longer yours to accept."))
    if locked.accepted_at is None:
        locked.accepted_at = timezone.now()
        locked.save(update_fields=["accepted_at"])
        audit.record(action="certifications.assignment_accepted", on=locked, by=by)
        settling.settle(list(locked.cycles.values_list("pk", flat=True)))
    return locked


@transaction.atomic
def decline(*, assignment: CertificationAssignment, by: User) -> CertificationAssignment:
    """Let a nominated learner decline it. Raises `AssigningRefused` where that is over."""
    (locked,) = taking_back.lock([assignment])
    if locked.ended_at:
        return locked
    if locked.mode != AssigningMode.NOMINATED or locked.accepted_at:
        raise AssigningRefused(_("You can no longer decline this certification."))
    taking_back.end([locked], ended_as=EndedAs.DECLINED, by=by)
    return locked
