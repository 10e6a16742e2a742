"""Batches of codes: their codes come by themselves, and what nobody used can be withdrawn."""

from datetime import timedelta

import pytest
from django.utils import timezone

from learners.models import AuditEntry, SubscriptionCode
from learners.people import code_batches, codes
from learners.studying import redeeming
from learners.tests.factories import OrganisationFactory, a_programme, an_administrator
from learners.tests.studying.subscribing import a_batch, a_follower

pytestmark = pytest.mark.django_db


def test_the_codes_of_a_batch_come_by_themselves_and_each_is_its_own():
    by = an_administrator()
    batch = a_batch(number=300, by=by)
    made = set(batch.codes.values_list("code", flat=True))
    assert len(made) == 300
    assert all(codes.read(code) == code for code in made)
    entry = AuditEntry.objects.get(action="learners.codes_made")
    assert (entry.by, entry.changes) == (by, {"number": [None, 300]})


@pytest.mark.parametrize("number", [1, 300])
def test_a_large_batch_asks_as_much_as_a_small_one(number, django_assert_num_queries):
    here, by = OrganisationFactory(), an_administrator()
    with django_assert_num_queries(6):  # a savepoint and its release, batch, taken, codes, log
        a_batch(organisation=here, number=number, by=by)


def test_a_code_that_is_there_already_is_not_made_again(monkeypatch):
    there = a_batch(number=1).codes.get().code
    drawn = iter([there, "7F3K92QXMB4T"])
    monkeypatch.setattr(codes, "new_code", lambda: next(drawn))
    assert a_batch(number=1).codes.get().code == "7F3K92QXMB4T"


def test_only_what_nobody_used_is_withdrawn_and_only_once():
    here = OrganisationFactory(programmes_need_subscription=True)
    batch, by = a_batch(organisation=here, number=3), an_administrator()
    whole = a_follower(a_programme(organisation=here))
    used = batch.codes.first()
    redeeming.redeem(typed=used.code, by=whole.learner)
    assert code_batches.withdraw_unused(batch=batch, by=by) == 2
    assert code_batches.withdraw_unused(batch=batch, by=by) == 0
    assert SubscriptionCode.objects.used().get() == used
    assert not SubscriptionCode.objects.unused().exists()
    assert AuditEntry.objects.filter(action="learners.codes_withdrawn").count() == 1


def test_a_batch_is_over_after_its_last_day():
    today = timezone.localdate()
    batch = a_batch(ends_on=today)
    assert not batch.is_over(today)
    assert batch.is_over(today + timedelta(days=1))
