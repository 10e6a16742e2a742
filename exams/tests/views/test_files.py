"""The files of drafts and hand-ins, to who may read them."""

import pytest
from django.urls import reverse

from exams.assignments import drafts
from exams.models import DraftFile
from exams.tests.factories import (
    a_board_member,
    a_coach,
    a_follower,
    a_hand_in,
    a_stored_file,
    an_exam_programme,
    work_on,
)
from learners.models import ScanState
from learners.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return an_exam_programme(1)


@pytest.fixture
def coach(programme):
    return a_coach(programme)


@pytest.fixture
def work(programme, coach):
    return work_on(a_follower(programme, coach))


@pytest.fixture
def handed_in(work):
    hand_in = a_hand_in(work, files=(a_stored_file(work.enrolment.learner),))
    return hand_in.files.get()


def status(client, user, url):
    client.force_login(user)
    return client.get(url).status_code


def test_a_file_that_was_handed_in_is_read_by_its_maker_their_coach_and_the_board(
    client, handed_in, work, coach, programme
):
    url = reverse("learners:file_download", args=[handed_in.file_id])
    for reader in (work.enrolment.learner, coach, a_board_member(programme)):
        assert status(client, reader, url) == 200


def test_nobody_else_reads_it(client, handed_in, programme):
    url = reverse("learners:file_download", args=[handed_in.file_id])
    others = (
        UserFactory(),
        a_follower(programme).learner,
        a_coach(programme),
        a_board_member(an_exam_programme(1)),
    )
    for stranger in others:
        assert status(client, stranger, url) == 404


def test_a_file_of_a_draft_is_its_makers_alone(client, work, coach, programme):
    learner = work.enrolment.learner
    drafts.add_files(work=work, files=(a_stored_file(learner),), by=learner)
    url = reverse("learners:file_download", args=[DraftFile.objects.get().file_id])
    assert status(client, learner, url) == 200
    for other in (coach, a_board_member(programme), UserFactory()):
        assert status(client, other, url) == 404


def test_it_may_stand_in_a_frame_of_our_own_pages_alone(client, handed_in, work):
    client.force_login(work.enrolment.learner)
    answer = client.get(reverse("learners:file_framed", args=[handed_in.file_id]))
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]


def test_a_file_in_which_something_harmful_was_found_is_not_sent(client, handed_in, work):
    file = handed_in.file
    file.scan_state = ScanState.INFECTED
    file.save()
    url = reverse("learners:file_download", args=[handed_in.file_id])
    assert status(client, work.enrolment.learner, url) == 404
