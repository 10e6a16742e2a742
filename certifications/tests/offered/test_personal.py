"""What is held of somebody for certifications: what they take along, and what is cleared."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from certifications import evidence
from certifications.assigning import taking_back
from certifications.evidence import Facts
from certifications.models import (
    AssigningJob,
    AssigningLine,
    Certificate,
    Cycle,
    Evidence,
    EvidenceFile,
)
from certifications.offered import personal
from certifications.tests.bulk import done, looked_at
from certifications.tests.factories import a_certification, an_elearning, assigned, done_by
from learners.files import keeping
from learners.models import AuditEntry, Role, StoredFile
from learners.pseudonyms import NAMELESS
from learners.tests.factories import OrganisationFactory, UserFactory, a_member, an_administrator

pytestmark = pytest.mark.django_db
NAME = "Yasmina El Idrissi"


@pytest.fixture
def here():
    return OrganisationFactory()


@pytest.fixture
def person(here):
    return a_member(Role.TEACHER, here, name=NAME)


def handed_in(person, here, *names):
    cycle = assigned(a_certification(kind="external", organisation=here), person)
    given = [SimpleUploadedFile(name, b"%PDF-1.7 a proof") for name in names]
    files = evidence.store(files=given, by=person)
    facts = Facts(date(2026, 1, 15), None, "Rode Kruis", "RK-815")
    return evidence.hand_in(cycle=cycle, files=files, by=person, facts=facts)


def clear(person):
    personal.pseudonymise([person.pk], at=timezone.now())


def test_somebody_takes_along_cycles_evidence_and_certificates_and_nothing_of_others(person, here):
    course = an_elearning(organisation=here)
    cycle = assigned(a_certification(course, title_nl="Redder"), person)
    done_by(person, course)
    handed_in(person, here, "front.pdf", "back.pdf")
    handed_in(UserFactory(), here, "theirs.pdf")
    held = personal.export(person)
    assert [row["certification"] for row in held["certifications"]] == ["Redder", "Hulpverlener"]
    assert held["certifications"][0]["completed_on"] == Cycle.objects.get(pk=cycle.pk).completed_on
    (submitted,) = held["proofs"]
    assert (submitted["number"], submitted["issuer"]) == ("RK-815", "Rode Kruis")
    assert submitted["files"] == ["front.pdf", "back.pdf"]
    assert {row["learner_name"] for row in held["certificates"]} == {NAME}
    assert len(held["certificates"]) == Certificate.objects.filter(learner=person).count() == 2


def test_what_others_said_of_somebody_and_their_files_are_cleared(person, here):
    by = an_administrator()
    submitted = handed_in(person, here, "front.pdf", "back.pdf")
    evidence.refuse(evidence=submitted, by=by, reason="Yasmina forgot the back")
    exempt = assigned(a_certification(an_elearning(organisation=here)), person)
    taking_back.exempt(assignments=[exempt.assignment], by=by, reason="Yasmina is a nurse")
    ended = assigned(a_certification(an_elearning(organisation=here)), person)
    taking_back.withdraw(assignments=[ended.assignment], by=by, reason="Yasmina left")
    clear(person)
    assert not EvidenceFile.objects.exists()
    assert StoredFile.objects.filter(owner=person).exclude(claimed_at=None).count() == 0
    said = [
        Evidence.objects.get().reason,
        Cycle.objects.get(pk=exempt.pk).exempted_because,
        Cycle.objects.get(pk=ended.pk).assignment.ended_because,
    ]
    assert said == [NAMELESS] * 3
    assert keeping.purge_unclaimed(older_than=timedelta(0)) == 2
    log = AuditEntry.objects.filter(object_type__startswith="certifications.")
    assert not log.filter(label__contains="Yasmina").exists()
    assert not log.filter(reason__contains="Yasmina").exists()


def test_evidence_that_counts_keeps_the_name_and_what_is_over_loses_it(person, here):
    by = an_administrator()
    counts, over = handed_in(person, here, "a.pdf"), handed_in(person, here, "b.pdf")
    for submitted in (counts, over):
        evidence.accept(evidence=submitted, by=by, facts=Facts(date(2026, 1, 1)))
    evidence.revoke(cycle=over.cycle, by=by, reason="Forged")
    clear(person)
    counts.refresh_from_db()
    over.refresh_from_db()
    assert (counts.learner_name, over.learner_name) == (NAME, NAMELESS)
    assert over.number == ""


def test_lists_of_whom_something_was_assigned_forget_them(person, here):
    other = a_member(Role.TEACHER, here)
    job = done(
        a_certification(an_elearning(organisation=here)),
        group="role",
        role="teacher",
        organisation=here,
    )
    clear(person)
    assert [line.learner for line in job.lines.all()] == [other]


def test_files_of_people_go_with_the_years_of_the_institution(person, here):
    certification = a_certification(an_elearning(organisation=here))
    old = looked_at(certification, file=b"learner\nwho@example.org\n")
    looked_at(certification, file=b"learner\nwho@example.org\n")
    long_ago = timezone.now() - timedelta(days=3_000)
    AssigningJob.objects.filter(pk=old.pk).update(created_at=long_ago)
    before = timezone.now() - timedelta(days=2_000)
    assert personal.forget_files(here, before=before) == 1
    assert personal.forget_files(here, before=before) == 0
    assert AssigningJob.objects.count() == AssigningLine.objects.count() == 1
    assert StoredFile.objects.get(pk=old.file_id).claimed_at is None


def test_the_institution_says_for_how_many_years_files_of_people_are_kept(here):
    here.personal_data_kept_years, here.attendance_kept_years = 3, 9
    looked_at(a_certification(an_elearning(organisation=here)), file=b"learner\nwho@example.org\n")
    for years, left in ((2, 1), (4, 0)):
        personal.forget(here, timezone.now() + timedelta(days=years * 366))
        assert AssigningJob.objects.count() == left
