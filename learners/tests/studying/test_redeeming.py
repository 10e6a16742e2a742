"""Using a code: what it gives and from when, and what refuses it."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from learners.models import (
    AuditEntry,
    StudyStatus,
    Subscription,
    SubscriptionCode,
    SubscriptionKind,
)
from learners.offered import personal
from learners.people import code_batches, codes, subscriptions
from learners.studying import redeeming
from learners.studying.redeeming import CodeRefused
from learners.tests.at_once import at_once
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    UserFactory,
    a_programme,
    an_administrator,
    with_status,
)
from learners.tests.offering import offering
from learners.tests.studying.subscribing import a_batch, a_follower, subscribe
from learners.views.subscriptions import UNKNOWN_CODES

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return OrganisationFactory(name="Zorgcentrum", programmes_need_subscription=True)


@pytest.fixture
def whole(here):
    return a_follower(a_programme(CourseFactory(), organisation=here))


@pytest.fixture
def batch(here):
    return a_batch(organisation=here, number=2)


@pytest.fixture
def code(batch):
    return batch.codes.first()


def days_from_today(made, here):
    today = here.today()
    return (made.starts_on - today).days, (made.ends_on - today).days


def test_it_gives_its_days_from_today_the_first_one_counted(whole, here, code):
    made = redeeming.redeem(typed=code.code, by=whole.learner)
    assert days_from_today(made, here) == (0, 89)
    assert (made.kind, made.organisation) == (SubscriptionKind.PAID, here)
    code.refresh_from_db()
    assert (code.used_by, code.subscription) == (whole.learner, made)
    entry = AuditEntry.objects.get(action="learners.code_used")
    assert (entry.by, entry.object_id) == (whole.learner, made.pk)


@pytest.mark.parametrize("kind", SubscriptionKind.values)
def test_it_begins_the_day_after_what_runs_there_ends(whole, here, code, kind):
    if kind == SubscriptionKind.TRIAL:
        subscriptions.start_trial(user=whole.learner, by=whole.learner)
    else:
        subscribe(whole, -3, 9)
    made = redeeming.redeem(typed=code.code, by=whole.learner)
    assert days_from_today(made, here) == (10, 99)
    assert subscriptions.access(whole.learner, here).until == made.ends_on


def test_two_codes_of_one_person_follow_on_one_another(whole, here, batch):
    for code in batch.codes.all():
        redeeming.redeem(typed=code.code, by=whole.learner)
    spans = [days_from_today(made, here) for made in Subscription.objects.order_by("starts_on")]
    assert spans == [(0, 89), (90, 179)]


def test_what_runs_elsewhere_does_not_put_it_off(whole, here, code):
    elsewhere = a_follower(a_programme(), learner=whole.learner)
    subscribe(elsewhere, 0, 30)
    assert days_from_today(redeeming.redeem(typed=code.code, by=whole.learner), here)[0] == 0


def refused(typed, by):
    with pytest.raises(CodeRefused) as refusal:
        redeeming.redeem(typed=typed, by=by)
    return str(refusal.value)


def test_an_exam_that_outlived_its_programme_is_opened_again_by_a_code(whole, code, client):
    with_status(whole, StudyStatus.WITHDRAWN_VALID)
    client.force_login(whole.learner)
    with offering(open_exams=lambda rows: {one.pk: "Proeve" for one in rows}):
        assert 'id="subscription"' in client.get(whole.get_absolute_url()).text
        redeeming.redeem(typed=code.code, by=whole.learner)
        assert 'id="subscription"' not in client.get(whole.get_absolute_url()).text


def test_the_trial_begins_on_the_day_that_it_is_at_the_institution(here, whole, client):
    here.time_zone = "America/Kralendijk"
    here.save()
    client.force_login(whole.learner)
    with time_machine.travel("2026-12-01T02:00:00+00:00", tick=False):  # there it is yesterday
        client.post(reverse("learners:trial_start"), {"enrolment": whole.pk})
        assert subscriptions.access(whole.learner, here).is_open


class TestRefused:
    """Nothing is given, and the code is as it was."""

    @pytest.fixture(autouse=True)
    def _in_english(self, whole):
        from django.utils import translation

        with translation.override("en"):
            yield
        assert SubscriptionCode.objects.used().count() <= 1

    @pytest.mark.parametrize("typed", ["", "7F3K-92QX-MB4T", "nothing of the kind"])
    def test_a_code_that_does_not_exist(self, whole, typed):
        assert "does not exist" in refused(typed, whole.learner)

    def test_a_code_that_somebody_else_used(self, whole, code):
        redeeming.redeem(typed=code.code, by=whole.learner)
        other = a_follower(whole.programme)
        assert refused(code.code, other.learner).startswith("This code was used already.")

    def test_a_second_click_hears_that_it_is_theirs_already_and_since_when(self, whole, code):
        with time_machine.travel(timezone.now() - timedelta(days=3), tick=False):
            redeeming.redeem(typed=code.code, by=whole.learner)
        assert refused(code.code, whole.learner).startswith("You used this code already on ")
        assert Subscription.objects.count() == 1

    def test_a_code_past_its_last_day(self, whole, batch, code):
        with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
            assert "could be used until" in refused(code.code, whole.learner)

    def test_a_code_that_was_withdrawn(self, whole, batch, code):
        code_batches.withdraw_unused(batch=batch, by=an_administrator())
        assert "was withdrawn" in refused(code.code, whole.learner)

    def test_a_code_of_an_institution_in_which_they_follow_nothing(self, code, here):
        elsewhere = a_follower(a_programme())
        assert "where you follow no programme" in refused(code.code, elsewhere.learner)

    def test_a_code_for_a_programme_that_they_left(self, whole, code):
        with_status(whole, StudyStatus.WITHDRAWN_VALID)
        assert "where you follow no programme" in refused(code.code, whole.learner)

    def test_a_code_of_an_institution_that_asks_no_subscription(self, whole, here, code):
        here.programmes_need_subscription = False
        here.save()
        assert "ask no subscription now" in refused(code.code, whole.learner)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def answer(self, code, by):
        def act():
            try:
                return redeeming.redeem(typed=code.code, by=by)
            except CodeRefused as refusal:
                return refusal

        return act

    def test_of_two_people_at_once_one_gets_it(self, whole, code):
        other = a_follower(whole.programme)
        answers = at_once(*(self.answer(code, one.learner) for one in (whole, other) * 3))
        (made,) = (one for one in answers if isinstance(one, Subscription))
        assert Subscription.objects.get() == made
        assert SubscriptionCode.objects.used().get().used_by == made.user

    def test_two_codes_at_once_follow_on_one_another(self, whole, here, batch):
        at_once(*(self.answer(code, whole.learner) for code in batch.codes.all()))
        spans = [days_from_today(made, here) for made in Subscription.objects.order_by("starts_on")]
        assert spans == [(0, 89), (90, 179)]


class TestPage:
    """Where a learner types a code."""

    @pytest.fixture
    def learner(self, client, whole):
        client.force_login(whole.learner)
        return client

    @pytest.fixture
    def address(self, whole):
        return reverse("learners:code_use", args=[whole.pk])

    @pytest.fixture(autouse=True)
    def _counts_anew(self, whole):
        yield
        from django.core.cache import cache

        cache.clear()

    def test_the_card_of_what_is_missing_has_a_field_for_it(self, learner, whole, address):
        page = learner.get(whole.get_absolute_url()).text
        assert "Use 10 days for free" in page
        assert "I have a code" in page
        assert f'action="{address}"' in page

    def test_while_one_runs_it_can_be_prolonged(self, learner, whole, address):
        subscribe(whole, 0, 3)
        page = learner.get(whole.get_absolute_url()).text
        assert "Extend your subscription" in page
        assert f'action="{address}"' in page

    def test_where_no_subscription_is_asked_nothing_is_said_of_codes(self, learner, whole, here):
        here.programmes_need_subscription = False
        here.save()
        assert "I have a code" not in learner.get(whole.get_absolute_url()).text

    def test_a_code_opens_the_programme_and_says_until_when(self, learner, whole, address, code):
        page = learner.post(address, {"code": codes.shown(code.code).lower()}, follow=True)
        assert page.redirect_chain == [(whole.get_absolute_url(), 302)]
        assert "Your code is used: your subscription at Zorgcentrum runs until" in page.text
        assert "You need a subscription" not in page.text

    def test_a_prolonged_one_says_from_when(self, learner, whole, address, code):
        subscribe(whole, 0, 3)
        page = learner.post(address, {"code": code.code}, follow=True)
        assert "Your code is used: at Zorgcentrum it runs on from" in page.text

    def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_is_kept(
        self, learner, address
    ):
        page = learner.post(address, {"code": "7f3k 92qx <b>"})
        assert page.context["form"].errors["code"]
        assert 'value="7f3k 92qx &lt;b&gt;"' in page.text
        assert learner.post(address, {}).context["form"].errors["code"]

    def test_who_guesses_waits_and_then_even_a_good_code_does(self, learner, address, code):
        for _guess in range(UNKNOWN_CODES.allowed):
            assert learner.post(address, {"code": "7F3K-92QX-MB4T"}).status_code == 200
        page = learner.post(address, {"code": code.code})
        assert page.status_code == 429
        assert "Wait ten minutes" in page.text
        assert not SubscriptionCode.objects.used().exists()

    def test_only_codes_that_do_not_exist_are_guesses(self, learner, whole, address, code):
        redeeming.redeem(typed=code.code, by=whole.learner)
        for _again in range(UNKNOWN_CODES.allowed + 1):
            assert learner.post(address, {"code": code.code}).status_code == 200

    def test_the_programme_of_another_has_no_such_page(self, client, address):
        client.force_login(UserFactory())
        assert client.post(address, {"code": ""}).status_code == 404

    def test_it_asks_as_little_as_it_can(self, learner, address, code, django_assert_num_queries):
        with django_assert_num_queries(12):
            learner.post(address, {"code": code.code})


def test_what_somebody_takes_along_names_the_codes_that_they_used(whole, code):
    redeeming.redeem(typed=code.code, by=whole.learner)
    (row,) = personal.export(whole.learner)["subscription_codes"]
    assert (row["code"], row["days"]) == (code.code, 90)
