"""What people are told: in both languages, by mail, once."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone, translation

from learners.models import Notification
from learners.telling import notify
from learners.tests.factories import UserFactory

pytestmark = pytest.mark.django_db

COURSE = {"course_nl": "Eerste hulp & AED", "course_en": "First aid"}
BEGINS = {"begins_at": "2026-11-24T18:00:00+00:00"}
KINDS = {
    "enrolled": {"title_nl": "Eerste hulp & AED", "title_en": "First aid"},
    "enrolment_cancelled": {
        "title_nl": "Eerste hulp & AED",
        "title_en": "First aid",
        "reason": "Moved house",
    },
    "meeting_moved": {**COURSE, **BEGINS, "place": "Gent"},
    "meeting_cancelled": {**COURSE, **BEGINS, "place": ""},
    "run_cancelled": {**COURSE, **BEGINS, "chooses": True},
}


def told(kind, language="nl", **params):
    user = UserFactory(language=language)
    message = notify.Message(
        user_id=user.pk,
        organisation_id=None,
        key="k",
        params={**KINDS[kind], **params},
        url="/my-learning/courses/7/",
    )
    notify.tell(kind=f"learners/{kind}", messages=[message])
    return Notification.objects.get(user=user)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_words_in_both_languages(kind, language, settings):
    words = notify.words(told(kind), language)
    title = "Eerste hulp & AED" if language == "nl" else "First aid"
    assert title in words.subject
    assert f"{settings.PUBLIC_URL}/my-learning/courses/7/" in words.body
    assert "\n" not in words.subject
    assert not re.search(r"\{[{%]|&amp;|\n\n\n", words.subject + words.body)


@pytest.mark.parametrize("kind", ["meeting_moved", "meeting_cancelled", "run_cancelled"])
def test_a_moment_is_said_in_full(kind):
    with translation.override("en"):
        assert "Tuesday 24 November 2026 at 19:00" in notify.words(told(kind), "en").body


def test_who_must_choose_is_told_so_and_others_are_not():
    body = {chooses: notify.words(told("run_cancelled", chooses=chooses), "en").body
            for chooses in (True, False)}  # fmt: skip
    assert "If you have not chosen another run yet" in body[True]
    assert "Your enrolment was cancelled with it" in body[False]


@pytest.mark.parametrize("kind", KINDS)
def test_no_message_says_how_things_stand_now_for_that_may_have_changed_since(kind):
    words = notify.words(told(kind), "en")
    said = f"{words.subject} {words.body}"
    assert not re.search(r"You are enrolled|is cancelled|is now on|[Nn]othing is expected", said)


def test_a_title_without_english_falls_back_on_dutch():
    words = notify.words(told("enrolled", title_en=""), "en")
    assert "Eerste hulp & AED" in words.subject


def test_a_run_without_a_day_is_cancelled_in_words_too():
    assert "It would have begun" not in notify.words(told("run_cancelled", begins_at=""), "en").body


def test_mail_goes_out_once_in_the_language_of_who_reads_it():
    notification = told("enrolled", language="en")
    assert [notify.send_due(), notify.send_due()] == [1, 0]
    (sent,) = mail.outbox
    assert sent.subject == "You were enrolled in “First aid”"
    assert sent.to == [notification.user.email]
    assert sent.extra_headers["Message-ID"].endswith("@example.org>")
    notification.refresh_from_db()
    assert notification.mailed_at is not None


def test_who_has_no_address_or_may_not_sign_in_gets_no_mail():
    for fields in ({"email": None}, {"is_active": False}):
        notification = told("enrolled")
        for field, value in fields.items():
            setattr(notification.user, field, value)
        notification.user.save()
    assert notify.send_due() == 0


def test_the_same_key_is_told_once():
    notification = told("enrolled")
    again = notify.Message(user_id=notification.user_id, organisation_id=None, key="k")
    notify.tell(kind="learners/enrolled", messages=[again, again])
    assert Notification.objects.count() == 1


def test_words_that_cannot_be_made_stop_nobody_elses_mail():
    first = told("enrolled")
    Notification.objects.filter(pk=first.pk).update(kind="learners/nobody_wrote_this")
    second = told("enrolled")
    assert notify.send_due() == 1
    assert mail.outbox[0].to == [second.user.email]
    first.refresh_from_db()
    assert (first.failures, first.mailed_at) == (1, None)


def test_what_cannot_be_mailed_is_tried_ten_times_ever_more_rarely_and_then_no_more(time_machine):
    notification = told("enrolled")
    Notification.objects.update(kind="learners/nobody_wrote_this")
    for number, minutes in enumerate((10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120), 1):
        notify.send_due()
        due = timezone.now() + timedelta(minutes=minutes)
        time_machine.move_to(due - timedelta(seconds=1), tick=False)
        notify.send_due()
        notification.refresh_from_db()
        assert notification.failures == number
        time_machine.move_to(due + timedelta(seconds=1), tick=False)
    notify.send_due()
    notification.refresh_from_db()
    assert notification.failures == 10


def test_a_claim_of_a_worker_that_died_is_taken_over_after_a_while():
    told("enrolled")
    Notification.objects.update(claimed_at=timezone.now())
    assert notify.send_due() == 0
    Notification.objects.update(claimed_at=timezone.now() - notify.PATIENCE * 2)
    assert notify.send_due() == 1
