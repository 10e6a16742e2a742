"""What completes a programme, as who answers for its kind says it, and whether that was in time.

The ground answers for programmes that their courses complete. Where nobody answers, as for an exam
without an app that gives them, the system neither completes a programme nor takes it back.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from learners.hooks import registry
from learners.hooks.questions import Completes, Whole
from learners.models import CompletedBy, Enrolment, StudyStatus

NOBODY_KNOWS = _("The study term of %(name)s has lapsed; extend it first.")


def is_answered(enrolment: Enrolment) -> bool:
    """Whether somebody says what completes this programme."""
    return _kind(enrolment) in registry.completing()


def completed(wholes: Iterable[Whole]) -> dict[int, date | None]:
    """Return which of these programmes are done, each with the day from which that counts; None is
    the day of its last course."""
    by_kind: dict[CompletedBy, list[Whole]] = defaultdict(list)
    for whole in wholes:
        by_kind[_kind(whole.enrolment)].append(whole)
    found: dict[int, date | None] = {}
    for kind, answer in registry.completing().items():
        if kind in by_kind:
            found |= answer.completed(by_kind[kind])
    return found


def too_late(enrolments: Iterable[Enrolment]) -> dict[int, str]:
    """Return which of these can only be completed once their study term is extended, and why.

    A course that lapsed is in time by the last meeting that was attended; a programme by the day
    that whoever answers for its kind says.
    """
    lapsed = [e for e in enrolments if e.status == StudyStatus.TERM_LAPSED]
    by_kind: dict[CompletedBy, list[Enrolment]] = defaultdict(list)
    for enrolment in lapsed:
        if enrolment.programme_id is not None:
            by_kind[_kind(enrolment)].append(enrolment)
    days = {e.pk: e.last_attended_on for e in lapsed}
    late = {e.pk: BY_COURSES.late for e in lapsed}
    for kind, mine in by_kind.items():
        answer = registry.completing().get(kind)
        said = answer.in_time_on(mine) if answer else {}
        days |= {e.pk: said.get(e.pk) for e in mine}
        late |= dict.fromkeys((e.pk for e in mine), answer.late if answer else NOBODY_KNOWS)
    return {
        e.pk: str(late[e.pk]) % {"name": e.learner.name}
        for e in lapsed
        if (day := days[e.pk]) is None or not e.is_within_term(day)
    }


def last_attended(enrolments: Sequence[Enrolment]) -> Mapping[int, date | None]:
    """Return on which day the last meeting of any course of each programme was attended."""
    parts = Enrolment.objects.filter(part_of__in=[e.pk for e in enrolments]).order_by()
    return dict(parts.values_list("part_of").annotate(Max("last_attended_on")))


BY_COURSES = Completes(
    completed=lambda wholes: {
        w.enrolment.pk: None for w in wholes if w.asked and w.courses_are_done
    },
    in_time_on=last_attended,
    late=_("The study term of %(name)s lapsed before the last meeting they attended."),
)


def _kind(enrolment: Enrolment) -> CompletedBy:
    assert enrolment.programme is not None, "only programmes are completed by something"
    return CompletedBy(enrolment.programme.completed_by)
