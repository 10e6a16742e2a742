"""Taking in files: what they are, what they are called, and what becomes of them."""

import hashlib
import io
import unicodedata
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from learners.files import file_kinds, keeping
from learners.models import StoredFile
from learners.tests.factories import OrganisationFactory, UserFactory
from learners.tests.films import a_photo, brands

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04"
MEGABYTE = keeping.MEGABYTE


def archive(*names: str, **contents: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name in names:
            made.writestr(name, "x")
        for name, text in contents.items():
            made.writestr(name, text)
    return content.getvalue()


def picture(kind: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (4, 4)).save(content, kind)
    return content.getvalue()


def office(folder: str, *more: str) -> bytes:
    return archive("[Content_Types].xml", "_rels/.rels", f"{folder}/document.xml", *more)


KNOWN = {
    "a.pdf": PDF,
    "a.png": picture("PNG"),
    "a.jpg": picture("JPEG"),
    "a.webp": picture("WEBP"),
    "a.gif": picture("GIF"),
    "a.mp4": b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2",
    "a.mov": brands(b"qt  ", b"qt  "),
    "a.heic": a_photo(),
    "a.3gp": brands(b"3gp4", b"isom"),
    "a.m4a": brands(b"M4A ", b"mp42"),
    "a.mp3": b"ID3\x04\x00\x00\x00\x00\x00\x00",
    "b.mp3": b"\xff\xfb\x90\x64\x00\x00",
    "a.webm": b"\x1aE\xdf\xa3\x01\x00\x00\x00",
    "a.docx": office("word"),
    "a.xlsx": office("xl"),
    "a.pptx": office("ppt"),
    "a.odt": archive(mimetype="application/vnd.oasis.opendocument.text"),
    "a.zip": archive("holiday.txt"),
    "a.svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "a.vtt": b"WEBVTT\n\n00:00.000 --> 00:01.000\nHallo\n",
    "a.txt": "Één beetje tekst".encode(),
    "a.csv": b"who,what\nme,this\n",
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_kind_is_read_from_the_content(name):
    kind = file_kinds.kind_of(io.BytesIO(KNOWN[name]), name)
    assert name.rpartition(".")[2] in kind.endings


@pytest.mark.parametrize(
    "content",
    [
        EXE,
        b"\x7fELF\x02\x01",
        b"#!/bin/sh\nrm -rf /\n",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"<html><svg></svg></html>",
        office("word", "word/vbaProject.bin"),
        b"PK\x03\x04 and then nothing",
        b"MZ\x90\x00ftypisom\x00\x00\x02\x00isomiso2",
        b"\x00\x01\x02",
        b"text\x00with a hole",
    ],
)
def test_what_is_not_on_the_list_is_nothing(content):
    assert file_kinds.kind_of(io.BytesIO(content), "a.txt") is None


def test_an_archive_that_claims_to_unpack_to_very_much_is_nothing():
    bomb = bytearray(archive("one.txt", "two.txt"))
    for found in _entries(bomb):
        bomb[found + 24 : found + 28] = b"\xfe\xff\xff\xff"
    assert file_kinds.kind_of(io.BytesIO(bytes(bomb)), "a.zip") is None


def _entries(content: bytearray) -> list[int]:
    starts, at = [], content.find(b"PK\x01\x02")
    while at >= 0:
        starts.append(at)
        at = content.find(b"PK\x01\x02", at + 4)
    return starts


def test_an_archive_with_very_many_parts_is_not_even_listed():
    content = bytearray(archive("a.txt"))
    at = content.rfind(b"PK\x05\x06")
    content[at + 10 : at + 12] = b"\xff\xff"
    assert file_kinds.kind_of(io.BytesIO(bytes(content)), "a.zip") is None


@given(st.binary(max_size=200), st.text(max_size=20))
def test_no_content_makes_it_fail(content, name):
    file_kinds.kind_of(io.BytesIO(content), name)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("verslag.pdf", "verslag.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\noor\\foto.png", "foto.png"),
        ("exe.\u202efdp", "exe.fdp"),
        ("a\r\nSet-Cookie: b.pdf", "aSet-Cookie b.pdf"),
        ('<b>"x"|?*.pdf', "bx.pdf"),
        (".pdf", "pdf"),
        ("...", "file"),
        ("   mijn   verslag .pdf", "mijn verslag.pdf"),
        ("e\u0301t\u00e9.pdf", "été.pdf"),
    ],
)
def test_a_name_is_only_a_name(name, safe):
    assert keeping.safe_name(name) == safe


@given(st.text(max_size=400))
def test_every_name_becomes_safe_and_stays_so(name):
    safe = keeping.safe_name(name)
    assert 0 < len(safe) <= keeping.LONGEST_NAME
    assert keeping.safe_name(safe) == safe
    assert not any(unicodedata.category(letter)[0] == "C" or letter in "/\\" for letter in safe)


def store(name: str, content: bytes, kinds=file_kinds.MATERIALS, max_size=MEGABYTE, owner=None):
    upload = SimpleUploadedFile(name, content, content_type="text/html")
    return keeping.store(upload=upload, owner=owner, kinds=kinds, max_size=max_size)


