"""Files in pieces in a bucket: the parts of S3, and the tail that is no whole part yet."""

import pytest
from botocore.exceptions import ClientError
from django.core.files.storage import default_storage

from learners.files import file_kinds
from learners.models import Upload, UploadState
from learners.tests.factories import UserFactory
from learners.tests.uploading.sender import MEGABYTE, a_film
from learners.uploading import finishing, receiving
from learners.uploading.parts import PART, BytesLost
from learners.uploading.tickets import Ticket

pytestmark = pytest.mark.django_db

TICKET = Ticket((file_kinds.MP4,), 100 * MEGABYTE)
SIZE = 12 * MEGABYTE + 7


@pytest.fixture
def film():
    return a_film(SIZE)


@pytest.fixture
def upload(bucket):
    return receiving.begin(owner=UserFactory(), name="film.mp4", size=SIZE, ticket=TICKET)


def send(upload: Upload, film: bytes, end: int) -> None:
    at, piece = upload.offset, 256 * 1024
    body = (film[start : min(start + piece, end)] for start in range(at, end, piece))
    receiving.append(upload=upload, at=at, pieces=body)
    upload.refresh_from_db()


def keys(bucket) -> list[str]:
    return [found.key for found in bucket.objects.all()]


@pytest.mark.parametrize("piece", [PART, MEGABYTE, 7 * MEGABYTE + 3, SIZE])
def test_pieces_of_any_size_become_one_object(bucket, upload, film, piece):
    for end in range(piece, SIZE + piece, piece):
        send(upload, film, min(end, SIZE))
        assert upload.offset == min(end, SIZE)
    stored = finishing.finish(upload=upload)
    assert stored.content.read() == film
    assert keys(bucket) == [stored.content.name]


def test_cut_at_every_tenth_nothing_that_arrived_is_sent_again(bucket, upload, film):
    for tenth in range(1, 11):
        end = SIZE * tenth // 10
        send(upload, film, end)
        assert upload.offset == end
    assert finishing.finish(upload=upload).content.read() == film
    assert len(keys(bucket)) == 1


def test_a_tail_that_nobody_counted_is_not_read(bucket, upload, film):
    send(upload, film, MEGABYTE)
    bucket.put_object(Key=f"{upload.key}.{2 * MEGABYTE}", Body=b"of a process that was killed")
    send(upload, film, SIZE)
    assert finishing.finish(upload=upload).content.read() == film


def test_a_tail_that_is_lost_is_asked_for_again(bucket, upload, film):
    send(upload, film, PART + MEGABYTE)
    bucket.Object(f"{upload.key}.{PART + MEGABYTE}").delete()
    with pytest.raises(BytesLost):
        send(upload, film, SIZE)
    upload.refresh_from_db()
    assert upload.offset == PART
    send(upload, film, SIZE)
    assert finishing.finish(upload=upload).content.read() == film


def test_a_multipart_that_the_bucket_gave_up_begins_anew(bucket, upload, film, monkeypatch):
    send(upload, film, PART)
    client = default_storage.connection.meta.client

    def gone(**_named):
        raise ClientError({"Error": {"Code": "NoSuchUpload"}}, "UploadPart")

    with monkeypatch.context() as patched:  # moto does not tell that it gave one up
        patched.setattr(client, "upload_part", gone)
        with pytest.raises(BytesLost):
            send(upload, film, SIZE)
    upload.refresh_from_db()
    assert upload.offset == 0
    send(upload, film, SIZE)
    assert finishing.finish(upload=upload).content.read() == film


def test_a_tail_that_a_killed_process_left_goes_when_the_whole_is_there(bucket, upload, film):
    send(upload, film, MEGABYTE)
    bucket.put_object(Key=f"{upload.key}.{MEGABYTE + 1}", Body=b"left")
    send(upload, film, SIZE)
    stored = finishing.finish(upload=upload)
    assert keys(bucket) == [stored.content.name]


def test_completing_twice_is_completing_once(bucket, upload, film):
    from learners.uploading.parts import parts

    send(upload, film, SIZE)
    assert upload.state == UploadState.RECEIVED
    parts().complete(upload)
    assert finishing.finish(upload=upload).content.read() == film


def test_what_is_given_up_leaves_nothing(bucket, upload, film):
    send(upload, film, PART + MEGABYTE)
    receiving.give_up(upload=upload)
    assert keys(bucket) == []
    client = default_storage.connection.meta.client
    assert not client.list_multipart_uploads(Bucket=bucket.name).get("Uploads")
