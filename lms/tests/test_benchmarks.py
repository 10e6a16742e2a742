"""The world that benchmarks measure in is one that the product could have made."""

import pytest
from django.db import connection
from django.urls import reverse

from benchmarks import block, measuring, world
from certifications import awarding
from certifications.models import Certificate
from learners.models import Enrolment, Place, PlaceState, Run


@pytest.mark.django_db
def test_a_copy_of_a_block_points_where_the_block_points():
    world.fill(3 * block.ENROLMENTS)

    connection.check_constraints()
    assert Enrolment.objects.count() == 3 * block.ENROLMENTS
    assert Place.objects.filter(state=PlaceState.BOOKED).count() == 600
    people = {Enrolment.objects.participants_of(run).count() for run in Run.objects.all()}
    assert people == {24, 25, 26}
    assert Certificate.objects.count() == 3 * 95
    assert awarding.drain() == 0


@pytest.mark.django_db
def test_pages_are_measured_as_who_is_signed_in_sees_them():
    made = world.fill(block.ENROLMENTS)

    assert made.admin.name in measuring.getter(made.admin, reverse("lms:home"))().text
