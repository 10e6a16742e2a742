"""What a coach sees of somebody's certifications: those of which the coach is reminded too."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from certifications.cycles import states
from certifications.models import Cycle, CycleState
from certifications.pages import my_certifications
from learners.hooks.pages import Section
from learners.models import Enrolment, User


@dataclass(frozen=True)
class Coached:
    """A certification of somebody who is coached, and how they stand today."""

    cycle: Cycle
    state: CycleState
    is_late: bool


def coached_sections(user: User, enrolment: Enrolment) -> list[Section]:
    """Offer a coach the certifications of somebody of which the coach is reminded too."""
    found = certifications_of(enrolment)
    if not found:
        return []
    context = {"certifications": found}
    return [Section(_("Certifications"), "certifications/pages/_coached.html", context, order=50)]


def certifications_of(enrolment: Enrolment) -> list[Coached]:
    """Return those of the learner of a programme, as long as that is under way, what asks most for
    attention first: one query. A nomination that was not answered is the learner's own affair."""
    if not enrolment.is_open or enrolment.archived_at:
        return []
    theirs = Cycle.objects.for_user(enrolment.learner).going_on()
    rows = theirs.newest().filter(
        assignment__certification__reminds_coach=True,
        assignment__certification__retired_at=None,
    )
    answered = [
        cycle
        for cycle in rows.select_related("assignment__certification__organisation")
        if not states.waits_for_answer(cycle)
    ]
    return [_coached(cycle) for cycle in my_certifications.most_relevant(answered)]


def _coached(cycle: Cycle) -> Coached:
    is_late = states.is_overdue(cycle, cycle.today) and not cycle.is_renewal
    return Coached(cycle, states.state_of(cycle), is_late)
