"""On which day a study term ends: set on enrolment or on opening, never after the programme's."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from learners.models import Course, Enrolment, Programme, TermBegins

IS_NEAR = timedelta(days=14)  # its end: what ends so soon comes first, and is spoken of


def end_on_enrolment(
    *, subject: Course | Programme, registered_on: date | None, part_of: Enrolment | None
) -> date | None:
    """Return the last day of the term that begins on enrolment; None where there is no term."""
    own = None
    begins_now = isinstance(subject, Programme) or subject.term_begins == TermBegins.ENROLMENT
    if begins_now and subject.term_days is not None and registered_on is not None:
        own = registered_on + timedelta(days=subject.term_days)
    return _within_programme(own, part_of)


def begin(enrolments: Sequence[Enrolment], at: datetime) -> None:
    """Set the end of the terms that begin as these courses are opened, in one query.

    A term that was set already, from an earlier opening, stays; only the programme's day, which a
    course of it has from its enrolment, gives way to an earlier one.
    """
    begun = []
    for enrolment in enrolments:
        course, whole = enrolment.course, enrolment.part_of
        if not course or course.term_days is None or course.term_begins != TermBegins.START:
            continue
        if enrolment.term_ends_on not in (None, whole and whole.term_ends_on):
            continue
        own = enrolment.organisation.day_of(at) + timedelta(days=course.term_days)
        enrolment.term_ends_on = _within_programme(own, whole)
        begun.append(enrolment)
    Enrolment.objects.bulk_update(begun, ["term_ends_on"], batch_size=2_000)


def _within_programme(own: date | None, part_of: Enrolment | None) -> date | None:
    """Return the earlier of a course's own day and its programme's, where there are such days."""
    ends = [end for end in (own, part_of.term_ends_on if part_of else None) if end is not None]
    return min(ends, default=None)
