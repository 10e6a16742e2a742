"""The register of what apps offer, and whose turn it is."""

import dataclasses

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation

from learners.hooks import registry
from learners.hooks.offer import Offer
from learners.hooks.pages import NOBODY, Learned, Look, Turn
from learners.models import Role
from learners.tests.factories import OrganisationFactory, UserFactory, a_member, an_administrator


def test_a_typing_error_fails_at_start():
    with pytest.raises(TypeError, match="course_section"):
        Offer(course_section=lambda user, enrolment: [])


@pytest.mark.parametrize("field", dataclasses.fields(Offer), ids=lambda field: field.name)
def test_an_app_that_leaves_something_out_has_it_not(field):
    left_out = getattr(Offer(), field.name)
    answer = left_out(None) if callable(left_out) else left_out
    assert answer in ((), {}, None, Learned())


def test_the_ground_is_asked_first():
    offered = registry.offers()
    assert [offer.nav.__module__ for offer in offered] == [
        "learners.offered.home",
        "certifications.offered.home",
        "exams.offered.home",
        "attendance.offered.home",
    ]


def test_two_apps_that_say_something_of_the_same_are_refused():
    with pytest.raises(ImproperlyConfigured, match="walking"):
        registry.merged([{"walking": Look("good", "a")}, {"walking": Look("late", "b")}])


@pytest.mark.django_db
class TestTurn:
    def test_a_persons_turn_is_theirs_alone(self):
        person = UserFactory()
        assert Turn.of(person).is_of(person)
        assert not Turn.of(person).is_of(an_administrator())

    def test_the_turn_of_a_role_is_of_who_has_it_at_that_institution(self):
        here = OrganisationFactory()
        turn = Turn.at(here, Role.BOARD)
        assert turn.is_of(a_member(Role.BOARD, here))
        assert not turn.is_of(a_member(Role.BOARD, OrganisationFactory()))
        assert not turn.is_of(a_member(Role.COACH, here))

    def test_the_turn_of_an_institution_is_of_its_administrators(self):
        here = OrganisationFactory()
        assert Turn.at(here).is_of(an_administrator())
        assert not Turn.at(here).is_of(a_member(Role.BOARD, here))

    def test_nobody_has_the_ball_until_a_place_is_free(self):
        assert not NOBODY.is_of(an_administrator())

    @pytest.mark.parametrize(
        ("role", "words"),
        [
            (Role.TEACHER, "your teacher"),
            (Role.COACH, "your coach"),
            (Role.ASSESSOR, "an assessor"),
            (Role.BOARD, "the examination board"),
            (None, "your institution"),
        ],
    )
    def test_words_say_who_has_the_ball(self, role, words):
        with translation.override("en"):
            assert Turn(role=role, institution_id=1).words == words
