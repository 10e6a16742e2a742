"""How many rounds of certifications a change of many study statuses would complete."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from certifications import cycles
from certifications.models import Cycle
from learners.models import Enrolment


def certifications_completed(enrolment_ids: Sequence[int]) -> Mapping[str, int]:
    """Settle the rounds that these enrolments concern as if the undo time were over, and count
    those that are complete then; the caller takes all of it back."""
    enrolments = Enrolment.objects.filter(pk__in=enrolment_ids)
    after = timezone.now() + settings.UNDO_TIME + timedelta(minutes=1)
    concerned = cycles.concerned_by(enrolments)
    rounds = Cycle.objects.filter(assignment__cycles__in=concerned).exclude(completed_on=None)
    before = set(rounds.values_list("pk", flat=True))
    changed = cycles.settle(concerned, after)
    done = {row.pk for row in changed if row.completed_on is not None}
    return {"certifications": len(done - before)}
