"""Which act is possible in which state of a work, and where it leads."""

import pytest

from exams.assignments import states
from exams.assignments.states import Wait, WorkRefused
from exams.models import HandIn, Work, WorkAct, WorkState
from exams.models.work import ALLOWED, LEADS_TO
from exams.tests.factories import a_follower, a_hand_in, an_exam_programme, long_ago, work_on

pytestmark = pytest.mark.django_db
S, A = WorkState, WorkAct

# state → what each act, where the table knows it, makes of it; restoring gives back the facts,
# which are here that it was handed in.
TABLE = {
    S.TO_DO: {A.HAND_IN: S.HANDED_IN, A.FINISH: S.DONE, A.EXEMPT: S.EXEMPT},
    S.HANDED_IN: {
        A.HAND_IN: S.HANDED_IN,
        A.FINISH: S.DONE,
        A.APPROVE: S.APPROVED,
        A.SEND_BACK: S.SENT_BACK,
        A.APPROVE_IN_SAMPLE: S.APPROVED,
        A.REFUSE_IN_SAMPLE: S.SENT_BACK,
        A.EXEMPT: S.EXEMPT,
    },
    S.SENT_BACK: {
        A.HAND_IN: S.HANDED_IN,
        A.FINISH: S.DONE,
        A.APPROVE: S.APPROVED,
        A.SEND_BACK: S.SENT_BACK,
        A.APPROVE_IN_SAMPLE: S.APPROVED,
        A.REFUSE_IN_SAMPLE: S.SENT_BACK,
        A.EXEMPT: S.EXEMPT,
    },
    S.APPROVED: {
        A.APPROVE: S.APPROVED,
        A.SEND_BACK: S.SENT_BACK,
        A.APPROVE_IN_SAMPLE: S.APPROVED,
        A.REFUSE_IN_SAMPLE: S.SENT_BACK,
        A.EXEMPT: S.EXEMPT,
    },
    S.DONE: {
        A.HAND_IN: S.HANDED_IN,
        A.FINISH: S.DONE,
        A.APPROVE_IN_SAMPLE: S.APPROVED,
        A.REFUSE_IN_SAMPLE: S.SENT_BACK,
        A.EXEMPT: S.EXEMPT,
    },
    S.EXEMPT: {A.RESTORE: S.HANDED_IN},
}
EVERY = [(state, act) for state in S for act in A]
WAIT = Wait(long_ago(), long_ago().date())


def work_in(state: WorkState) -> Work:
    """Put a work that was handed in into a state, whatever led there."""
    work = a_hand_in(work_on(a_follower(an_exam_programme(1)))).work
    waits = state == S.HANDED_IN
    values = {"waits_since": WAIT.since, "expected_on": WAIT.expected_on} if waits else {}
    Work.objects.filter(pk=work.pk).update(
        **{"state": state, "waits_since": None, "expected_on": None, **values}
    )
    return Work.objects.get(pk=work.pk)


def test_the_table_beside_the_enum_is_this_one():
    known = {(state, act) for state in S for act in ALLOWED if state in ALLOWED[act]}
    assert known == {(state, act) for state, acts in TABLE.items() for act in acts}
    assert set(ALLOWED) == set(A)
    assert set(LEADS_TO) == set(A) - {A.RESTORE}


@pytest.mark.parametrize(("state", "act"), EVERY, ids=str)
def test_each_act_in_each_state_leads_where_the_table_says_or_is_refused(state, act):
    work = work_in(state)
    to = TABLE[state].get(act)
    if to is None:
        with pytest.raises(WorkRefused, match=str(state.label)):
            states.change(work, act, wait=WAIT)
        to = state
    else:
        states.change(work, act, wait=WAIT)
    stored = Work.objects.get(pk=work.pk)
    assert stored.state == to
    assert (stored.waits_since is not None) is (to == S.HANDED_IN)


def test_a_newer_version_does_not_go_to_the_end_of_the_queue():
    work = a_hand_in(work_on(a_follower(an_exam_programme(1)))).work
    work.refresh_from_db()
    since = work.waits_since, work.expected_on
    a_hand_in(work, "Ik zag er nog een.")
    work.refresh_from_db()
    assert (work.waits_since, work.expected_on) == since
    assert HandIn.objects.count() == 2
