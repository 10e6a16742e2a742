"""The world that benchmarks measure in is one that the product could have made."""

import pytest
from django.db import connection
from django.urls import reverse

from benchmarks import block, measuring, world
from benchmarks.uploads import costs, mishaps, site
from benchmarks.uploads.lines import Line
from benchmarks.uploads.sending import MEGABYTE
from certifications import awarding
from certifications.models import Certificate
from learners.models import Enrolment, Place, PlaceState, Run
from learners.tests.factories import UserFactory
from lms.tests import processes


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


@pytest.mark.django_db(transaction=True)
def test_files_in_pieces_are_measured_and_outlive_what_happens_to_them(broker, tmp_path):
    person, film = site.Person(UserFactory()), site.Film.make(12 * MEGABYTE, tmp_path)
    with (
        site.folder() as fill,
        processes.running_worker(),
        site.running(person, film) as here,
    ):
        costs.warm(here, ["/livez"])
        found = [*costs.memory(here), *costs.queries(person), *mishaps.cut(here)]
        found += [*mishaps.signed_out(here), *mishaps.full(here, fill)]

    assert [str(line) for line in found if not line.is_kept] == []


def test_a_bound_that_is_broken_is_said():
    line = Line("memory", 16.5, 16, "MB more")

    assert not line.is_kept
    assert str(line) == "| memory | 16.5 MB more **broken** | 16 MB more |"
