"""Films and what phones make: what they are, read from boxes that are not believed."""

import io
from struct import pack

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from learners.files import file_kinds, films
from learners.files.boxes import MOST_BOXES, Boxes
from learners.files.file_kinds import HEIC, M4A, MP4, QUICKTIME, THREE_GP
from learners.files.films import Tracks
from learners.tests.files.test_keeping import EXE, store
from learners.tests.films import (
    a_film,
    a_photo,
    a_track,
    about_film,
    box,
    brands,
    long_box,
    open_box,
)

H264 = Tracks(frozenset({b"avc1"}), frozenset({b"mp4a"}))
NOTHING = Tracks()
DATA = box(b"mdat", bytes(64))
FILM = about_film(a_track(b"vide", b"avc1"), a_track(b"soun", b"mp4a"))


def kind_of(content, name="a"):
    return file_kinds.kind_of(io.BytesIO(content), name)


def tracks_of(content):
    return films.tracks(io.BytesIO(content))


class CountedFile(io.BytesIO):
    """Counts what is read of it."""

    read_bytes = reads = 0

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        self.read_bytes += len(piece)
        self.reads += 1
        return piece


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (brands(b"heic", b"mif1", b"heic"), HEIC),  # iPhone
        (brands(b"heic", b"mif1", b"MiHB", b"MiHE", b"MiPr", b"miaf", b"tmap", b"heic"), HEIC),
        (brands(b"mif1", b"mif1", b"heic"), HEIC),  # Nokia, Android
        (brands(b"heix", b"mif1", b"heix"), HEIC),  # cameras, 10 bits
        (brands(b"msf1", b"msf1", b"heis"), HEIC),
        (brands(b"mif1", b"mif1", b"avif"), None),
        (brands(b"avif", b"mif1", b"miaf"), None),
        (brands(b"mif1", b"mif1", b"jpeg"), None),
        (brands(b"hevc", b"msf1"), None),
        (brands(b"isom", b"isom", b"iso2", b"avc1", b"mp41"), MP4),
        (brands(b"mp42", b"mp42", b"isom"), MP4),  # Android
        (brands(b"M4V ", b"M4V ", b"mp42"), MP4),
        (brands(b"MSNV", b"MSNV", b"mp42"), MP4),
        (brands(b"XAVC", b"XAVC", b"mp42", b"iso2"), MP4),  # cameras of Sony
        (brands(b"dash", b"iso6"), MP4),
        (brands(b"qt  ", b"qt  "), QUICKTIME),  # iPhone
        (brands(b"3gp4", b"3gp4", b"isom"), THREE_GP),
        (brands(b"3g2a", b"3g2a"), THREE_GP),
        (brands(b"M4A ", b"M4A ", b"mp42"), M4A),  # voice memos of an iPhone
        (brands(b"jp2 ", b"jp2 "), None),
        (brands(b"junk"), None),
        (DATA + FILM, QUICKTIME),  # cameras from before `ftyp`
        (box(b"wide") + long_box(b"mdat", bytes(64)) + FILM, QUICKTIME),
        (box(b"free", bytes(20)) + DATA, None),
        (pack(">I", 5_000) + brands(b"isom", b"mp42")[4:], None),
        (FILM, QUICKTIME),
    ],
    ids=lambda value: value[8:28].decode("latin-1") if isinstance(value, bytes) else "",
)
def test_films_and_pictures_of_phones_are_known_by_what_they_say_they_are(content, kind):
    assert kind_of(content) == kind


@pytest.mark.parametrize("name", ["a.mp4", "a.m4v", "a.MOV", "a.qt", "a.3gp", "a.3gpp", "a.m4a"])
@pytest.mark.parametrize("brand", [b"isom", b"qt  ", b"3gp5", b"M4A "])
@pytest.mark.django_db
def test_a_film_may_have_the_name_of_another_and_keeps_its_true_kind(name, brand):
    stored = store(name, a_film(brand=brand))
    expected = {b"isom": MP4, b"qt  ": QUICKTIME, b"3gp5": THREE_GP, b"M4A ": M4A}[brand]
    if name == "a.m4a" and brand in (b"isom", b"3gp5"):  # recorders of Android
        expected = M4A
    assert (stored.name, stored.kind) == (name, expected.mime)


