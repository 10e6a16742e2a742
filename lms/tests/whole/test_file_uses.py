"""Every use of files that an app may have: what clearing who uploaded it does to each."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from certifications.models import AssigningJob, Certification
from certifications.tests.factories import a_certification, an_elearning, assigned
from exams.models import Draft, HandIn
from exams.tests.factories import a_follower, an_exam_programme, work_on
from learners.files import file_kinds, file_uses, keeping
from learners.models import (
    ForceMajeure,
    ImportJob,
    LessonKind,
    Material,
    StoredFile,
    StudyStatus,
)
from learners.pseudonyms import NAMELESS
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    UserFactory,
    a_lesson,
    an_administrator,
    an_enrolment,
    with_status,
)
from learners.tests.files.test_keeping import picture
from lms.safety import retention
from lms.tests.own import own_apps

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=8 * 366)
PNG = picture("PNG")


def a_file(owner):
    upload = SimpleUploadedFile("of-yasmina.png", PNG)
    return keeping.store(upload=upload, owner=owner, kinds=[file_kinds.PNG], max_size=10**6)


def a_video(here, **files):
    course = CourseFactory(organisation=here)
    film = keeping.claim(stored=a_file(an_administrator()))
    a_lesson(course, **{"kind": LessonKind.VIDEO, "file": film} | files)


def an_import(here, stored):
    ImportJob.objects.create(organisation=here, file=stored, by=an_administrator())


def a_list(here, stored):
    AssigningJob.objects.create(
        certification=a_certification(an_elearning(organisation=here)),
        file=stored,
        mode="mandatory",
        by=an_administrator(),
    )


def an_excuse(here, stored):
    enrolment = an_enrolment(CourseFactory(organisation=here), stored.owner)
    with_status(enrolment, StudyStatus.WITHDRAWN_INVALID)
    evidence = ForceMajeure.objects.create(
        enrolment=enrolment, submitted_by=stored.owner, number_of_files=1
    )
    evidence.files.create(file=stored)


def an_evidence(here, stored):
    cycle = assigned(a_certification(kind="external", organisation=here), stored.owner)
    cycle.evidence.create().files.create(file=stored)


def a_work(here, stored):
    """Let the person hand something in with this file, in a programme that ended since."""
    programme = an_exam_programme(1, organisation=here)
    enrolment = a_follower(programme, learner=stored.owner)
    with_status(enrolment, StudyStatus.NOT_PASSED)
    work = work_on(enrolment)
    version = work.assignment.versions.get()
    return HandIn.objects.create(work=work, number=1, version=version, text="Zie bijlage.")


def a_draft(here, stored):
    Draft.objects.create(work=a_work(here, stored).work).files.create(file=stored)


def a_remark(here, stored):
    hand_in = a_work(here, stored)
    review = hand_in.reviews.create(by=an_administrator(), feedback="Mooi.")
    review.remarks.create(file=stored, text="Scherp beeld.")


# An example of each field that points to files.
EXAMPLES = {
    "learners.Lesson.file": lambda here, stored: a_video(here, file=stored),
    "learners.Lesson.captions_nl": lambda here, stored: a_video(here, captions_nl=stored),
    "learners.Lesson.captions_en": lambda here, stored: a_video(here, captions_en=stored),
    "learners.Material.file": lambda here, stored: Material.objects.create(
        course=CourseFactory(organisation=here), title="Reader", file=stored
    ),
    "learners.Organisation.logo": lambda here, stored: OrganisationFactory(logo=stored),
    "learners.ImportJob.file": an_import,
    "learners.ForceMajeureFile.file": an_excuse,
    "certifications.Certification.badge": lambda here, stored: a_certification(
        an_elearning(organisation=here), badge=stored
    ),
    "certifications.AssigningJob.file": a_list,
    "certifications.EvidenceFile.file": an_evidence,
    "exams.DraftFile.file": a_draft,
    "exams.HandInFile.file": lambda here, stored: a_work(here, stored).files.create(file=stored),
    "exams.Remark.file": a_remark,
}
USE_OF = {str(field): use for use in file_uses.uses() for field in use.fields}


@pytest.fixture
def here():
    return OrganisationFactory(clears_personal_data=True)


@pytest.fixture
def person(here):
    """Somebody who learned here eight years ago and was not seen since."""
    with time_machine.travel(timezone.now() - LONG_AGO, tick=False):
        person = UserFactory(name="Yasmina El Idrissi")
        course = CourseFactory(organisation=here)
        with_status(an_enrolment(course, person), StudyStatus.COMPLETED)
    return person


@pytest.fixture
def uploaded(here, person):
    """Make an example of a use of a file that this person uploaded."""

    def made(field):
        with time_machine.travel(timezone.now() - LONG_AGO, tick=False):
            stored = keeping.claim(stored=a_file(person))
            EXAMPLES[field](here, stored)
        return stored

    return made


def test_every_field_that_points_to_files_is_spoken_of_once():
    assert file_uses.check_uses() == []
    assert len(USE_OF) == sum(len(use.fields) for use in file_uses.uses())


def test_there_is_an_example_of_each():
    assert set(EXAMPLES) == set(USE_OF)


@pytest.mark.parametrize("field", EXAMPLES)
def test_a_file_that_is_used_is_claimed_and_its_use_is_known(field, uploaded):
    stored = file_uses.with_uses(StoredFile.objects).get(pk=uploaded(field).pk)
    assert file_uses.uses_of(stored) == [USE_OF[field]]


@pytest.mark.parametrize("field", [name for name, use in USE_OF.items() if not use.is_of_person])
def test_what_an_institution_uses_stays_as_it_was_and_has_no_owner(field, uploaded):
    stored = uploaded(field)
    for model in (ImportJob, AssigningJob):
        model.objects.update(created_at=timezone.now())
    assert retention.clear() == 1
    keeping.purge_unclaimed(older_than=timedelta(0))
    kept = StoredFile.objects.get(pk=stored.pk)
    assert (kept.owner, kept.name) == (None, "of-yasmina.png")
    assert kept.claimed_at == stored.claimed_at
    assert kept.content.storage.exists(kept.content.name)


@pytest.mark.parametrize("field", [name for name, use in USE_OF.items() if use.is_of_person])
def test_what_is_about_somebody_goes_with_them(
    field, person, uploaded, django_capture_on_commit_callbacks
):
    stored = uploaded(field)
    storage = stored.content.storage
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.clear() == 1
    assert not StoredFile.objects.filter(pk=stored.pk).exists()
    assert not storage.exists(stored.content.name)


def test_what_somebody_uploaded_and_nothing_uses_goes_with_them(
    person, django_capture_on_commit_callbacks
):
    unclaimed, claimed = a_file(person), keeping.claim(stored=a_file(person))
    with django_capture_on_commit_callbacks(execute=True):
        assert retention.clear() == 1
    assert not StoredFile.objects.exists()
    assert not claimed.content.storage.exists(claimed.content.name)
    assert not unclaimed.content.storage.exists(unclaimed.content.name)


def test_until_it_is_gone_it_names_nobody(person):
    a_file(person)
    retention.clear()
    (stored,) = StoredFile.objects.all()
    assert (stored.name, stored.owner) == (NAMELESS, None)
    assert stored.let_go_at is not None


def test_a_badge_of_who_was_cleared_is_drawn_on(client, uploaded):
    uploaded("certifications.Certification.badge")
    address = f"/badges/{Certification.objects.get().pk}.svg"
    retention.clear()
    keeping.purge_unclaimed(older_than=timedelta(0))
    response = client.get(address)
    assert response["Content-Type"] == "image/png"
    assert b"".join(response.streaming_content) == PNG


def test_a_film_and_a_material_of_who_was_cleared_are_still_read(client, here, uploaded):
    film, reader = uploaded("learners.Lesson.file"), uploaded("learners.Material.file")
    retention.clear()
    keeping.purge_unclaimed(older_than=timedelta(0))
    for course in (film.lessons.get().course, reader.materials.get().course):
        client.force_login(an_enrolment(course).learner)
        one = film if course.lessons.exists() else reader
        assert client.get(f"/files/{one.pk}/").status_code == 200


def test_files_with_people_in_them_go_with_the_years_of_the_institution(
    uploaded, django_capture_on_commit_callbacks
):
    files = [uploaded("learners.ImportJob.file"), uploaded("certifications.AssigningJob.file")]
    ImportJob.objects.update(state="ready")
    AssigningJob.objects.update(state="ready")
    with django_capture_on_commit_callbacks(execute=True):
        retention.clear()
    assert not StoredFile.objects.filter(pk__in=[stored.pk for stored in files]).exists()


def test_whatever_reads_a_file_asks_first_whether_it_may():
    """A file is opened in one place, which refuses what is infected; a certificate is no upload,
    and what has come in in pieces is looked at before it is a file."""
    opens = re.compile(r"default_storage\.open|content\.open|storage\.open\(")
    own = (path for app in own_apps() for path in Path(app.path).rglob("*.py"))
    code = [path.relative_to(settings.BASE_DIR) for path in own if "tests" not in path.parts]
    found = {str(path) for path in code if opens.search((settings.BASE_DIR / path).read_text())}
    assert found == {"learners/models/stored_file.py", "learners/uploading/finishing.py"}
