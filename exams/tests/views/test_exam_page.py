"""An exam that was released, as its learner opens, starts and reads it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exams.models import (
    Attempt,
    ExamKind,
    ExamPart,
    ExpectedFile,
    FileSort,
    InstructionPage,
    PartKind,
)
from exams.releasing import releases
from exams.sampling import samples
from exams.tests.factories import (
    a_board_member,
    a_coach,
    a_decision,
    a_follower,
    a_hand_in,
    an_exam,
    an_exam_programme,
    long_ago,
    work_on,
)
from learners.models import Enrolment, Role, StudyStatus
from learners.tests.factories import UserFactory, a_member, an_administrator

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    programme = an_exam_programme(1)
    here = programme.organisation
    here.early_release = True
    here.save()
    return programme


@pytest.fixture
def coach(programme):
    return a_coach(programme)


def released(programme, coach, client, **exam) -> Attempt:
    """Release an exam early to somebody who is signed in."""
    an_exam(programme, **exam)
    learner = a_member(Role.LEARNER, programme.organisation, language="en")
    enrolment = a_follower(programme, coach, learner=learner)
    client.force_login(learner)
    return releases.release(enrolment=enrolment, by=coach, reason="Kan het al.")


@pytest.fixture
def attempt(programme, coach, client) -> Attempt:
    return released(programme, coach, client, parts=2, pages=2)


def start(client, attempt):
    return client.post(reverse("exams:exam_start", args=[attempt.enrolment_id]))


def page_of(attempt, number, part=1) -> str:
    key = attempt.exam.parts.order_by("position")[part - 1].pk
    return reverse("exams:instruction_detail", args=[attempt.enrolment_id, key, number])


def test_it_says_its_parts_and_how_long_they_take_and_offers_to_start(client, attempt):
    attempt.exam.parts.filter(position=2).update(minutes=90, kind=PartKind.APPOINTMENT)
    text = client.get(attempt.get_absolute_url()).text
    assert "<h1>Exam</h1>" in text
    assert "about 1 hour<" in text
    assert "about 1 hour 30 minutes" in text
    assert "There is no time limit, and nobody watches it." in text
    assert "Opens when your assessor invites you." in text
    assert "Your coach released this exam to you early." in text
    assert "Kan het al." not in text
    assert "Start exam" in text
    assert reverse("exams:exam_start", args=[attempt.enrolment_id]) in text


def test_feedback_is_not_offered_where_nothing_was_decided(client, attempt):
    feedback = reverse("exams:exam_feedback", args=[attempt.enrolment_id])
    assert feedback not in client.get(attempt.get_absolute_url()).text


def test_feedback_comes_before_the_parts(client, programme, coach):
    an_exam(programme)
    learner = a_member(Role.LEARNER, programme.organisation, language="en")
    enrolment = a_follower(programme, coach, learner=learner)
    a_hand_in(work_on(enrolment))
    a_decision(samples.draw(enrolment=enrolment, by=coach), coach, 1)
    attempt = releases.release(enrolment=enrolment, by=coach, reason="Kan het al.")
    client.force_login(learner)
    text = client.get(attempt.get_absolute_url()).text
    feedback = reverse("exams:exam_feedback", args=[enrolment.pk])
    assert "Read the feedback of your coach first" in text
    assert text.index(feedback) < text.index("What you do") < text.index("Start exam")


def test_whoever_signed_in_again_on_the_way_to_the_start_gets_to_the_exam(client, attempt):
    address = reverse("exams:exam_start", args=[attempt.enrolment_id])
    assert client.get(address).headers["Location"] == attempt.get_absolute_url()
    attempt.refresh_from_db()
    assert attempt.started_at is None


def test_starting_leads_to_the_first_page_and_is_done_once(client, attempt):
    assert start(client, attempt).headers["Location"] == page_of(attempt, 1)
    attempt.refresh_from_db()
    first = attempt.started_at
    assert first is not None
    assert start(client, attempt).headers["Location"] == page_of(attempt, 1)
    attempt.refresh_from_db()
    assert attempt.started_at == first
    text = client.get(attempt.get_absolute_url()).text
    assert "Start exam" not in text
    assert page_of(attempt, 1) in text


def test_the_instruction_is_read_page_by_page_to_what_is_handed_in(client, attempt):
    start(client, attempt)
    first = client.get(page_of(attempt, 1)).text
    assert "page 1 of 3" in first
    assert "Lees <strong>goed</strong> 1." in first
    assert f'rel="next" href="{page_of(attempt, 2)}"' in first
    assert 'rel="prev"' not in first
    second = client.get(page_of(attempt, 2)).text
    assert f'rel="prev" href="{page_of(attempt, 1)}"' in second
    last = client.get(page_of(attempt, 3)).text
    assert 'rel="next"' not in last
    assert "You cannot hand in here yet." in last
    assert "Report" in last
    assert "10 files at most, each of 100 MB at most." in last


def test_the_last_page_says_which_kinds_are_taken_and_what_helps(client, attempt):
    start(client, attempt)
    part = attempt.exam.parts.order_by("position")[0]
    part.expected_files.update(sort=FileSort.FILM)
    ExpectedFile.objects.create(part=part, title_nl="Foto", sort=FileSort.PICTURE, is_required=0)
    text = client.get(page_of(attempt, 3)).text
    assert "MP4, MOV, 3GP, WEBM" in text
    assert f"{reverse('learners:smaller_film')}?most=104857600" in text
    assert "Many browsers do not show HEIC." in text
    assert "PDF" not in text
    assert "Optional" in text
    part.expected_files.update(sort=FileSort.ANY)
    text = client.get(page_of(attempt, 3)).text
    assert "PDF" in text
    assert "ZIP" in text


def test_the_instruction_of_an_appointment_ends_with_its_last_page(client, programme, coach):
    attempt = released(programme, coach, client)
    attempt.exam.parts.update(kind=PartKind.APPOINTMENT)
    start(client, attempt)
    assert "page 2 of 2" in client.get(page_of(attempt, 2)).text
    assert client.get(page_of(attempt, 3)).status_code == 404


def test_a_text_that_is_only_there_in_dutch_says_so_to_screen_readers(client, attempt):
    start(client, attempt)
    assert '<div class="card-body prose" lang="nl">' in client.get(page_of(attempt, 1)).text
    InstructionPage.objects.update(text_en="Read it.")
    assert '<div class="card-body prose" lang="en">' in client.get(page_of(attempt, 1)).text


@pytest.mark.parametrize("number", [0, 4, 99])
def test_there_is_no_page_beyond_the_last(client, attempt, number):
    start(client, attempt)
    assert client.get(page_of(attempt, number)).status_code == 404


def test_a_part_of_another_exam_is_not_there(client, attempt):
    start(client, attempt)
    other = ExamPart.objects.get(pk=an_exam(an_exam_programme(1)).parts.get().pk)
    address = reverse("exams:instruction_detail", args=[attempt.enrolment_id, other.pk, 1])
    assert client.get(address).status_code == 404


def test_nothing_is_read_before_the_start_and_the_second_part_waits(client, attempt):
    detail = attempt.get_absolute_url()
    assert client.get(page_of(attempt, 1)).headers["Location"] == detail
    start(client, attempt)
    assert client.get(page_of(attempt, 1)).status_code == 200
    assert client.get(page_of(attempt, 1, part=2)).headers["Location"] == detail


def test_without_a_subscription_it_says_so_and_leads_to_it(client, attempt, programme):
    here = programme.organisation
    here.programmes_need_subscription = True
    here.save()
    page = client.get(attempt.get_absolute_url()).text
    assert "You need a subscription to go on. The exam stays released to you." in page
    assert f'href="{attempt.enrolment.get_absolute_url()}#subscription"' in page
    assert "Start exam" not in page
    assert start(client, attempt).headers["Location"] == attempt.get_absolute_url()
    attempt.refresh_from_db()
    assert attempt.started_at is None
    here.programmes_need_subscription = False
    here.save()
    start(client, attempt)
    here.programmes_need_subscription = True
    here.save()
    assert client.get(page_of(attempt, 1)).headers["Location"] == attempt.get_absolute_url()


def lapsed(enrolment):
    Enrolment.objects.filter(pk=enrolment.pk).update(
        status=StudyStatus.TERM_LAPSED, term_ends_on=timezone.localdate() - timedelta(days=9)
    )


def withdrawn(enrolment):
    Enrolment.objects.filter(pk=enrolment.pk).update(status=StudyStatus.WITHDRAWN_VALID)


def archived(enrolment):
    enrolment.programme.archived_at = long_ago()
    enrolment.programme.save()


def archived_for_the_learner(enrolment):
    Enrolment.objects.filter(pk=enrolment.pk).update(archived_at=long_ago())


@pytest.mark.parametrize("closes", [lapsed, withdrawn, archived, archived_for_the_learner])
def test_nothing_else_closes_it(client, attempt, closes):
    closes(attempt.enrolment)
    assert "Start exam" in client.get(attempt.get_absolute_url()).text
    start(client, attempt)
    assert client.get(page_of(attempt, 1)).status_code == 200


def test_one_that_is_taken_elsewhere_says_so_and_has_no_start(client, programme, coach):
    kind = {"kind": ExamKind.OUTSIDE, "announcement_nl": "Neem je **pas** mee."}
    attempt = released(programme, coach, client, parts=0, **kind)
    text = client.get(attempt.get_absolute_url()).text
    assert "This exam is taken elsewhere." in text
    assert "Neem je <strong>pas</strong> mee." in text
    assert "Start exam" not in text
    assert start(client, attempt).headers["Location"] == attempt.get_absolute_url()


def test_without_a_release_there_is_no_exam(client, programme, coach):
    an_exam(programme)
    enrolment = a_follower(programme, coach)
    client.force_login(enrolment.learner)
    detail = reverse("exams:exam_detail", args=[enrolment.pk])
    assert client.get(detail).status_code == 404
    assert client.post(f"{detail}start/").status_code == 404


@pytest.mark.parametrize("who", ["stranger", "coach", "board", "administrator"])
def test_nobody_else_opens_or_starts_it(client, attempt, programme, coach, who):
    people = {
        "stranger": UserFactory,
        "coach": lambda: coach,
        "board": lambda: a_board_member(programme),
        "administrator": an_administrator,
    }
    client.force_login(people[who]())
    pages = [attempt.get_absolute_url(), page_of(attempt, 1)]
    assert [client.get(page).status_code for page in pages] == [404, 404]
    assert start(client, attempt).status_code == 404
    attempt.refresh_from_db()
    assert attempt.started_at is None


@pytest.mark.parametrize("parts", [1, 3])
def test_a_page_asks_as_much_for_more_parts_and_pages(
    client, programme, coach, parts, django_assert_num_queries
):
    attempt = released(programme, coach, client, parts=parts, pages=parts)
    with django_assert_num_queries(6):
        client.get(attempt.get_absolute_url())
    with django_assert_num_queries(9):
        start(client, attempt)
    with django_assert_num_queries(7):
        client.get(page_of(attempt, 1))
    with django_assert_num_queries(8):
        client.get(page_of(attempt, parts + 1))
