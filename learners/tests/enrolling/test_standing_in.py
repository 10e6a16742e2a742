"""Standing in for a coach: naming who does, what that shows them, and taking it back."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from learners.enrolling import entering
from learners.enrolling.coaches import board_of, coaches_of
from learners.enrolling.standing_in import StandInRefused, end_stand_in, name_stand_in
from learners.models import (
    Actor,
    AuditEntry,
    Coaching,
    Enrolment,
    Membership,
    Notification,
    Role,
    StandIn,
    User,
)
from learners.pages import coaches as shown
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    UserFactory,
    a_member,
    a_programme,
    an_administrator,
)

pytestmark = pytest.mark.django_db
PAGE = "/my-learners/stand-ins/"
ZONE = ZoneInfo("Europe/Amsterdam")
MONDAY, FRIDAY = date(2026, 12, 7), date(2026, 12, 11)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(datetime(2026, 12, 1, 9, 0, tzinfo=ZONE), tick=False) as traveller:
        yield traveller


@pytest.fixture
def here():
    return OrganisationFactory(name="Vlaamse Academie")


@pytest.fixture
def coach(here):
    return a_member(Role.COACH, here, name="Karel Coach", language="en")


@pytest.fixture
def fatima(here):
    return a_member(Role.COACH, here, name="Fatima Bos", language="en")


def coached(here, *coaches, learner=None):
    whole = entering.enrol_in_programme(
        learner=learner or UserFactory(language="en"),
        programme=a_programme(CourseFactory(organisation=here), organisation=here),
        by=None,
        actor=Actor.SYSTEM,
    )
    Coaching.objects.bulk_create(Coaching(enrolment=whole, coach=one) for one in coaches)
    return whole


def named(coach, fatima, here, first=MONDAY, last=FRIDAY):
    return name_stand_in(
        coach=coach, stand_in=fatima, organisation=here, starts_on=first, ends_on=last, by=coach
    )


def sees(person):
    return list(Enrolment.objects.coached_by(User.objects.get(pk=person.pk)))  # asked anew


def test_a_stand_in_sees_whom_the_coach_coaches_from_the_first_day_until_the_last_is_over(
    now, here, coach, fatima
):
    whole = coached(here, coach)
    row = named(coach, fatima, here)
    assert (row.starts_on, row.ends_on) == (MONDAY, FRIDAY)
    for moment, expected in (
        (datetime(2026, 12, 6, 23, 59, tzinfo=ZONE), []),
        (datetime(2026, 12, 7, 0, 0, tzinfo=ZONE), [whole]),
        (datetime(2026, 12, 11, 23, 59, tzinfo=ZONE), [whole]),
        (datetime(2026, 12, 12, 0, 0, tzinfo=ZONE), []),
    ):
        now.move_to(moment)
        assert sees(fatima) == expected
        assert sees(coach) == [whole]


def test_a_stand_in_sees_nobody_of_another_institution_and_nobody_without_the_role(
    now, here, coach, fatima
):
    elsewhere = OrganisationFactory()
    for person in (coach, fatima):
        Membership.objects.create(user=person, organisation=elsewhere, role=Role.COACH)
    coached(elsewhere, coach)
    whole = coached(here, coach)
    named(coach, fatima, here)
    now.move_to(datetime(2026, 12, 8, tzinfo=ZONE))
    assert sees(fatima) == [whole]
    Membership.objects.filter(user=fatima, organisation=here).delete()
    assert sees(fatima) == []
    assert coaches_of([whole]) == {whole.pk: [coach]}


def test_who_coaches_somebody_and_stands_in_for_others_who_do_sees_them_once(
    now, here, coach, fatima
):
    other = a_member(Role.COACH, here)
    whole = coached(here, coach, other, fatima)
    named(coach, fatima, here)
    named(other, fatima, here)
    now.move_to(datetime(2026, 12, 8, tzinfo=ZONE))
    assert sees(fatima) == [whole]
    assert coaches_of([whole]) == {whole.pk: [coach, fatima, other]}


def test_coaches_of_takes_two_queries_however_many_there_are(
    now, here, coach, fatima, django_assert_num_queries
):
    named(coach, fatima, here)
    now.move_to(datetime(2026, 12, 8, tzinfo=ZONE))
    wholes = [coached(here, coach) for _ in range(3)] + [coached(here)]
    with django_assert_num_queries(2):
        found = coaches_of(wholes)
    assert [found[whole.pk] for whole in wholes] == [[coach, fatima]] * 3 + [[]]


def test_nobody_coaches_whose_coaches_left_or_may_not_sign_in(here, coach):
    left, gone = UserFactory(), a_member(Role.COACH, here, is_active=False)
    coached(here, coach)
    without = [coached(here), coached(here, left), coached(here, gone)]
    assert set(Enrolment.objects.without_coach()) == set(without)
    board = a_member(Role.BOARD, here)
    a_member(Role.BOARD, here, is_active=False)
    a_member(Role.BOARD, OrganisationFactory())
    assert board_of(here) == [board]


def test_naming_somebody_stands_in_the_log_and_tells_them_once(here, coach, fatima):
    row = named(coach, fatima, here)
    assert named(coach, fatima, here) == row
    assert AuditEntry.objects.get(action="learners.stand_in_named").by == coach
    told = Notification.objects.get(kind="learners/stands_in")
    assert told.user == fatima
    assert told.params["coach"] == "Karel Coach"


def test_taking_it_back_ends_it_at_once_and_says_so_once(now, here, coach, fatima):
    row = named(coach, fatima, here)
    coached(here, coach)
    now.move_to(datetime(2026, 12, 8, tzinfo=ZONE))
    end_stand_in(stand_in=row, by=coach)
    end_stand_in(stand_in=row, by=coach)
    assert sees(fatima) == []
    assert Notification.objects.get(kind="learners/stands_in_no_more").user == fatima
    assert AuditEntry.objects.filter(action="learners.stand_in_ended").count() == 1
    named(coach, fatima, here, first=date(2026, 12, 8))


def test_what_is_over_is_not_taken_back(now, here, coach, fatima):
    row = named(coach, fatima, here)
    now.move_to(datetime(2026, 12, 12, tzinfo=ZONE))
    assert end_stand_in(stand_in=row, by=coach).ended_at is None


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 11, 30), FRIDAY, "starts_on"),
        (FRIDAY, MONDAY, "ends_on"),
    ],
)
def test_days_that_cannot_be_are_refused(here, coach, fatima, first, last, field):
    with pytest.raises(StandInRefused) as refused:
        named(coach, fatima, here, first=first, last=last)
    assert refused.value.field == field


def test_who_is_no_coach_there_and_oneself_are_refused(here, coach):
    for person in (UserFactory(), a_member(Role.TEACHER, here), coach):
        with pytest.raises(StandInRefused) as refused:
            named(coach, person, here)
        assert refused.value.field == "stand_in"


def test_two_stand_ins_on_the_same_days_are_refused(here, coach, fatima):
    named(coach, fatima, here)
    with pytest.raises(StandInRefused, match="Fatima Bos stands in from 7 December until"):
        named(coach, a_member(Role.COACH, here), here, first=FRIDAY, last=FRIDAY)
    named(coach, fatima, here, first=date(2026, 12, 12), last=date(2026, 12, 13))


def test_a_coach_names_and_takes_back_a_stand_in_on_a_page(client, here, coach, fatima):
    client.force_login(coach)
    assert 'href="/my-learners/stand-ins/"' in client.get("/my-learners/").text
    said = {"stand_in": fatima.pk, "starts_on": "2026-12-07", "ends_on": "2026-12-11"}
    page = client.post(PAGE, said, follow=True)
    assert "Fatima Bos stands in for you, and has been told." in page.text
    (row,) = page.context["named"]
    page = client.post(f"{PAGE}{row.pk}/end/", follow=True)
    assert list(page.context["named"]) == []


def test_the_page_says_what_is_wrong_beside_its_field_and_keeps_what_was_chosen(
    client, here, coach, fatima
):
    client.force_login(coach)
    said = {"stand_in": fatima.pk, "starts_on": "2026-12-11", "ends_on": "2026-12-07"}
    page = client.post(PAGE, said)
    assert "The last day is the first day or a later one." in page.context["form"].errors["ends_on"]
    assert page.context["form"]["stand_in"].value() == str(fatima.pk)
    assert not StandIn.objects.exists()


def test_who_coaches_at_two_institutions_chooses_one(client, here, coach, fatima):
    elsewhere = OrganisationFactory()
    Membership.objects.create(user=coach, organisation=elsewhere, role=Role.COACH)
    client.force_login(coach)
    said = {"stand_in": fatima.pk, "starts_on": "2026-12-07", "ends_on": "2026-12-11"}
    refused = client.post(PAGE, said | {"organisation": elsewhere.pk})
    assert "Fatima Bos is no coach at" in refused.context["form"].errors["stand_in"][0]
    client.post(PAGE, said | {"organisation": here.pk})
    assert StandIn.objects.get().organisation == here


def test_nobody_takes_back_somebody_elses(client, here, coach, fatima):
    row = named(coach, fatima, here)
    client.force_login(fatima)
    assert client.post(f"{PAGE}{row.pk}/end/").status_code == 404
    assert "You stand in for" in client.get(PAGE).text


def test_learner_and_coach_read_who_stands_in_and_until_when(now, client, here, coach, fatima):
    whole = coached(here, coach)
    named(coach, fatima, here)
    now.move_to(datetime(2026, 12, 8, tzinfo=ZONE))
    client.force_login(whole.learner)
    page = client.get(whole.get_absolute_url()).text
    assert "Fatima Bos stands in for your coach until 11 December" in page
    client.force_login(fatima)
    page = client.get(f"/my-learners/{whole.pk}/").text
    assert "Fatima Bos stands in until 11 December" in page


def test_an_administrator_names_and_takes_back_by_the_same_functions(client, here, coach, fatima):
    client.force_login(an_administrator(language="en"))
    said = {"coach": coach.pk, "stand_in": fatima.pk, "organisation": here.pk}
    days = {"starts_on": "2026-12-07", "ends_on": "2026-12-11"}
    refused = client.post("/admin/learners/standin/add/", said | days | {"stand_in": coach.pk})
    assert "choose another person" in refused.text
    client.post("/admin/learners/standin/add/", said | days)
    row = StandIn.objects.get()
    chosen = {"action": "take_back", "_selected_action": [row.pk], "confirmed": "1"}
    client.post("/admin/learners/standin/", chosen)
    row.refresh_from_db()
    assert row.ended_at - row.named_at < timedelta(minutes=1)


@pytest.mark.parametrize("leaves", ["role", "account"])
def test_once_the_coach_left_nobody_stands_in_and_the_board_has_it(
    now, here, coach, fatima, leaves
):
    whole = coached(here, coach)
    named(coach, fatima, here)
    now.move_to(datetime(2026, 12, 8, tzinfo=ZONE))
    assert [one.stand_in for one in shown.coaches_of(whole)] == [fatima.name]
    if leaves == "role":
        Membership.objects.filter(user=coach).delete()
    else:
        User.objects.filter(pk=coach.pk).update(is_active=False)
    assert sees(fatima) == sees(coach) == []
    assert coaches_of([whole]) == {whole.pk: []}
    assert list(Enrolment.objects.without_coach()) == [whole]
    assert shown.coaches_of(whole) == []


def test_nobody_stands_in_for_who_coaches_them(now, here, coach, fatima):
    whole, other = coached(here, coach, learner=fatima), coached(here, coach)
    named(coach, fatima, here)
    now.move_to(datetime(2026, 12, 8, tzinfo=ZONE))
    assert sees(fatima) == [other]
    assert coaches_of([whole, other]) == {whole.pk: [coach], other.pk: [coach, fatima]}
    assert [one.stand_in for one in shown.coaches_of(whole)] == [""]


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("0001-01-01", "2026-12-11", "starts_on"),
        ("2026-12-07", "9999-12-31", "ends_on"),
        ("9999-12-31", "9999-12-31", "starts_on"),
        ("2026-12-07", "0001-01-01", "ends_on"),
        ("2026-12-07", "2028-06-02", "ends_on"),
    ],
)
def test_days_that_are_too_far_away_are_refused_beside_their_field(
    client, here, coach, fatima, first, last, field
):
    client.force_login(coach)
    said = {"stand_in": fatima.pk, "starts_on": first, "ends_on": last}
    answer = client.post(PAGE, said)
    assert list(answer.context["form"].errors) == [field]
    assert not StandIn.objects.exists()
    assert named(coach, fatima, here, last=date(2028, 6, 1)).ends_on == date(2028, 6, 1)
