"""Which version of an assignment is asked of whom."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from exams.defining.applying import version_for
from exams.models import AssignmentVersion, Reaches, Work, WorkState

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
NOTHING_YET = st.sampled_from([None, Work()])
DAYS = st.integers(0, 30)


def published(reaches: list[Reaches]) -> list[AssignmentVersion]:
    """Publish so many versions, one each ten days."""
    return [
        AssignmentVersion(
            pk=number,
            number=number,
            reaches=reach,
            published_at=BEGINNING + timedelta(days=10 * number),
        )
        for number, reach in enumerate(reaches, 1)
    ]


VERSIONS = st.lists(st.sampled_from(Reaches), min_size=1, max_size=5).map(published)


def had(version: AssignmentVersion, state: WorkState) -> Work:
    return Work(version=version, number=1, state=state)


def on(day: int) -> datetime:
    return BEGINNING + timedelta(days=day)


@given(
    versions=VERSIONS, data=st.data(), day=DAYS,
    state=st.sampled_from(sorted(set(WorkState) - {WorkState.SENT_BACK})),
)  # fmt: skip
def test_what_was_handed_in_keeps_its_version_until_it_is_sent_back(versions, data, day, state):
    mine = data.draw(st.sampled_from(versions))
    found = version_for(versions, enrolled_at=on(day), work=had(mine, state))
    assert found == mine


@given(versions=VERSIONS, data=st.data(), day=DAYS)
def test_who_improves_gets_the_newest_that_is_for_them_and_never_an_older_one(versions, data, day):
    mine = data.draw(st.sampled_from(versions))
    found = version_for(versions, enrolled_at=on(day), work=had(mine, WorkState.SENT_BACK))
    newer = [v for v in versions if v.number > mine.number and v.reaches == Reaches.IMPROVING]
    assert found == (newer or [mine])[-1]


@given(versions=VERSIONS, day=DAYS, work=NOTHING_YET)
def test_who_handed_nothing_in_gets_the_newest_but_for_those_of_who_enrol_later(
    versions, day, work
):
    found = version_for(versions, enrolled_at=on(day), work=work)
    for_them = [v for v in versions if v.reaches != Reaches.NEW or v.published_at <= on(day)]
    assert found == (for_them[-1] if for_them else None)


@given(versions=VERSIONS, data=st.data(), day=DAYS, work=NOTHING_YET)
def test_the_order_in_which_versions_are_given_makes_no_difference(versions, data, day, work):
    shuffled = data.draw(st.permutations(versions))
    asked = {"enrolled_at": on(day), "work": work}
    assert version_for(shuffled, **asked) == version_for(versions, **asked)


def test_nothing_is_asked_where_nothing_was_published():
    assert version_for([], enrolled_at=BEGINNING, work=None) is None
