"""Numbers that pages wrote themselves, and that come back as something else."""

import pytest
from django.urls import reverse

from exams.tests.factories import a_coach, a_follower, a_hand_in, an_exam_programme, work_on

pytestmark = pytest.mark.django_db
NO_NUMBERS = ["9" * 5_000, "\u0663", "²", "-1", "x", ""]


@pytest.mark.parametrize("wrong", NO_NUMBERS, ids=range(len(NO_NUMBERS)))
def test_a_wrong_number_is_as_if_none_was_sent(client, wrong) -> None:
    programme = an_exam_programme(1)
    coach = a_coach(programme)
    work = work_on(a_follower(programme, coach))
    hand_in = a_hand_in(work)
    client.force_login(work.enrolment.learner)
    keep = reverse("exams:draft_keep", args=[work.enrolment_id, work.assignment_id])
    told = client.get(keep, {"revision": wrong}, headers={"Accept": "application/json"})
    assert (told.status_code, "text" in told.json()) == (200, True)
    client.force_login(coach)
    give = reverse("exams:review_give", args=[work.pk])
    said = {"verdict": "approved", "feedback": "Mooi."}
    assert client.post(give, {**said, "number": wrong}).status_code == 404
    given = client.post(give, {**said, "number": hand_in.number, "seen": wrong})
    assert given.status_code == 302
    assert hand_in.reviews.given().count() == 1
    for name in ("review_list", "progress_list"):
        answer = client.get(reverse(f"exams:{name}"), {"page": wrong, "programme": wrong})
        assert answer.status_code == 200
    people = reverse("exams:programme_progress", args=[programme.pk])
    assert client.get(people, {"page": wrong}).status_code == 200
