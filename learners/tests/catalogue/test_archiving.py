"""Archiving puts an enrolment aside and changes nothing below it."""

import pytest
from django.utils import translation

from learners.catalogue import archiving
from learners.models import AuditEntry, StudyStatus
from learners.tests.factories import CourseFactory, an_administrator, an_enrolment, with_status

pytestmark = pytest.mark.django_db


def test_archiving_shows_archived_and_keeps_the_status_below():
    enrolment = with_status(an_enrolment(CourseFactory()), StudyStatus.COMPLETED)

    archiving.archive(enrolments=[enrolment], by=an_administrator(), reason="Nieuwe versie")

    enrolment.refresh_from_db()
    assert enrolment.status == StudyStatus.COMPLETED
    with translation.override("en"):
        assert enrolment.shown_status == "archived"


def test_archiving_twice_is_archiving_once():
    enrolment, admin = an_enrolment(CourseFactory()), an_administrator()

    first = archiving.archive(enrolments=[enrolment], by=admin)
    second = archiving.archive(enrolments=[enrolment], by=admin)

    assert (first, second) == ([enrolment], [])
    assert AuditEntry.objects.filter(action="learners.enrolment_archived").count() == 1


def test_what_is_brought_back_stands_as_it_stood():
    enrolment, admin = an_enrolment(CourseFactory()), an_administrator()
    archiving.archive(enrolments=[enrolment], by=admin)

    archiving.bring_back(enrolments=[enrolment], by=admin, reason="Vergissing")

    enrolment.refresh_from_db()
    assert enrolment.archived_at is None
    assert enrolment.status == StudyStatus.ENROLLED


@pytest.mark.parametrize("number", [1, 3])
def test_archiving_takes_as_many_queries_for_one_as_for_three(number, django_assert_num_queries):
    enrolments = [an_enrolment(CourseFactory()) for _ in range(number)]
    admin = an_administrator()

    with django_assert_num_queries(5):
        archiving.archive(enrolments=enrolments, by=admin)
