"""Files in pieces, over tus: each answer of the server."""

import base64
import hashlib

import pytest
from django.core.files.storage import default_storage
from django.core.handlers.wsgi import WSGIRequest
from django.http.request import UnreadablePostError
from django.test import Client
from django.utils import timezone

from learners.limits import Limit
from learners.models import StoredFile, Upload, UploadState
from learners.tests.factories import UserFactory
from learners.tests.uploading.sender import MEGABYTE, Sender, a_film
from learners.uploading import finishing, receiving, room
from learners.uploading.leases import Busy, LeaseLost
from learners.uploading.parts import BytesLost, StorageAway, StorageFull
from learners.views import uploading

pytestmark = pytest.mark.django_db

SIZE = 3 * MEGABYTE + 5


def test_a_file_sent_in_pieces_becomes_a_stored_file_of_its_sender(sender, learner):
    film = a_film(SIZE)
    sender.send_all("film.mp4", film, piece=MEGABYTE)
    finishing.finish_one(Upload.objects.get().pk)

    stored = StoredFile.objects.get()
    assert (stored.name, stored.size, stored.kind) == ("film.mp4", SIZE, "video/mp4")
    assert (stored.owner, stored.claimed_at) == (learner, None)
    assert stored.sha256 == hashlib.sha256(film).hexdigest()
    assert stored.content.read() == film
    assert not Upload.objects.exists()
    told = sender.told()
    assert (told["state"], told["token"]) == ("stored", stored.token)
    assert stored.sha256 in told["row"]


def test_creation_says_where_to_send_and_a_head_how_far_it_is(sender):
    response = sender.begin("film.mp4", SIZE)
    assert response.status_code == 201
    assert response.headers["Tus-Resumable"] == "1.0.0"
    assert sender.there() == 0
    sender.send(a_film(1000), 0)
    assert sender.there() == 1000
    told = sender.told()
    assert {name: told[name] for name in ("state", "offset", "size")} == {
        "state": "receiving",
        "offset": 1000,
        "size": SIZE,
    }


def test_a_file_by_now_says_that_all_of_it_is_there_and_takes_nothing_more(sender):
    film = a_film(SIZE)
    sender.send_all("film.mp4", film)
    finishing.finish_one(Upload.objects.get().pk)
    assert sender.there() == SIZE
    assert sender.send(film[-5:], SIZE - 5).status_code == 409
    StoredFile.objects.update(claimed_at=timezone.now())
    assert sender.send(film[-5:], SIZE - 5).status_code == 404


@pytest.mark.parametrize(
    ("name", "size", "words"),
    [
        ("film.mp4", 0, "empty"),
        ("film.mp4", 100 * MEGABYTE + 1, "at most 100"),
        ("film.exe", 1000, "Possible are: MP4, PDF"),
        ("film", 1000, "Possible are: MP4, PDF"),
    ],
)
def test_what_a_field_does_not_take_is_refused_before_a_byte_is_sent(sender, name, size, words):
    response = sender.begin(name, size)
    assert response.status_code == 422
    assert words in response.json()["words"].replace("\xa0", " ")
    assert not Upload.objects.exists()


def test_a_file_of_exactly_the_limit_is_taken(sender):
    sender.max_size = 1000
    assert sender.begin("film.mp4", 1000).status_code == 201
    assert sender.begin("film.mp4", 1001).status_code == 422


def test_bytes_that_do_not_come_next_are_refused_and_change_nothing(sender):
    film = a_film(3000)
    sender.begin("film.mp4", 3000)
    sender.send(film[:1000], 0)
    for at in (0, 500, 1001, 2000):
        assert sender.send(film[at : at + 10], at).status_code == 409
    assert sender.there() == 1000
    assert sender.send(film[1000:], 1000).status_code == 204


def test_more_bytes_than_the_file_has_are_refused_unread(sender):
    sender.begin("film.mp4", 3000)
    assert sender.send(a_film(3001), 0).status_code == 413
    assert sender.there() == 0