@pytest.mark.parametrize("name", ["IMG_0001.HEIC", "a.heif", "_DSC0001.HIF"])
@pytest.mark.django_db
def test_a_phones_picture_comes_in_by_its_names(name):
    assert store(name, a_photo()).kind == "image/heic"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("film.exe", a_film(), "name"),
        ("film.html", a_film(), "name"),
        ("film.heic", a_film(), "name"),
        ("foto.jpg", a_photo(), "name"),
        ("foto.mov", a_photo(), "name"),
        ("film.mp4", EXE, "kind"),
        ("foto.heic", b"Not a picture, but words.", "name"),
        ("film.mov", b"wide margins, and free words: no film.", "name"),
    ],
)
@pytest.mark.django_db
def test_what_only_looks_like_one_is_refused(name, content, code):
    with pytest.raises(ValidationError) as refused:
        store(name, content)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (a_film(), H264),
        (a_film(b"hvc1", None), Tracks(frozenset({b"hvc1"}))),
        (a_film(None, b"samr"), Tracks(sounds=frozenset({b"samr"}))),
        (brands(b"isom") + FILM + DATA, H264),
        (brands(b"isom") + long_box(b"mdat", bytes(64)) + FILM, H264),
        (brands(b"isom") + DATA + long_box(b"moov", FILM[8:]), H264),
        (brands(b"isom") + DATA + open_box(b"moov", FILM[8:]), H264),
        (brands(b"qt  ") + box(b"wide") + DATA + box(b"free", bytes(9)) + FILM, H264),
        (about_film(a_track(b"tmcd", b"tmcd"), a_track(b"meta", b"mebx")), NOTHING),
        (about_film(box(b"trak"), box(b"trak", box(b"mdia"))), NOTHING),
        (b"", NOTHING),
        (brands(b"isom"), NOTHING),
        (a_film()[:-20], NOTHING),
    ],
)
def test_a_film_says_how_its_pictures_and_sound_are_written(content, found):
    assert tracks_of(content) == found


@pytest.mark.parametrize(
    "content",
    [
        pack(">I", 0) + b"moov" * 500,
        pack(">I", 7) + b"moov" + FILM,
        pack(">I", 0xFFFFFFFF) + b"moov" + FILM[8:],
        pack(">I", 1) + b"moov" + pack(">Q", 0) + FILM,
        pack(">I", 1) + b"moov" + pack(">Q", 2**64 - 1) + FILM[8:],
        pack(">I", 1) + b"moov",
        box(b"free") * (MOST_BOXES + 1) + FILM,
        box(b"moov", *[box(b"trak")] * (MOST_BOXES + 1), FILM[8:]),
        about_film(box(b"trak", pack(">I", 0xFFFFFF) + b"mdia" + FILM)),
    ],
)
def test_a_film_that_lies_says_nothing(content):
    assert tracks_of(content) == NOTHING
    assert kind_of(content) in (None, QUICKTIME)


def test_boxes_within_boxes_are_not_followed_further_than_a_film_goes():
    deep = b""
    for _level in range(2_000):
        deep = box(b"moov", deep)
    content = CountedFile(deep)
    assert films.tracks(content) == NOTHING
    assert content.reads < 10


def test_only_what_stands_before_boxes_is_read_however_long_the_film_is():
    content = CountedFile(
        brands(b"isom") + box(b"mdat", bytes(20_000_000)) + FILM + box(b"free", bytes(5_000_000))
    )
    assert films.tracks(content) == H264
    assert content.read_bytes < 1_000


def test_no_more_boxes_are_looked_at_than_a_phones_film_has():
    content = CountedFile(about_film(*[a_track(b"vide", b"avc1")] * 50, *[box(b"trak")] * 50_000))
    assert films.tracks(content).pictures == {b"avc1"}
    assert content.reads <= MOST_BOXES + 50


@given(
    st.lists(
        st.tuples(
            st.sampled_from([b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"hdlr"]),
            st.sampled_from([0, 1, 7, 8, 16, 40, 500, 2**31, 2**32 - 1]),
            st.binary(max_size=20),
        ),
        max_size=30,
    )
)
def test_no_content_makes_it_fail(parts):
    content = b"".join(pack(">I", length) + name + more for name, length, more in parts)
    assert isinstance(tracks_of(content), Tracks)
    kind_of(brands(b"heic", b"heic") + content)


def test_a_box_that_is_cut_off_is_the_last_and_says_so():
    boxes = Boxes(io.BytesIO(box(b"free") + box(b"mdat", bytes(50))[:-1]))
    assert [(one.name, one.is_whole) for one in boxes.within(boxes.file)] == [
        (b"free", True),
        (b"mdat", False),
    ]
