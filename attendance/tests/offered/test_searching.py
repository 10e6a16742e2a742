"""Finding runs and participants among what somebody gives."""

import pytest

from attendance.offered import searching
from learners.tests.factories import UserFactory, a_participant, a_run, teaches

pytestmark = pytest.mark.django_db


def test_a_teacher_finds_their_participants_and_no_others():
    mine, other = a_run(3), a_run(3)
    teacher = teaches(UserFactory(), mine)
    a_participant(mine, name="Yasmina El Idrissi")
    a_participant(other, name="Yasmina Peeters")
    found = searching.participants_found(teacher, "yasmina")
    assert [place.enrolment.learner.name for place in found] == ["Yasmina El Idrissi"]
