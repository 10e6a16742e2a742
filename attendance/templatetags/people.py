"""The names of people, whatever it is that is known of them."""

from collections.abc import Iterable

from django import template

from learners.models import Enrolment, StudyStatusChange

register = template.Library()


@register.filter
def names(people: Iterable[Enrolment | StudyStatusChange]) -> list[str]:
    """Return the names of participants, or of those whose study status changed."""
    enrolments = (one if isinstance(one, Enrolment) else one.enrolment for one in people)
    return [enrolment.learner.name for enrolment in enrolments]
