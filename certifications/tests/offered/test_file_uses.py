"""What certifications use files for, and who reads which."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile

from certifications import evidence
from certifications.evidence import Facts
from certifications.models import Certification
from certifications.tests.bulk import looked_at
from certifications.tests.factories import a_certification, an_elearning, assigned
from learners.files import file_kinds, file_uses, keeping
from learners.models import Role, ScanState, StoredFile
from learners.tests.factories import OrganisationFactory, UserFactory, a_member, an_administrator
from learners.tests.pictures import a_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return OrganisationFactory()


def a_badge(certification):
    upload = SimpleUploadedFile("badge.png", a_picture())
    stored = keeping.store(
        upload=upload, owner=UserFactory(), kinds=[file_kinds.PNG], max_size=keeping.MEGABYTE
    )
    certification.badge = keeping.claim(stored=stored)
    certification.save()
    return stored


def some_evidence(here, learner):
    cycle = assigned(a_certification(kind="external", organisation=here), learner)
    given = [SimpleUploadedFile("proof.pdf", b"%PDF-1.7 a proof")]
    files = evidence.store(files=given, by=learner)
    submitted = evidence.hand_in(cycle=cycle, files=files, by=learner, facts=Facts())
    return submitted.files.get()


def infected(stored):
    StoredFile.objects.filter(pk=stored.pk).update(scan_state=ScanState.INFECTED)


def granted(*codenames):
    clerk = UserFactory(is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return clerk


def reads(who, stored):
    return file_uses.files_for(who).filter(pk=stored.pk).exists()


def test_a_badge_is_for_everybody_once_it_is_published(here):
    certification = a_certification(an_elearning(organisation=here))
    badge = a_badge(certification)
    assert reads(UserFactory(), badge)
    Certification.objects.update(published_at=None)
    assert not reads(UserFactory(), badge)
    assert not reads(badge.owner, badge)
    assert reads(granted(), badge)


def test_a_file_of_people_is_for_who_may_see_what_was_assigned_to_many(here):
    job = looked_at(
        a_certification(an_elearning(organisation=here)), file=b"learner\nwho@example.org\n"
    )
    assert reads(granted("view_assigningjob"), job.file)
    assert reads(an_administrator(), job.file)
    assert not reads(granted("view_importjob", "view_storedfile"), job.file)
    assert not reads(UserFactory(), job.file)


def test_evidence_is_for_who_handed_it_in_and_who_judges_it(here, client):
    learner = a_member(Role.TEACHER, here)
    one = some_evidence(here, learner)
    certification = one.evidence.cycle.certification
    judge, other = a_member(Role.TEACHER, here), a_member(Role.TEACHER, here)
    certification.approvers.add(judge)
    for who, may in (
        (learner, True),
        (judge, True),
        (granted(), True),
        (other, False),
        (a_member(Role.COACH, here), False),
    ):
        assert reads(who, one.file) is may
        client.force_login(who)
        statuses = {
            client.get(address).status_code
            for address in (f"/files/{one.file_id}/", f"/proofs/files/{one.pk}/")
        }
        assert statuses == ({200} if may else {404})


def test_who_was_named_to_judge_and_works_there_no_more_reads_no_evidence(here):
    one = some_evidence(here, UserFactory())
    judge = a_member(Role.TEACHER, here)
    one.evidence.cycle.certification.approvers.add(judge)
    judge.memberships.all().delete()
    assert not reads(judge, one.file)


def test_infected_evidence_is_opened_nowhere(here, client):
    one = some_evidence(here, UserFactory())
    infected(one.file)
    for who in (an_administrator(), one.evidence.learner):
        client.force_login(who)
        for address in (f"/files/{one.file_id}/", f"/proofs/files/{one.pk}/"):
            assert client.get(address).status_code == 404


def test_in_place_of_an_infected_badge_one_is_drawn(here, client):
    certification = a_certification(an_elearning(organisation=here))
    badge = a_badge(certification)
    address = f"/badges/{certification.pk}.svg"
    assert client.get(address)["Content-Type"] == "image/png"
    infected(badge)
    assert client.get(address)["Content-Type"] == "image/svg+xml"
