"""What clearing takes away of registers: what the log says of participants, in names and words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from attendance.models import Attendance, Participation
from attendance.offered import personal
from attendance.tests.factories import mark
from learners import audit, pseudonyms
from learners.models import AuditEntry, StudyStatus
from learners.pseudonyms import NAMELESS
from learners.tests.factories import a_participant, a_run, an_administrator, with_status

pytestmark = pytest.mark.django_db


def noted(enrolment):
    participation = Participation.objects.get(pk=enrolment.pk)
    audit.record(
        action="attendance.participation_changed",
        on=participation,
        by=None,
        changes={"remark": ["", "is often ill"]},
        reason="Noor asked",
    )


def test_the_log_of_participants_loses_names_and_words_and_of_others_keeps_them():
    run = a_run(-7)
    one, other = a_participant(run), a_participant(run)
    noted(one)
    noted(other)
    personal.pseudonymise([one.learner_id], at=timezone.now())
    entries = AuditEntry.objects.filter(action="attendance.participation_changed")
    cleared, kept = entries.get(object_id=one.pk), entries.get(object_id=other.pk)
    assert (cleared.label, cleared.changes, cleared.reason) == (NAMELESS, {}, "")
    assert kept.reason == "Noor asked"


def test_the_ground_leaves_that_log_to_the_app_whose_it_is():
    enrolment = a_participant(a_run(-7))
    noted(enrolment)
    pseudonyms.pseudonymise([enrolment.learner_id], at=timezone.now())
    assert AuditEntry.objects.get(action="attendance.participation_changed").reason == "Noor asked"


@pytest.mark.parametrize(("years", "left"), [(2, 1), (4, 0)])
def test_marks_are_forgotten_after_the_years_that_the_institution_keeps_attendance(years, left):
    run = a_run(-7)
    organisation = run.course.organisation
    organisation.attendance_kept_years, organisation.personal_data_kept_years = 3, 9
    enrolment = a_participant(run)
    mark(run, an_administrator(), run.meetings.get(), present=[enrolment])
    with_status(enrolment, StudyStatus.COMPLETED)
    personal.forget(organisation, timezone.now() + timedelta(days=years * 366))
    assert Attendance.objects.count() == left
