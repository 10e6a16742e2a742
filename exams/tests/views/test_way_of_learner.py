"""The way of somebody to their exam, as who coaches them sees it, and releasing the exam."""

import pytest
from django.urls import reverse
from django.utils import timezone

from exams.models import Attempt, Sample
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
    work_on,
)
from learners.enrolling.standing_in import name_stand_in
from learners.models import Role, StudyStatus
from learners.tests.factories import a_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    programme = an_exam_programme(3, needed_xp=20)
    an_exam(programme)
    return programme


@pytest.fixture
def coach(programme, client):
    coach = a_coach(programme, name="Joris De Wachter", language="en")
    client.force_login(coach)
    return coach


@pytest.fixture
def enrolment(programme, coach):
    return one_of(programme, coach)


def one_of(programme, *coaches, name="Lotte Aerts"):
    learner = a_member(Role.LEARNER, programme.organisation, name=name)
    return a_follower(programme, *coaches, learner=learner)


def hand_in(enrolment, *numbers):
    for number in numbers or (1, 2):
        a_hand_in(work_on(enrolment, number), f"Tekst {number}.")


def to(name, enrolment):
    return reverse(f"exams:{name}", args=[enrolment.pk])


def page(client, enrolment):
    return client.get(to("learner_exam", enrolment)).text


def allow_early(programme):
    programme.organisation.early_release = True
    programme.organisation.save()


# The way


def test_each_step_says_whose_turn_it_is(client, enrolment, coach):
    assert "Lotte has 20 XP to go" in page(client, enrolment)
    hand_in(enrolment)
    assert "Lotte can apply for the exam" in page(client, enrolment)
    sample = samples.apply(enrolment=enrolment, by=enrolment.learner).sample
    shown = page(client, enrolment)
    assert "is to be assessed. It is your turn." in shown
    assert sample.get_absolute_url() in shown
    a_decision(sample, coach, 1)
    assert "Lotte improves what was sent back" in page(client, enrolment)
    a_hand_in(sample.items.get(position=1).hand_in.work, "Beter.")
    assert "can ask for a new sample" in page(client, enrolment)
    samples.apply(enrolment=enrolment, by=enrolment.learner)
    assert "is to be drawn. It is your turn." in page(client, enrolment)
    a_decision(samples.draw(enrolment=enrolment, by=coach), coach)
    assert "The exam can be released. It is your turn." in page(client, enrolment)
    releases.release(enrolment=enrolment, by=coach)
    assert "Joris De Wachter" in page(client, enrolment)


def test_a_sample_is_drawn_before_anybody_applied(client, enrolment):
    hand_in(enrolment, 1)
    assert "Draw a sample" in page(client, enrolment)
    answer = client.post(to("sample_draw", enrolment))
    assert answer.url == Sample.objects.get().get_absolute_url()
    assert client.post(to("sample_draw", enrolment)).url == answer.url
    assert Sample.objects.count() == 1


def test_what_keeps_a_sample_from_being_drawn_is_said(client, enrolment):
    assert "Draw a sample" not in page(client, enrolment)
    answer = client.post(to("sample_draw", enrolment), follow=True)
    assert "Nothing was handed in yet, so there is nothing to draw." in answer.text


def test_who_signed_in_again_is_led_back_from_where_the_form_was_sent(client, enrolment):
    assert client.get(to("sample_draw", enrolment)).url == to("learner_exam", enrolment)
    assert not Sample.objects.exists()


def test_strangers_find_nothing_and_learners_are_kept_out(client, enrolment, programme):
    hand_in(enrolment)
    for stranger in (a_coach(programme), a_board_member(an_exam_programme())):
        client.force_login(stranger)
        for name in ("learner_exam", "exam_release"):
            assert client.get(to(name, enrolment)).status_code == 404
        assert client.post(to("sample_draw", enrolment)).status_code == 404
        assert client.post(to("exam_release", enrolment)).status_code == 404
    client.force_login(enrolment.learner)
    assert client.get(to("learner_exam", enrolment)).status_code == 403
    assert not Sample.objects.exists()


def test_the_board_looks_and_acts_alone_where_nobody_coaches(client, enrolment, programme):
    board = a_board_member(programme, language="en")
    client.force_login(board)
    hand_in(enrolment)
    assert "Draw a sample" not in page(client, enrolment)
    assert client.post(to("sample_draw", enrolment)).status_code == 404
    assert client.get(to("exam_release", enrolment)).status_code == 404
    alone = one_of(programme, name="Noor Peeters")
    hand_in(alone)
    assert "Draw a sample" in page(client, alone)
    assert client.post(to("sample_draw", alone)).status_code == 302
    assert Sample.objects.get().drawn_by == board


