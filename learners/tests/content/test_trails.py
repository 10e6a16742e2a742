"""What follows a course, and the way back, as whoever leads somebody into it laid it."""

import pytest

from learners.content import trails
from learners.tests.factories import (
    CourseFactory,
    ProgrammeFactory,
    UserFactory,
    an_enrolment,
    an_online_course,
)

pytestmark = pytest.mark.django_db


def laid(session, *stops, url="/there/", title="Redder"):
    what = ProgrammeFactory(title_nl=title, title_en="")
    trails.lay(session, what=what, url=url, stops=stops)
    return session


def test_what_was_begun_leads_on_and_what_was_not_leads_back():
    learner = UserFactory()
    here = an_enrolment(an_online_course(), learner)
    elsewhere = an_enrolment(CourseFactory(), learner)
    stops = (
        (here.subject, here),
        (elsewhere.subject, elsewhere),
        (CourseFactory(title_nl="Nog niet"), None),
    )
    trail = trails.trail_of(laid({}, *stops), learner, here)
    assert (trail.title, trail.url) == ("Redder", "/there/")
    assert [stop.url for stop in trail.stops] == [
        f"/my-learning/courses/{here.pk}/lessons/",
        elsewhere.get_absolute_url(),
        "/there/",
    ]
    assert [stop.is_here for stop in trail.stops] == [True, False, False]


def test_the_enrolments_of_others_are_never_shown():
    learner = UserFactory()
    here = an_enrolment(an_online_course(), learner)
    theirs = an_enrolment(an_online_course())
    session = laid({}, (here.subject, here), (theirs.subject, theirs))
    trail = trails.trail_of(session, learner, here)
    assert trail.stops[1].url == "/there/"
    assert not trail.stops[1].is_done


def test_a_course_on_no_trail_has_none():
    learner = UserFactory()
    here, other = (an_enrolment(an_online_course(), learner) for _ in range(2))
    assert trails.trail_of(laid({}, (here.subject, here)), learner, other) is None
    assert trails.trail_of({}, learner, other) is None


def test_the_newest_trail_counts_and_few_are_remembered():
    learner = UserFactory()
    here = an_enrolment(an_online_course(), learner)
    session = {}
    for number in range(9):
        laid(session, (here.subject, here), url=f"/{number}/")
    laid(session, (here.subject, here), url="/8/", title="Anders")
    assert trails.trail_of(session, learner, here).title == "Anders"
    assert len(session[trails.KEY]) == trails.MOST


@pytest.mark.parametrize("number", [1, 3])
def test_a_trail_takes_one_query(number, django_assert_num_queries):
    learner = UserFactory()
    own = [an_enrolment(an_online_course(), learner) for _ in range(number)]
    session = laid({}, *((one.subject, one) for one in own))
    with django_assert_num_queries(1):
        trails.trail_of(session, learner, own[0])
