"""What a form says of files that it names, and whose they are."""

import pytest
from django.core.exceptions import ValidationError

from learners.files.file_kinds import MP4, PDF
from learners.models import ScanState, StoredFile, Upload
from learners.tests.factories import UserFactory
from learners.tests.uploading.sender import a_film
from learners.uploading import chosen, finishing, receiving, telling
from learners.uploading.leases import Lease
from learners.uploading.parts import FolderParts, StorageAway
from learners.uploading.tickets import Ticket

pytestmark = pytest.mark.django_db

SIZE = 3000
TAKEN = Ticket((MP4,), 10_000)


@pytest.fixture
def upload():
    owner = UserFactory(language="en")
    return receiving.begin(owner=owner, name="film.mp4", size=SIZE, ticket=TAKEN)


@pytest.fixture
def whole(upload):
    receiving.append(upload=upload, at=0, pieces=[a_film(SIZE)])
    return upload


def said(upload: Upload, ticket: Ticket = TAKEN) -> str:
    """Return what the form says beside its field."""
    with pytest.raises(ValidationError) as refused:
        chosen.read(token=upload.token, owner=upload.owner, ticket=ticket)
    return refused.value.messages[0]


def test_a_file_is_read_by_the_form_of_its_owner_alone(whole):
    stranger = UserFactory(is_staff=True)
    assert chosen.read(token=whole.token, owner=stranger, ticket=TAKEN) is None
    assert chosen.read(token=whole.token, owner=whole.owner, ticket=TAKEN).name == "film.mp4"


def test_a_file_that_is_not_there_in_full_is_named(upload):
    assert said(upload).startswith("“film.mp4” is not there in full; choose it once more")


def test_a_file_that_another_looks_at_is_there_in_a_moment(whole):
    Lease.take(whole, at=SIZE, state=whole.state)
    assert said(whole).startswith("“film.mp4” is there, and is still being looked at.")


def test_so_is_one_that_the_storage_does_not_give_now(whole, monkeypatch):
    def away(*_given):
        raise StorageAway

    monkeypatch.setattr(FolderParts, "complete", away)
    assert said(whole).startswith("“film.mp4” is there, and is still being looked at.")


def test_a_file_that_was_refused_says_why(upload):
    receiving.append(upload=upload, at=0, pieces=[b"MZ" + bytes(SIZE - 2)])
    assert said(upload).startswith("film.mp4: This is not a file that you can use here.")
    assert said(upload).startswith("film.mp4: This is not a file that you can use here.")


def test_a_file_that_another_field_took_is_refused_here(whole):
    finishing.finish(upload=whole)
    assert said(whole, Ticket((PDF,), 10_000)).endswith("Possible are: PDF.")
    assert said(whole, Ticket((MP4,), SIZE - 1)).startswith("This file is 2.9")


def test_a_file_that_was_used_or_taken_away_meanwhile_is_left_out(whole):
    finishing.finish(upload=whole)
    assert chosen.take_away(token=whole.token, owner=whole.owner)
    assert chosen.read(token=whole.token, owner=whole.owner, ticket=TAKEN) is None


def test_what_turns_out_to_be_harmful_is_refused_on_the_page_and_in_the_form(whole):
    finishing.finish(upload=whole)
    StoredFile.objects.update(scan_state=ScanState.INFECTED)
    told = telling.said(whole.owner, whole.token)
    assert (told["state"], told["words"][:33]) == ("refused", "Something harmful was found in th")
    assert "row" not in told
    assert said(whole).startswith("film.mp4: Something harmful was found in this file")