def test_a_stand_in_acts(client, enrolment, programme, coach):
    other, today = a_coach(programme), programme.organisation.today()
    here = programme.organisation
    dates = {"starts_on": today, "ends_on": today}
    name_stand_in(coach=coach, stand_in=other, organisation=here, by=coach, **dates)
    hand_in(enrolment)
    client.force_login(other)
    assert client.post(to("sample_draw", enrolment)).status_code == 302
    assert Sample.objects.get().drawn_by == other


def test_nobody_acts_for_themselves(client, programme, coach):
    own = a_follower(programme, learner=coach)
    for name in ("learner_exam", "exam_release"):
        assert client.get(to(name, own)).status_code == 404
    assert client.post(to("sample_draw", own)).status_code == 404


# Releasing


def approved(enrolment, coach):
    hand_in(enrolment)
    a_decision(samples.draw(enrolment=enrolment, by=coach), coach)


def test_what_is_released_is_shown_before_and_twice_is_once(client, enrolment, coach):
    approved(enrolment, coach)
    shown = client.get(to("exam_release", enrolment)).text
    for words in ("Part 1", "version 1", "Grade scale", "You cannot take that back"):
        assert words in shown
    assert 'name="reason"' not in shown
    for _twice in range(2):
        answer = client.post(to("exam_release", enrolment))
        assert answer.url == to("learner_exam", enrolment)
    attempt = Attempt.objects.get()
    assert (attempt.released_by, attempt.is_early) == (coach, False)
    assert client.get(to("exam_release", enrolment)).status_code == 302


def test_without_xp_or_a_sample_nothing_is_released_and_what_lacks_is_named(client, enrolment):
    shown = client.get(to("exam_release", enrolment)).text
    assert "20 to go" in shown
    assert "No sample was approved yet." in shown
    assert "does not release exams early" in shown
    answer = client.post(to("exam_release", enrolment), {"reason": "Zij kan het."})
    assert "20 to go" in answer.text
    assert "Zij kan het." in answer.text
    assert not Attempt.objects.exists()


def test_early_asks_for_a_reason_which_shows_afterwards(client, enrolment, programme):
    allow_early(programme)
    assert "is waived" in client.get(to("exam_release", enrolment)).text
    assert "Say why" in client.post(to("exam_release", enrolment), {"reason": " "}).text
    client.post(to("exam_release", enrolment), {"reason": "Zij deed dit al elders."})
    shown = page(client, enrolment)
    assert "Released early" in shown
    assert "Zij deed dit al elders." in shown


def test_without_a_published_exam_that_is_said(client):
    programme = an_exam_programme(2, needed_xp=10)
    coach = a_coach(programme, language="en")
    client.force_login(coach)
    enrolment = one_of(programme, coach)
    approved(enrolment, coach)
    assert (
        "No exam of this programme was published yet"
        in client.get(to("exam_release", enrolment)).text
    )
    answer = client.post(to("exam_release", enrolment))
    assert "No exam of this programme was published yet" in answer.text
    assert not Attempt.objects.exists()


def test_what_is_not_followed_any_more_is_not_released(client, enrolment, coach):
    approved(enrolment, coach)
    type(enrolment).objects.filter(pk=enrolment.pk).update(
        status=StudyStatus.NOT_PASSED, archived_at=timezone.now()
    )
    assert "not followed any more" in client.get(to("exam_release", enrolment)).text
    assert "To the release" not in page(client, enrolment)


# Where it is linked, and what it asks


def test_other_pages_of_a_coach_lead_to_it(client, enrolment, programme):
    link = f'href="{to("learner_exam", enrolment)}"'
    assert link in client.get(f"/my-learners/{enrolment.pk}/").text
    assert link in client.get(f"/my-learners/{enrolment.pk}/assignments/").text
    assert link in client.get(f"/my-learners/progress/{programme.pk}/").text


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_much_for_one_sample_as_for_three(
    client, enrolment, coach, number, django_assert_num_queries
):
    hand_in(enrolment)
    for one in range(number):
        sample = samples.draw(enrolment=enrolment, by=coach)
        a_decision(sample, coach, 1)
        a_hand_in(sample.items.get(position=1).hand_in.work, f"Beter {one}.")
    # the frame's three and the tabs'; whom, standing, the way, samples, whether to act, coaches
    with django_assert_num_queries(15):
        client.get(to("learner_exam", enrolment))
