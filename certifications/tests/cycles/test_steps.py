"""What a cycle asks, line by line, as the page of a certification shows it."""

import re

import pytest

from certifications.tests.factories import a_certification, an_elearning, assigned
from learners.models import Role, StudyStatus
from learners.tests.factories import OrganisationFactory, a_member, an_enrolment, with_status

pytestmark = pytest.mark.django_db


def offered_words(page):
    """Return the words on the buttons that start something, from the top of the page down."""
    return re.findall(r">(Start|Continue)<span", page)


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (None, "Start"),
        (StudyStatus.NOT_STARTED, "Start"),
        (StudyStatus.ENROLLED, "Start"),
        (StudyStatus.STARTED, "Continue"),
    ],
)
def test_the_button_on_top_and_the_one_beside_the_course_say_the_same(client, status, word):
    course = an_elearning(organisation=OrganisationFactory())
    learner = a_member(Role.LEARNER, course.organisation, language="en")
    if status:
        with_status(an_enrolment(course, learner), status)
    cycle = assigned(a_certification(course), learner)
    client.force_login(learner)
    page = client.get(cycle.certification.get_absolute_url()).text
    assert offered_words(page) == [word, word]


def test_each_course_says_whether_it_was_begun_whatever_the_others_are(client):
    here = OrganisationFactory()
    begun, untouched = an_elearning(organisation=here), an_elearning(organisation=here)
    learner = a_member(Role.LEARNER, here, language="en")
    with_status(an_enrolment(begun, learner), StudyStatus.STARTED)
    an_enrolment(untouched, learner)
    cycle = assigned(a_certification(begun, untouched), learner)
    client.force_login(learner)
    page = client.get(cycle.certification.get_absolute_url()).text
    assert offered_words(page)[1:] == ["Continue", "Start"]
