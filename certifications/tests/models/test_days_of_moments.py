"""What ended or interrupted a cycle has its moment, and its day where the institution is."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from certifications.assigning import taking_back
from certifications.defining import publication
from certifications.models import CertificationAssignment, Cycle
from certifications.tests.factories import a_certification, an_elearning, assigned
from learners.tests.factories import OrganisationFactory, an_administrator

EVENING = datetime(2027, 3, 14, 20, 30, tzinfo=UTC)  # the next day in Auckland
BEFORE = [("certifications", "0008_ends_of_rounds")]


def in_auckland():
    organisation = OrganisationFactory(time_zone="Pacific/Auckland")
    return assigned(a_certification(an_elearning(organisation=organisation)))


def in_curacao():
    organisation = OrganisationFactory(time_zone="America/Curacao")
    return assigned(a_certification(an_elearning(organisation=organisation)))


@pytest.mark.django_db
def test_people_of_several_institutions_are_exempted_each_on_the_day_that_it_is_there():
    cycles = [in_auckland(), in_curacao()]
    with time_machine.travel(EVENING, tick=False):
        taking_back.exempt(
            assignments=[cycle.assignment for cycle in cycles], by=an_administrator(), reason="Ill"
        )
    days = [Cycle.objects.get(pk=cycle.pk).exempted_on for cycle in cycles]
    assert days == [date(2027, 3, 15), date(2027, 3, 14)]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["submitted", "awaited", "exempted", "revoked"])
def test_the_database_refuses_a_moment_without_its_day(name):
    cycles = Cycle.objects.filter(pk=in_auckland().pk)
    for alone in ({f"{name}_at": EVENING}, {f"{name}_on": EVENING.date()}):
        with pytest.raises(IntegrityError, match=f"cycle_{name}_has_its_day"), transaction.atomic():
            cycles.update(**alone)


@pytest.mark.django_db
def test_the_database_refuses_an_assignment_that_ended_at_no_day():
    cycle = in_auckland()
    ended = {"ended_at": EVENING, "ended_as": "withdrawn", "ended_by": an_administrator()}
    mine = CertificationAssignment.objects.filter(pk=cycle.assignment_id)
    with (
        pytest.raises(IntegrityError, match="assignment_ended_has_its_day"),
        transaction.atomic(),
    ):
        mine.update(**ended)


@pytest.mark.django_db(transaction=True)
def test_what_was_there_before_gets_the_day_of_each_of_its_moments():
    there, here = in_auckland(), in_curacao()
    for cycle in (there, here):
        cycle.revoke(EVENING)
    with time_machine.travel(EVENING, tick=False):
        by = an_administrator()
        taking_back.withdraw(assignments=[there.assignment, here.assignment], by=by, reason="Left")
        publication.retire(certifications=[there.certification, here.certification], by=by)
    MigrationExecutor(connection).migrate(BEFORE)
    upgrade = MigrationExecutor(connection)
    upgrade.migrate(upgrade.loader.graph.leaf_nodes("certifications"))
    for cycle, day in ((there, date(2027, 3, 15)), (here, date(2027, 3, 14))):
        cycle.refresh_from_db()
        cycle.assignment.refresh_from_db()
        cycle.certification.refresh_from_db()
        assert (cycle.revoked_on, cycle.exempted_on) == (day, None)
        assert (cycle.assignment.ended_on, cycle.certification.retired_on) == (day, day)