def test_bytes_after_the_last_are_refused(sender):
    sender.send_all("film.mp4", a_film(3000))
    assert sender.send(b"x", 3000).status_code == 413


def test_a_request_of_another_kind_or_version_is_refused(sender, client):
    sender.begin("film.mp4", 3000)
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
    wrong = client.patch(sender.address, b"x", content_type="text/plain", headers=headers)
    assert wrong.status_code == 415
    headers["Tus-Resumable"] = "0.2.2"
    wrong = client.patch(sender.address, b"x", headers=headers)
    assert (wrong.status_code, wrong.headers["Tus-Version"]) == (412, "1.0.0")


def test_a_stranger_is_told_to_sign_in_and_not_led_to_the_door(client):
    assert Sender(client).begin("film.mp4", 1000).status_code == 401


@pytest.mark.parametrize("act", ["there", "send", "told", "compare", "take_away"])
def test_nobody_else_reaches_an_upload(sender, act):
    sender.begin("film.mp4", 3000)
    other = Client()
    other.force_login(UserFactory(is_staff=True))
    theirs = Sender(other)
    theirs.address = sender.address
    given = {"send": (b"x", 0), "compare": ("0" * 64,)}.get(act, ())
    if act == "there":
        assert other.head(sender.address).status_code == 404
    elif act == "told":
        assert other.get(sender.address).status_code == 404
    elif act == "compare":
        theirs.compare(*given)
        assert not Upload.objects.get().sha256
    else:
        assert getattr(theirs, act)(*given).status_code == 404
    assert sender.there() == 0


def test_a_ticket_that_is_not_ours_is_refused(sender):
    assert sender.begin("film.mp4", 1000, ticket="made-up").status_code == 403


@pytest.mark.parametrize("value", ["%%%", base64.b64encode(b"\xff\xfe").decode()])
def test_a_name_that_cannot_be_read_is_refused(sender, client, value):
    headers = {"Upload-Length": "3", "Upload-Metadata": f"filename {value}"}
    assert client.post("/uploads/", headers=headers).status_code == 400


@pytest.mark.parametrize("length", ["", "-1", "1e9", "9" * 16, "ten"])
def test_a_length_that_is_no_number_of_bytes_is_refused(sender, client, length):
    assert client.post("/uploads/", headers={"Upload-Length": length}).status_code == 400


def test_nobody_begins_more_files_than_they_finish(sender):
    for _number in range(room.MOST_UNFINISHED):
        assert sender.begin("film.mp4", 1000).status_code == 201
    assert sender.begin("film.mp4", 1000).status_code == 422
    sender.address = f"/uploads/{Upload.objects.first().token}/"
    sender.take_away()
    assert sender.begin("film.mp4", 1000).status_code == 201


def test_what_is_taken_away_leaves_no_byte(sender):
    sender.begin("film.mp4", 3000)
    sender.send(a_film(1000), 0)
    key = Upload.objects.get().key
    assert default_storage.exists(key)
    assert sender.take_away().status_code == 204
    assert not default_storage.exists(key)
    assert sender.take_away().status_code == 404


def test_a_stored_file_is_taken_away_with_its_bytes(sender, django_capture_on_commit_callbacks):
    sender.send_all("film.mp4", a_film(3000))
    finishing.finish_neglected()
    finishing.finish_one(Upload.objects.get().pk)
    key = StoredFile.objects.get().content.name
    with django_capture_on_commit_callbacks(execute=True):
        assert sender.take_away().status_code == 204
    assert not StoredFile.objects.exists()
    assert not default_storage.exists(key)


def test_an_executable_named_as_a_film_is_refused_with_words_and_no_byte_stays(sender):
    sender.send_all("film.mp4", b"MZ\x90\x00" + bytes(3000))
    upload = Upload.objects.get()
    finishing.finish_one(upload.pk)
    told = sender.told()
    assert (told["state"], told["words"][:23]) == ("refused", "This is not a file that")
    assert not default_storage.exists(upload.key)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("is_first", [True, False])
