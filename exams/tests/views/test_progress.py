"""How far one's people are: the programmes, the people of one, a person, and the file."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.utils import timezone

from exams.models import Verdict, Work
from exams.tests.factories import (
    a_board_member,
    a_coach,
    a_follower,
    a_hand_in,
    a_review,
    an_exam_programme,
    work_on,
)
from learners.models import Enrolment, Membership, Role, StudyStatus, User
from learners.tests.factories import UserFactory, a_member, an_administrator

pytestmark = pytest.mark.django_db
LIST = "/my-learners/progress/"
FRAME_QUERIES = 3  # session, user with bell, memberships
# the programme, how XP are spread, weeks; the keys and the people of the page, their standing and
# their way to the exam
PAGE_QUERIES = 10


@pytest.fixture
def programme():
    return an_exam_programme(3, needed_xp=20)


@pytest.fixture
def coach(programme, client) -> User:
    coach = a_coach(programme, language="en")
    client.force_login(coach)
    return coach


@pytest.fixture
def board(programme) -> User:
    return a_board_member(programme, language="en")


def named(programme, name: str, *coaches: User) -> Enrolment:
    return a_follower(
        programme, *coaches, learner=a_member(Role.LEARNER, programme.organisation, name=name)
    )


def page_of(programme) -> str:
    return f"{LIST}{programme.pk}/"


def names(answer) -> list[str]:
    return [one.enrolment.learner.name for one in answer.context["persons"]]


def test_a_coach_sees_the_programmes_of_their_people_and_what_waits(
    client, programme, coach
) -> None:
    enrolment = a_follower(programme, coach)
    a_follower(programme, coach)
    a_follower(programme)
    a_follower(an_exam_programme())
    a_hand_in(work_on(enrolment, 1))
    a_hand_in(work_on(enrolment, 2))
    (line,) = client.get(LIST).context["lines"]
    assert (line.programme, line.people, line.in_reach, line.waiting) == (programme, 2, 1, 2)
    assert not line.is_late


def test_the_board_sees_everybody_of_its_institution_but_itself(client, programme, board) -> None:
    a_follower(programme)
    a_follower(programme, a_coach(programme))
    a_follower(programme, learner=board)
    client.force_login(board)
    (line,) = client.get(LIST).context["lines"]
    assert line.people == 2
    assert len(client.get(page_of(programme)).context["persons"]) == 2


def test_who_has_nobody_there_finds_no_page(client, programme, coach) -> None:
    others = a_follower(programme)
    for url in (page_of(programme), f"{page_of(programme)}file/", one_of(others)):
        assert client.get(url).status_code == 404
    client.force_login(a_board_member(an_exam_programme()))
    assert client.get(page_of(programme)).status_code == 404
    client.force_login(an_administrator())
    assert client.get(page_of(programme)).status_code == 404
    client.force_login(UserFactory())
    assert client.get(page_of(programme)).status_code == 403


def one_of(enrolment: Enrolment) -> str:
    return f"/my-learners/{enrolment.pk}/assignments/"


def test_the_chart_and_the_table_say_the_same_of_everybody(client, programme, coach) -> None:
    anna, bram = named(programme, "Anna", coach), named(programme, "Bram", coach)
    for number in (1, 2):
        a_review(a_hand_in(work_on(anna, number)), coach)
    a_review(a_hand_in(work_on(bram, 1)), coach, Verdict.SENT_BACK)
    answer = client.get(page_of(programme))
    spread, weeks = answer.context["spread"], answer.context["weeks"]
    assert (spread.number, spread.reached, weeks.number) == (2, 1, 3)
    first, second = answer.context["persons"]
    assert (first.enrolment, first.approved, first.sent_back) == (anna, 2, 0)
    assert (second.enrolment, second.approved, second.sent_back) == (bram, 0, 1)
    assert "20 of 30 XP" in answer.text
    assert "10 of 30 XP" in answer.text


def test_people_are_found_and_sorted_by_the_address(client, programme, coach) -> None:
    _anna, bram, chris = (named(programme, name, coach) for name in ("Anna", "Bram", "Chris"))
    a_hand_in(work_on(bram, 1))
    a_hand_in(work_on(bram, 2))
    a_review(a_hand_in(work_on(chris, 1)), coach)
    over = named(programme, "Dirk", coach)
    Enrolment.objects.filter(pk=over.pk).update(status=StudyStatus.COMPLETED)
    url = page_of(programme)

    def asked(query: str) -> list[str]:
        return names(client.get(f"{url}?{query}"))

    assert asked("") == ["Anna", "Bram", "Chris"]
    assert asked("text=bra") == ["Bram"]
    assert asked("state=waits") == ["Bram"]
    assert asked("state=reach") == ["Bram"]
    assert asked("state=lacking") == ["Anna", "Chris"]
    assert asked("state=nothing") == ["Anna"]
    assert asked("state=over") == ["Dirk"]
    assert asked("sort=xp") == ["Bram", "Chris", "Anna"]
    assert asked("sort=least") == ["Anna", "Chris", "Bram"]
    assert asked("sort=waits")[0] == "Bram"
    assert asked("sort=last") == ["Chris", "Bram", "Anna"]
    assert asked("state=nonsense&sort=nonsense") == ["Anna", "Bram", "Chris"]


def test_pages_have_twenty_five_people(client, programme, coach) -> None:
    for number in range(26):
        named(programme, f"Learner {number:02}", coach)
    answer = client.get(f"{page_of(programme)}?page=2&sort=")
    assert names(answer) == ["Learner 25"]
    assert answer.context["page"].paginator.count == 26


def test_since_when_somebody_waits_and_that_it_is_late(client, programme, coach) -> None:
    work = work_on(a_follower(programme, coach))
    a_hand_in(work)
    today = programme.organisation.today()
    Work.objects.filter(pk=work.pk).update(expected_on=today)
    assert ", late" not in client.get(page_of(programme)).text
    Work.objects.filter(pk=work.pk).update(expected_on=today - timedelta(days=1))
    assert ", late" in client.get(page_of(programme)).text


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_ask_as_much_for_one_as_for_three(
    client, programme, coach, number, django_assert_num_queries
) -> None:
    for _n in range(number):
        enrolment = a_follower(programme, coach)
        a_hand_in(work_on(enrolment, 1))
        a_review(a_hand_in(work_on(enrolment, 2)), coach)
    with django_assert_num_queries(FRAME_QUERIES + PAGE_QUERIES):
        client.get(page_of(programme))
    with django_assert_num_queries(FRAME_QUERIES + 3 + 1):  # the lines, and what waits
        client.get(LIST)
    with django_assert_num_queries(FRAME_QUERIES + 4):
        client.get(one_of(enrolment))


def test_the_file_holds_the_people_who_are_shown_and_no_formula(client, programme, coach) -> None:
    a_hand_in(work_on(named(programme, "=1+1", coach)))
    named(programme, "Bram", coach)
    answer = client.get(f"{page_of(programme)}file/?state=waits")
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    headings, *rows = book.active.iter_rows(values_only=True)
    (row,) = rows
    said = dict(zip(headings, row, strict=True))
    assert said["name"] == "=1+1"
    assert book.active["A2"].data_type == "s"
    assert (said["XP"], said["XP in all"], said["XP for the exam"]) == (10, 30, 20)
    assert said["last hand-in"].date() == programme.organisation.day_of(timezone.now())
    lines = client.get(f"{page_of(programme)}file/?as=csv").getvalue().decode("utf-8-sig")
    assert "'=1+1;" in lines
    assert "Bram;" in lines


def test_the_page_of_a_person_leads_a_coach_to_each_hand_in(client, programme, coach) -> None:
    enrolment = a_follower(programme, coach)
    work = work_on(enrolment, 1)
    a_hand_in(work)
    page = client.get(one_of(enrolment)).text
    assert work.get_review_url() in page
    assert ">Review<" in page
    assert "Exempt…" not in page
    assert f"/my-learners/{enrolment.pk}/" in page


def test_the_board_may_exempt_but_reviews_nothing_of_whom_somebody_coaches(
    client, programme, board
) -> None:
    enrolment = a_follower(programme, a_coach(programme))
    a_hand_in(work_on(enrolment, 1))
    client.force_login(board)
    page = client.get(one_of(enrolment)).text
    assert "Exempt…" in page
    assert ">Review<" not in page
    assert f'href="/my-learners/{enrolment.pk}/"' not in page


def test_an_archived_programme_is_not_exempted_from(client, programme, board) -> None:
    enrolment = a_follower(programme)
    Enrolment.objects.filter(pk=enrolment.pk).update(archived_at=timezone.now())
    client.force_login(board)
    assert "Exempt…" not in client.get(one_of(enrolment)).text


def test_who_is_no_coach_there_any_more_sees_nobody(client, programme, coach) -> None:
    enrolment = a_follower(programme, coach)
    Membership.objects.filter(user=coach).delete()
    Membership.objects.create(
        user=coach, organisation=an_exam_programme().organisation, role=Role.COACH
    )
    assert client.get(one_of(enrolment)).status_code == 404
    assert client.get(LIST).context["lines"] == []
