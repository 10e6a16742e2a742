"""What the pages of coaches show of somebody's assignments."""

from collections.abc import Mapping
from datetime import datetime

from django import template

from exams.models import Work
from exams.pages import progress

register = template.Library()
register.filter(progress.first_for_coach)


@register.filter
def of_work(moments: Mapping[int, datetime], work: Work | None) -> datetime | None:
    """Return the moment of one work, of those by work."""
    return moments.get(work.pk) if work else None
