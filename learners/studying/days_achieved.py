"""The day on which something was achieved, whatever day somebody looks."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from learners.catalogue import versions
from learners.models import Enrolment, Organisation, Run, StudyStatusChange
from learners.studying import outbox, places
from learners.telling.days import day as in_words

Days = Mapping[tuple[int, int], Sequence[date]]  # by learner and course


def day_of(change: StudyStatusChange, run: Run | None, organisation: Organisation) -> date:
    """Return the day on which something was achieved, where the institution is: the one that was
    said with it; else the last meeting's, or earlier when it was issued by hand; without meetings
    the day of the change itself."""
    if change.counts_from is not None:
        return change.counts_from
    last_day = run.last_day(organisation) if run else None
    if last_day is None:
        return organisation.day_of(change.at)
    return min(last_day, organisation.day_of(change.due_at or change.at))


def why_not_on(enrolment: Enrolment, day: date, today: date) -> str | None:
    """Say why a result cannot count from a day: it lies ahead, or before the enrolment."""
    first = enrolment.results_from or enrolment.registered_on
    said = {"name": enrolment.learner.name, "day": in_words(day), "first": in_words(first)}
    if day > today:
        return _("A result of %(name)s cannot count from %(day)s: that day lies ahead.") % said
    if first is not None and day < first:
        return _("A result of %(name)s cannot count from %(day)s: they began on %(first)s.") % said
    return None


def days_of(enrolments: Sequence[Enrolment]) -> dict[int, date]:
    """Return the day of each of these enrolments in courses that are done: four queries."""
    newest = outbox.newest_changes([enrolment.pk for enrolment in enrolments])
    run_of = places.runs_of(enrolments)
    return {
        one.pk: day_of(newest[one.pk], run_of.get(one.pk), one.organisation)
        for one in enrolments
        if one.pk in newest
    }


def done_days(learners: Collection[int]) -> Days:
    """Return each day on which these people were done with a course, and with those that it stands
    in for: six queries."""
    stand_ins = versions.stand_ins()
    done = list(
        Enrolment.objects.done()
        .filter(learner__in=learners, course__isnull=False)
        .select_related("course__organisation")
    )
    days = days_of(done)
    found: dict[tuple[int, int], list[date]] = defaultdict(list)
    for one in done:
        if one.pk in days:
            for course in versions.satisfied_by(stand_ins, one.course_id):
                found[one.learner_id, course].append(days[one.pk])
    return found


def first_between(
    days: Sequence[date], since: date | None, until: date | None = None
) -> date | None:
    """Return the first of these days that counts where only results from a day on do, or up to a
    day."""
    counting = (day for day in days if since is None or day >= since)
    return min((day for day in counting if until is None or day <= until), default=None)
