"""Until when somebody may work in programmes, and what is left to them after that."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from learners.models import StoredFile, Subscription, SubscriptionKind
from learners.people import subscriptions
from learners.people.grace import grace
from learners.tests.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 20)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def here():
    return OrganisationFactory(programmes_need_subscription=True, time_zone="Europe/Amsterdam")


@pytest.fixture
def user():
    return UserFactory()


def subscribe(user, first, last, organisation=None, kind=SubscriptionKind.PAID):
    """Give somebody days, counted from today."""
    return Subscription.objects.create(
        user=user,
        organisation=organisation,
        kind=kind,
        starts_on=TODAY + timedelta(days=first),
        ends_on=TODAY + timedelta(days=last),
    )


def until(user, here):
    found = subscriptions.access(user, here, TODAY)
    return found.until and (found.until - TODAY).days


def test_what_follows_without_a_day_between_counts(user, here):
    subscribe(user, -5, 4, kind=SubscriptionKind.TRIAL)
    subscribe(user, 5, 9, here)
    subscribe(user, 8, 20, here)
    assert until(user, here) == 20
    assert not subscriptions.access(user, here, TODAY).is_for_all


def test_what_begins_after_a_day_between_does_not(user, here):
    subscribe(user, 0, 4, here)
    subscribe(user, 6, 20, here)
    assert until(user, here) == 4


def test_what_is_yet_to_begin_opens_nothing(user, here):
    subscribe(user, 1, 20, here)
    found = subscriptions.access(user, here, TODAY)
    assert (found.is_open, found.until, found.ended_on) == (False, None, None)


def test_one_within_another_does_not_end_it_earlier(user, here):
    subscribe(user, -9, 9, here)
    subscribe(user, -2, 2, here)
    assert until(user, here) == 9


def test_where_nothing_runs_the_last_day_that_did_is_known(user, here):
    subscribe(user, -30, -20, here)
    subscribe(user, -15, -1, here)
    found = subscriptions.access(user, here, TODAY)
    assert (found.is_open, found.ended_on) == (False, TODAY - timedelta(days=1))


class TestGrace:
    """24 hours from the end of the last day, where the institution is."""

    def left(self, user, here, at):
        return grace(subscriptions.access(user, here, here.day_of(at)), here, at)

    @pytest.mark.parametrize(
        ("at", "has_grace"),
        [
            (datetime(2026, 3, 20, 23, 59, 59, tzinfo=AMSTERDAM), False),
            (datetime(2026, 3, 21, 0, 0, tzinfo=AMSTERDAM), True),
            (datetime(2026, 3, 21, 23, 59, 59, tzinfo=AMSTERDAM), True),
            (datetime(2026, 3, 22, 0, 0, tzinfo=AMSTERDAM), False),
        ],
    )
    def test_it_begins_when_the_last_day_is_over_and_lasts_a_day(self, user, here, at, has_grace):
        subscribe(user, -9, 0, here)
        assert (self.left(user, here, at) is not None) == has_grace

    def test_it_lasts_24_hours_also_where_the_clock_is_changed(self, user, here):
        subscribe(user, -9, 8, here)  # the night of 29 March has 23 hours
        found = self.left(user, here, datetime(2026, 3, 29, 12, tzinfo=AMSTERDAM))
        assert found.until == datetime(2026, 3, 30, 1, 0, tzinfo=AMSTERDAM)

    def test_a_new_subscription_leaves_no_grace(self, user, here):
        subscribe(user, -9, 0, here)
        subscribe(user, 1, 9, here)
        assert self.left(user, here, datetime(2026, 3, 21, 9, tzinfo=AMSTERDAM)) is None

    def test_it_is_for_what_began_before_the_end_to_the_moment(self, user, here):
        subscribe(user, -9, 0, here)
        found = self.left(user, here, datetime(2026, 3, 21, 9, tzinfo=AMSTERDAM))
        last = datetime(2026, 3, 20, 23, 59, 59, tzinfo=AMSTERDAM)
        came = datetime(2026, 3, 21, 8, tzinfo=AMSTERDAM)
        assert found.takes(StoredFile(begun_at=last, uploaded_at=came))
        assert not found.takes(StoredFile(begun_at=found.since, uploaded_at=came))
        assert not found.takes(StoredFile(uploaded_at=came))