@pytest.mark.django_db
def test_what_is_stored_is_what_was_sent():
    owner = UserFactory()
    stored = store("verslag.pdf", PDF, owner=owner)
    assert (stored.name, stored.size, stored.kind, stored.owner, stored.claimed_at) == (
        "verslag.pdf",
        len(PDF),
        "application/pdf",
        owner,
        None,
    )
    assert stored.sha256 == hashlib.sha256(PDF).hexdigest()
    assert stored.content.read() == PDF
    assert "verslag" not in stored.content.name


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("leeg.pdf", b"", "empty"),
        ("groot.pdf", PDF + b"x" * MEGABYTE, "too_large"),
        ("programma.pdf", EXE, "kind"),
        ("programma.exe", PDF, "name"),
        ("foto.pdf", picture("PNG"), "name"),
        ("film.mp4", KNOWN["a.mp4"], "kind"),
    ],
)
def test_what_cannot_be_used_is_refused_with_words(name, content, code):
    with pytest.raises(ValidationError) as refused:
        store(name, content, kinds=(*file_kinds.DOCUMENTS, *file_kinds.IMAGES))
    assert refused.value.code == code
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_a_claim_keeps_its_first_moment():
    stored = keeping.claim(stored=store("a.pdf", PDF))
    first = stored.claimed_at
    assert keeping.claim(stored=stored).claimed_at == first


@pytest.mark.django_db(transaction=True)
def test_only_what_nobody_claimed_in_time_is_purged_with_its_content():
    kept, young, old = (store("a.pdf", PDF) for _file in range(3))
    keeping.claim(stored=kept)
    past = timezone.now() - timedelta(days=2)
    StoredFile.objects.exclude(pk=young.pk).update(uploaded_at=past)
    assert keeping.purge_unclaimed() == 1
    assert set(StoredFile.objects.all()) == {kept, young}
    storage = old.content.storage
    assert [storage.exists(f.content.name) for f in (kept, young, old)] == [True, True, False]
    assert keeping.purge_unclaimed() == 0


@pytest.mark.django_db(transaction=True)
def test_what_is_let_go_is_gone_at_once_and_nothing_can_claim_it():
    stored = keeping.claim(stored=store("a.pdf", PDF))
    keeping.let_go(files=[stored])
    assert not stored.content.storage.exists(stored.content.name)
    assert not StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_storage_that_refuses_to_delete_one_is_asked_again_and_keeps_no_other(monkeypatch):
    one, other = (keeping.claim(stored=store("a.pdf", PDF)) for _file in range(2))
    storage = one.content.storage
    delete = storage.delete

    def refuse(name):
        if name == one.content.name:
            raise OSError("away")
        delete(name)

    with monkeypatch.context() as patch:
        patch.setattr(storage, "delete", refuse)
        keeping.let_go(files=[one, other])
    assert list(StoredFile.objects.all()) == [one]
    assert keeping.claim(stored=one).claimed_at is None
    assert keeping.purge_unclaimed() == 1
    assert not storage.exists(one.content.name)


@pytest.mark.django_db(transaction=True)
def test_a_purge_that_was_killed_after_the_content_is_taken_up():
    stored = store("a.pdf", PDF)
    StoredFile.objects.update(let_go_at=timezone.now())
    stored.content.storage.delete(stored.content.name)
    assert keeping.purge_unclaimed() == 1


@pytest.mark.django_db(transaction=True)
def test_what_something_points_to_after_all_keeps_its_content():
    stored = store("a.png", picture("PNG"))
    OrganisationFactory(logo=stored)
    StoredFile.objects.update(uploaded_at=timezone.now() - timedelta(days=2))
    assert keeping.purge_unclaimed() == 0
    assert stored.content.storage.exists(stored.content.name)


@pytest.mark.django_db(transaction=True)
def test_what_was_replaced_is_purged_and_what_took_its_place_stays():
    old, new = (keeping.claim(stored=store("a.png", picture("PNG"))) for _file in range(2))
    organisation = OrganisationFactory(logo=old)
    long_ago = timezone.now() - timedelta(days=2)
    StoredFile.objects.filter(pk=old.pk).update(uploaded_at=long_ago, claimed_at=long_ago)
    assert keeping.purge_unclaimed() == 0
    organisation.logo = new
    organisation.save()
    assert keeping.purge_unclaimed() == 1
    assert set(StoredFile.objects.all()) == {new}
    assert not old.content.storage.exists(old.content.name)


@pytest.mark.django_db(transaction=True)
def test_what_something_uses_is_not_let_go():
    stored = keeping.claim(stored=store("a.png", picture("PNG")))
    OrganisationFactory(logo=stored)
    keeping.let_go(files=[stored])
    stored.refresh_from_db()
    assert stored.claimed_at is not None
    assert stored.let_go_at is None


@pytest.mark.django_db
def test_what_is_let_go_is_not_in_use():
    keeping.claim(stored=store("a.pdf", PDF))
    with pytest.raises(IntegrityError, match="stored_file_let_go_is_not_in_use"):
        StoredFile.objects.update(let_go_at=timezone.now())
