"""What may follow what in the study status, and by whom: one table, with the rules beside it.

Sources: the status table of the study rules, and the teachers' guide ('Studiestatussen aanpassen').
`study_status.py` makes the changes.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from learners.models import NOT_FINAL, Actor, CompletedBy, Enrolment, StudyStatus
from learners.studying import completing

S = StudyStatus
Table = Mapping[Actor, Mapping[StudyStatus, frozenset[StudyStatus]]]

TEACHERS_CHOICE = (
    S.COMPLETED,
    S.NOT_PASSED,
    S.ABSENT,
    S.WITHDRAWN_INVALID,
    S.WITHDRAWN_VALID,
)
THE_FIVE = frozenset(TEACHERS_CHOICE)
ATTENDING = frozenset({S.ENROLLED, S.STARTED})
RUNNING = NOT_FINAL - {S.TERM_LAPSED}
ANY = frozenset(S)

_BY_TEACHER = {
    S.COMPLETED: ATTENDING | THE_FIVE | {S.TERM_LAPSED},
    S.NOT_PASSED: ATTENDING | THE_FIVE,
    S.ABSENT: ATTENDING | THE_FIVE,
    S.WITHDRAWN_INVALID: ATTENDING | THE_FIVE | {S.RUN_CHOICE_REQUIRED},
    S.WITHDRAWN_VALID: ATTENDING | THE_FIVE | {S.RUN_CHOICE_REQUIRED},
}

# actor → status → the statuses from which it may be reached
ALLOWED: Table = {
    Actor.SYSTEM: {
        S.ENROLLED: frozenset({S.RUN_CHOICE_REQUIRED, S.TERM_LAPSED}),
        S.NOT_STARTED: frozenset({S.TERM_LAPSED}),
        S.STARTED: frozenset({S.ENROLLED, S.NOT_STARTED, S.TERM_LAPSED, S.COMPLETED}),
        S.RUN_CHOICE_REQUIRED: frozenset({S.ENROLLED, S.STARTED, S.TERM_LAPSED}),
        S.TERM_LAPSED: RUNNING,
        S.CANCELLED: NOT_FINAL,
        S.COMPLETED: frozenset({S.ENROLLED, S.NOT_STARTED, S.STARTED, S.TERM_LAPSED}),
    },
    Actor.LEARNER: {S.WITHDRAWN_INVALID: RUNNING, S.WITHDRAWN_VALID: RUNNING},
    Actor.TEACHER: _BY_TEACHER,
    Actor.ADMINISTRATOR: {
        **_BY_TEACHER,
        S.WITHDRAWN_INVALID: _BY_TEACHER[S.WITHDRAWN_INVALID] | {S.NOT_STARTED},
        S.WITHDRAWN_VALID: _BY_TEACHER[S.WITHDRAWN_VALID] | {S.NOT_STARTED},
        S.EXEMPT: ANY - {S.COMPLETED},
    },
    # only of a programme with an exam
    Actor.BOARD: {S.NOT_PASSED: ATTENDING | {S.TERM_LAPSED}},
}


def may_follow(before: str, after: str, actor: Actor) -> bool:
    """Whether the table lets this actor change the one status into the other."""
    return before != after and before in ALLOWED[actor].get(StudyStatus(after), frozenset())


def refusal(enrolment: Enrolment, to: StudyStatus, actor: Actor) -> str | None:
    """Say why this change is not allowed, or None where the table and the term allow it."""
    if why := not_the_boards(enrolment, actor):
        return why
    if not may_follow(enrolment.status, to, actor):
        return _("%(name)s is “%(status)s”; that cannot become “%(to)s”.") % {
            "name": enrolment.learner.name,
            "status": StudyStatus(enrolment.status).label,
            "to": to.label,
        }
    if to == S.COMPLETED:
        return completing.too_late([enrolment]).get(enrolment.pk)
    return None


def not_the_boards(enrolment: Enrolment, actor: Actor) -> str | None:
    """Say why the board has nothing to decide here, or None where it has, or somebody else acts."""
    if actor is not Actor.BOARD:
        return None
    if enrolment.programme and enrolment.programme.completed_by == CompletedBy.EXAM:
        return None
    return _("The examination board decides about programmes with an exam, and nothing else.")
