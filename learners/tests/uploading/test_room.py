"""How much of what somebody sends may lie here that no form uses."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from learners.files import file_kinds
from learners.models import StoredFile, Upload
from learners.tests.at_once import at_once
from learners.tests.factories import UserFactory
from learners.tests.uploading.sender import Sender, a_film
from learners.uploading import finishing, receiving, room
from learners.uploading.fields import UploadsField
from learners.uploading.tickets import Ticket

pytestmark = pytest.mark.django_db

SIZE = 4000
ROOM = 10_000


@pytest.fixture(autouse=True)
def little_room(monkeypatch):
    monkeypatch.setattr(room, "MOST_WAITING", ROOM)


def send(sender: Sender) -> None:
    """Send a film, and let it become a file that no form uses."""
    sender.send_all("film.mp4", a_film(SIZE))
    finishing.finish_one(Upload.objects.get().pk)


def test_what_is_whole_and_used_by_no_form_takes_room(sender):
    send(sender)
    send(sender)
    response = sender.begin("film.mp4", SIZE)
    assert response.status_code == 422
    assert "No form uses 7.8 KB" in response.json()["words"].replace("\xa0", " ")
    assert sender.begin("film.mp4", ROOM - 2 * SIZE).status_code == 201


def test_what_is_still_to_come_takes_the_room_that_was_asked_for(sender):
    assert sender.begin("film.mp4", ROOM - 10).status_code == 201
    assert sender.begin("film.mp4", 11).status_code == 422


def test_what_a_form_uses_was_refused_taken_away_or_is_of_another_takes_none(sender, learner):
    send(sender)
    StoredFile.objects.update(claimed_at=timezone.now())
    send(sender)
    sender.take_away()
    sender.send_all("film.mp4", b"MZ" + bytes(SIZE))
    finishing.finish_one(Upload.objects.get().pk)
    ticket = Ticket((file_kinds.MP4,), ROOM)
    receiving.begin(owner=UserFactory(), name="film.mp4", size=SIZE, ticket=ticket)
    assert sender.begin("film.mp4", ROOM).status_code == 201


def test_what_comes_whole_with_a_form_takes_room_as_well(learner):
    class Form(forms.Form):
        by = learner
        file = UploadsField(kinds=(file_kinds.MP4,), max_size=ROOM, most=5)

    films = [SimpleUploadedFile(f"{n}.mp4", a_film(SIZE)) for n in range(3)]
    form = Form({}, MultiValueDict({"file": films}))
    assert form.errors["file"][0].startswith("2.mp4: ")
    assert StoredFile.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_is_begun_at_once_counts_together():
    owner, ticket = UserFactory(), Ticket((file_kinds.MP4,), ROOM)

    def begin():
        try:
            return receiving.begin(owner=owner, name="film.mp4", size=ROOM - 10, ticket=ticket)
        except ValidationError as refused:
            return refused.code

    assert at_once(*[begin] * 4).count("too_much") == 3
