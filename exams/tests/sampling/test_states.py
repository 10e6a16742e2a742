"""Which act is possible in which state of a sample, and where it leads."""

import pytest

from exams.models import Sample, SampleAct, SampleState
from exams.models.sample import OPEN, SAMPLE_ALLOWED, SAMPLE_LEADS_TO
from exams.sampling import states
from exams.sampling.states import SampleRefused
from exams.tests.factories import a_coach, a_drawn_sample

pytestmark = pytest.mark.django_db
S, A = SampleState, SampleAct

ANYTHING = {A.ASSESS: S.BEING_ASSESSED, A.APPROVE: S.APPROVED, A.REFUSE: S.REFUSED}
# state → what each act, where the table knows it, makes of it; a decision is final.
TABLE = {S.DRAWN: ANYTHING, S.BEING_ASSESSED: ANYTHING, S.APPROVED: {}, S.REFUSED: {}}
EVERY = [(state, act) for state in S for act in A]


def sample_in(state: SampleState) -> Sample:
    """Put a sample into a state, whatever led there."""
    sample = a_drawn_sample()
    if state not in OPEN:
        sample.decided_by = a_coach(sample.enrolment.programme)
        sample.decided_at = sample.drawn_at
    sample.state = state
    sample.save()
    return sample


def test_the_table_beside_the_enum_is_this_one():
    known = {(state, act) for act, states_ in SAMPLE_ALLOWED.items() for state in states_}
    assert known == {(state, act) for state, acts in TABLE.items() for act in acts}
    assert set(SAMPLE_ALLOWED) == set(SAMPLE_LEADS_TO) == set(A)


@pytest.mark.parametrize(("state", "act"), EVERY, ids=str)
def test_each_act_in_each_state_leads_where_the_table_says_or_is_refused(state, act):
    sample = sample_in(state)
    to = TABLE[state].get(act)
    if to is None:
        with pytest.raises(SampleRefused, match=str(state.label)):
            states.change(sample, act)
        assert Sample.objects.get().state == state
        return
    if to not in OPEN:
        sample.decided_by = a_coach(sample.enrolment.programme)
        sample.decided_at = sample.drawn_at
    states.change(sample, act)
    assert Sample.objects.get().state == to
