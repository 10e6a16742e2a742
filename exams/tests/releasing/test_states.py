"""Which act is possible in which state of an attempt, and where it leads."""

import pytest
from django.utils import timezone

from exams.models import Attempt, AttemptAct, AttemptState
from exams.models.attempt import ATTEMPT_ALLOWED, ATTEMPT_LEADS_TO
from exams.releasing import states
from exams.releasing.states import ExamRefused
from exams.tests.factories import an_attempt

pytestmark = pytest.mark.django_db
S, A = AttemptState, AttemptAct

# state → what each act, where the table knows it, makes of it.
TABLE = {S.RELEASED: {A.START: S.STARTED}, S.STARTED: {}}
EVERY = [(state, act) for state in S for act in A]


def test_the_table_beside_the_enum_is_this_one():
    known = {(state, act) for act, states_ in ATTEMPT_ALLOWED.items() for state in states_}
    assert known == {(state, act) for state, acts in TABLE.items() for act in acts}
    assert set(ATTEMPT_ALLOWED) == set(ATTEMPT_LEADS_TO) == set(A)


@pytest.mark.parametrize(("state", "act"), EVERY, ids=str)
def test_each_act_in_each_state_leads_where_the_table_says_or_is_refused(state, act):
    attempt = an_attempt()
    began = None if state == S.RELEASED else timezone.now()
    Attempt.objects.update(state=state, started_at=began)
    attempt.refresh_from_db()
    to = TABLE[state].get(act)
    if to is None:
        with pytest.raises(ExamRefused, match=str(state.label)):
            states.change(attempt, act)
        assert Attempt.objects.get().state == state
        return
    attempt.started_at = timezone.now()
    states.change(attempt, act)
    assert Attempt.objects.get().state == to
