"""Files in a bucket: the same pages and the same worker, with S3 in place of a folder."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from certifications.certificates import rendering
from certifications.tests.factories import a_certificate
from learners.files import file_kinds, keeping, ranges, scanning, showing
from learners.models import Material, StoredFile
from learners.tests.clamd import EICAR
from learners.tests.factories import CourseFactory, an_enrolment
from learners.tests.films import a_film, box
from learners.tests.offered.test_file_uses import a_file

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n" + b"x" * 5_000


def test_a_certificate_is_kept_in_the_bucket_and_downloaded_from_it(bucket, client):
    certificate = a_certificate()
    rendering.render_waiting(seconds=60)
    certificate.refresh_from_db()

    (kept,) = bucket.objects.filter(Prefix="certificates/")
    content = kept.get()["Body"].read()
    client.force_login(certificate.learner)
    page = reverse("certifications:certificate_download", args=[certificate.shown_code])
    downloaded = b"".join(client.get(page).streaming_content)

    assert downloaded == content
    assert certificate.file_sha256 == hashlib.sha256(content).hexdigest()


def test_a_material_is_kept_in_the_bucket_and_sent_in_parts(bucket, client):
    enrolment = an_enrolment(CourseFactory(kind="elearning"))
    upload = SimpleUploadedFile("reader.pdf", PDF, "application/pdf")
    stored = keeping.store(
        upload=upload, owner=enrolment.learner, kinds=[file_kinds.PDF], max_size=10_000
    )
    keeping.claim(stored=stored)
    Material.objects.create(course=enrolment.course, title="Reader", file=stored)
    client.force_login(enrolment.learner)

    page = reverse("learners:file_download", args=[stored.pk])
    part = client.get(page, headers={"Range": "bytes=0-3"})

    assert [found.key for found in bucket.objects.all()] == [stored.content.name]
    assert b"".join(part.streaming_content) == b"%PDF"


def test_of_a_film_in_the_bucket_only_what_is_read_travels(bucket, monkeypatch):
    travelled = []

    class Counted(ranges._InBucket):
        def readinto(self, buffer):
            travelled.append(super().readinto(buffer))
            return travelled[-1]

    monkeypatch.setattr(ranges, "_InBucket", Counted)
    film = box(b"wide") + box(b"mdat", bytes(2_000_000)) + a_film(b"hvc1")
    stored = keeping.store(
        upload=SimpleUploadedFile("a.mov", film),
        owner=None,
        kinds=file_kinds.FILMS,
        max_size=10_000_000,
    )
    assert showing.of_stored(stored).as_ is None
    assert "HEVC" in showing.of_stored(stored).words
    assert 0 < sum(travelled) <= 4 * ranges.AT_ONCE


def test_what_lies_in_the_bucket_is_scanned_there(bucket, scanner):
    harmful, large = a_file(content=PDF + EICAR), a_file("large.txt", b"a line of text\n" * 60_000)
    with harmful.open() as content:
        assert content.read() == PDF + EICAR
    assert scanning.scan_waiting(seconds=10) == 2
    states = dict(StoredFile.objects.values_list("pk", "scan_state"))
    assert states == {harmful.pk: "infected", large.pk: "clean"}
    with scanning.open_scanned(StoredFile.objects.get(pk=large.pk)) as content:
        assert len(content.read()) == large.size


def test_what_is_large_is_read_from_the_bucket_by_way_of_a_file(bucket):
    stored = a_file("large.txt", b"a line of text\n" * 60_000)
    with stored.open() as content:
        content.read(1)
        assert content.file._max_size == 5 * 1024 * 1024


def test_what_is_read_about_s3_is_read_once_and_each_thread_has_its_connection(bucket):
    default_storage.prepare()
    with ThreadPoolExecutor(1) as thread:
        other = thread.submit(lambda: default_storage.connection).result()

    assert other is not default_storage.connection
    assert default_storage.session is default_storage._create_session()
