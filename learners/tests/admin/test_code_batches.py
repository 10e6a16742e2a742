"""Batches of codes in the administration: made, handed out as a file, withdrawn."""

import csv
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from learners.models import AuditEntry, SubscriptionCode, SubscriptionCodeBatch
from learners.people import codes
from learners.studying import redeeming
from learners.tests.factories import (
    OrganisationFactory,
    UserFactory,
    a_programme,
    an_administrator,
)
from learners.tests.studying.subscribing import a_batch, a_follower

pytestmark = pytest.mark.django_db
LIST = "/admin/learners/subscriptioncodebatch/"


@pytest.fixture
def by():
    return an_administrator(language="en")


@pytest.fixture
def office(client, by):
    client.force_login(by)
    return client


@pytest.fixture
def here():
    return OrganisationFactory(programmes_need_subscription=True)


@pytest.fixture
def batch(here):
    """Three codes, of which one was used by somebody with a name that a spreadsheet would run."""
    made = a_batch(organisation=here, number=3)
    learner = UserFactory(name="=HYPERLINK(1)", language="en")
    whole = a_follower(a_programme(organisation=here), learner=learner)
    redeeming.redeem(typed=made.codes.first().code, by=whole.learner)
    return made


def rows_of(answer):
    text = b"".join(answer.streaming_content).decode().lstrip("\ufeff")
    return list(csv.reader(text.splitlines(), delimiter=";"))


def sent(here, **said):
    ends_on = timezone.localdate() + timedelta(days=30)
    said = {"name": "Autumn", "days": 90, "number": 5, "ends_on": ends_on, **said}
    return {**said, "organisation": here.pk}


def test_a_batch_is_made_with_its_codes(office, by, here):
    office.post(f"{LIST}add/", sent(here))
    made = SubscriptionCodeBatch.objects.get()
    assert (made.codes.count(), made.made_by, made.days) == (5, by, 90)
    assert AuditEntry.objects.get(action="learners.codes_made").by == by


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"number": 0}, "number"),
        ({"number": 5_001}, "number"),
        ({"days": 0}, "days"),
        ({"days": 4_000}, "days"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_not_right_is_said_beside_its_field(office, here, said, field):
    page = office.post(f"{LIST}add/", sent(here, **said))
    assert page.context["adminform"].form.errors[field]
    assert not SubscriptionCodeBatch.objects.exists()


def test_its_name_and_last_day_can_be_changed_and_nothing_else(office, batch):
    later = timezone.localdate() + timedelta(days=60)
    said = {"name": "Spring", "ends_on": later, "days": 900, "number": 900}
    office.post(f"{LIST}{batch.pk}/change/", said)
    batch.refresh_from_db()
    assert (batch.name, batch.ends_on, batch.days, batch.number) == ("Spring", later, 90, 3)
    office.post(f"{LIST}{batch.pk}/change/", {"name": "Winter", "ends_on": later})
    assert AuditEntry.objects.filter(action="learners.subscriptioncodebatch_changed").count() == 2


def test_the_list_says_how_many_are_used_and_left(office, batch):
    (row,) = office.get(LIST).context["cl"].result_list
    assert (row.n_used, row.n_left) == (1, 2)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_little_for_three_as_for_one(
    office, here, rows, django_assert_num_queries
):
    for _row in range(rows):
        a_batch(organisation=here)
    with django_assert_num_queries(5):
        office.get(LIST)


def test_a_batch_is_found_by_one_of_its_codes_in_whatever_way_it_is_typed(office, batch):
    a_batch()
    code = codes.shown(batch.codes.last().code).lower()
    assert list(office.get(LIST, {"q": code}).context["cl"].result_list) == [batch]
    assert list(office.get(LIST, {"q": "7F3K-92QX-MB4T"}).context["cl"].result_list) == []


class TestFile:
    @pytest.fixture
    def address(self, batch):
        return reverse("admin:learners_subscriptioncodebatch_codes", args=[batch.pk])

    def test_unused_codes_are_handed_out_and_who_took_them_is_recorded(
        self, office, by, batch, address
    ):
        _headings, *rows = rows_of(office.post(address, {"which": "unused"}))
        left = batch.codes.unused().values_list("code", flat=True)
        assert [row[0] for row in rows] == [codes.shown(code) for code in left]
        entry = AuditEntry.objects.get(action="learners.codes_downloaded")
        assert (entry.by, entry.object_id) == (by, batch.pk)
        assert entry.changes == {"which": [None, "unused"]}

    def test_all_codes_say_who_used_them_and_no_cell_is_a_formula(self, office, address):
        _headings, used, *_rest = rows_of(office.post(address, {"which": "all"}))
        assert used[3:] == ["used", timezone.localdate().isoformat(), "'=HYPERLINK(1)"]

    def test_looking_at_the_address_sends_nothing(self, office, batch, address):
        assert office.get(address).url == f"{LIST}{batch.pk}/change/"
        assert not AuditEntry.objects.filter(action="learners.codes_downloaded").exists()

    def test_who_may_only_look_gets_no_codes(self, client, batch, address):
        from django.contrib.auth.models import Permission

        looker = UserFactory(is_staff=True)
        looker.user_permissions.add(Permission.objects.get(codename="view_subscriptioncodebatch"))
        client.force_login(looker)
        assert client.post(address).status_code == 403
        page = client.get(f"{LIST}{batch.pk}/change/")
        assert page.status_code == 200
        assert address not in page.text


def test_unused_codes_are_withdrawn_after_a_page_that_says_how_many(office, batch):
    chosen = {"action": "withdraw_codes", "_selected_action": batch.pk}
    page = office.post(LIST, chosen)
    assert "codes that nobody used: 2" in page.text
    office.post(LIST, {**chosen, "confirmed": "yes"})
    assert SubscriptionCode.objects.filter(withdrawn_at__isnull=False).count() == 2
    assert "has no unused codes" in office.post(LIST, chosen).text


def test_a_subscription_of_a_code_is_not_removed(office, batch):
    from learners.tests.admin.parts.test_removing import remove_first

    person = batch.codes.used().get().used_by
    made = person.subscriptions.get()
    made.starts_on = timezone.localdate() + timedelta(days=3)
    made.save()
    refused = remove_first(office, person, "subscriptions").text
    assert batch.codes.used().get().code in refused  # what would be lost with it
    assert person.subscriptions.count() == 1


class TestPaidByHand:
    """Days that an administrator gives somebody."""

    def add(self, office, person, here, first, last, kind="paid"):
        from learners.tests.admin.parts.test_removing import add_subscription

        today = timezone.localdate()
        said = {"starts_on": today + timedelta(days=first), "ends_on": today + timedelta(days=last)}
        return add_subscription(office, person, organisation=here.pk, kind=kind, **said)

    def test_the_same_days_twice_at_an_institution_are_refused(self, office, here):
        person = UserFactory()
        assert self.add(office, person, here, 0, 9).status_code == 302
        assert "at the same institution" in self.add(office, person, here, 9, 20).text
        assert person.subscriptions.count() == 1

    def test_days_that_follow_and_days_elsewhere_are_not(self, office, here):
        person = UserFactory()
        for first, last, where in ((0, 9, here), (10, 20, here), (0, 9, OrganisationFactory())):
            assert self.add(office, person, where, first, last).status_code == 302
        assert person.subscriptions.count() == 3
