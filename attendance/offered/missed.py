"""How many meetings somebody missed, for who coaches them."""

from collections.abc import Collection

from django.db.models import Count
from django.utils.translation import ngettext

from attendance.models import Attendance, Presence
from learners.models import Enrolment


def words(enrolments: Collection[Enrolment]) -> dict[int, str]:
    """Say of each of these enrolments how many meetings were missed: one query."""
    absent = Attendance.objects.filter(
        enrolment__in=enrolments, presence=Presence.ABSENT, meeting__cancelled_at=None
    )
    counted = absent.order_by().values_list("enrolment").annotate(n=Count("pk"))
    return {
        pk: ngettext("missed %(n)d meeting", "missed %(n)d meetings", n) % {"n": n}
        for pk, n in counted
    }
