"""How many cycles of certifications a change of many study statuses would complete."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import ngettext_lazy

from certifications.cycles import settling
from certifications.models import Cycle
from learners.hooks.imports import Foreseen
from learners.models import Enrolment


def cycles_completed(enrolment_ids: Sequence[int]) -> int:
    """Settle the cycles that these enrolments concern as if the undo time were over, and count
    those that are complete then; the caller takes all of it back."""
    enrolments = Enrolment.objects.filter(pk__in=enrolment_ids)
    after = timezone.now() + settings.UNDO_TIME + timedelta(minutes=1)
    concerned = settling.concerned_by(enrolments)
    cycles = Cycle.objects.filter(assignment__cycles__in=concerned).exclude(completed_on=None)
    before = set(cycles.values_list("pk", flat=True))
    changed = settling.settle(concerned, after)
    done = {row.pk for row in changed if row.completed_on is not None}
    return len(done - before)


COMPLETED = Foreseen(
    name="certifications",
    words=ngettext_lazy(
        "certification that is completed by it", "certifications that are completed by it", "n"
    ),
    count=cycles_completed,
)