def test_what_arrived_otherwise_than_the_sender_has_it_is_refused(sender, is_first):
    sender.send_all("film.mp4", a_film(3000))
    upload = Upload.objects.get()
    if is_first:
        assert sender.compare("0" * 64).json()["state"] == "received"
    finishing.finish_one(upload.pk)
    if is_first:
        assert sender.told()["state"] == "refused"
    else:
        assert sender.compare("0" * 64).status_code == 422
    assert not StoredFile.objects.filter(let_go_at=None).exists()


def test_what_arrived_as_the_sender_has_it_stays(sender):
    film = a_film(3000)
    sender.send_all("film.mp4", film)
    finishing.finish_one(Upload.objects.get().pk)
    assert sender.compare(hashlib.sha256(film).hexdigest()).json()["state"] == "stored"


def test_a_page_that_is_loaded_again_hears_what_is_under_way_there(sender, client):
    sender.begin("film.mp4", 3000)
    sender.send(a_film(1000), 0)
    sender.begin("other.mp4", 3000, place="/another/page/ upload")
    said = client.get("/uploads/", {"place": "/a/page/ upload"}).json()
    (begun,) = said["uploads"]
    assert (begun["name"], begun["offset"], begun["size"]) == ("film.mp4", 1000, 3000)
    assert said["csrf"]


def test_who_sends_without_the_token_of_the_page_is_refused(learner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(learner)
    assert Sender(client).begin("film.mp4", 1000).status_code == 403
    assert not Upload.objects.exists()


def test_an_upload_refused_keeps_its_state_where_the_message_comes_twice(sender):
    sender.send_all("film.mp4", b"MZ" + bytes(3000))
    upload = Upload.objects.get()
    finishing.finish_one(upload.pk)
    finishing.finish_one(upload.pk)
    assert Upload.objects.get().state == UploadState.REFUSED


def test_a_nul_in_an_address_or_a_place_is_no_error(sender, client):
    """PostgreSQL keeps none."""
    assert client.get("/uploads/a%00b/").status_code == 404
    assert client.get("/uploads/?place=%00").status_code == 200
    assert sender.begin("film.mp4", 100, place="a\0b").status_code == 201


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (Busy, 423, "another window"),
        (LeaseLost, 423, "another window"),
        (BytesLost(0), 409, ""),
        (StorageFull, 507, "no room"),
        (StorageAway, 503, "cannot be stored at the moment"),
    ],
)
def test_what_stands_in_the_way_is_said_and_passes(sender, monkeypatch, error, status, words):
    def refuse(**_given):
        raise error

    sender.begin("film.mp4", 3000)
    monkeypatch.setattr(receiving, "append", refuse)
    response = sender.send(a_film(1000), 0)
    assert response.status_code == status
    assert words in response.json()["words"]
    assert ("Retry-After" in response.headers) == (status in (503, 507))


def test_nobody_begins_files_faster_than_people_do(sender, monkeypatch):
    monkeypatch.setattr(Limit, "takes", lambda _limit, _who: False)
    response = sender.begin("film.mp4", 3000)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "5")


def test_what_came_before_the_line_broke_is_there(sender, monkeypatch):
    film = a_film(3 * uploading.PIECE)
    sender.begin("film.mp4", len(film))
    reading = WSGIRequest.read
    pieces = []

    def broken(request, *sizes):
        if len(pieces) == 2:
            raise UnreadablePostError("the line broke")
        pieces.append(reading(request, *sizes))
        return pieces[-1]

    with monkeypatch.context() as patched:
        patched.setattr(WSGIRequest, "read", broken)
        sender.send(film, 0)
    assert sender.there() == 2 * uploading.PIECE
