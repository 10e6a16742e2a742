"""Pictures: what cannot be drawn does not come in, wherever it is given."""

import io
import os

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile

from learners.evidence import judging
from learners.files import file_kinds, keeping, pictures
from learners.files.file_kinds import GIF, HEIC, JPEG, PNG, WEBP
from learners.forms import MaterialForm
from learners.models import LessonKind, Organisation, StoredFile
from learners.tests.content.test_lesson_form import form_of
from learners.tests.factories import CourseFactory, OrganisationFactory, an_administrator
from learners.tests.films import a_film, a_photo
from learners.tests.pictures import (
    PAGE,
    SIGNATURE,
    a_bomb,
    a_moving_picture,
    a_picture,
    stored_unseen,
    with_scans,
)

pytestmark = pytest.mark.django_db
KINDS = {"PNG": PNG, "JPEG": JPEG, "WEBP": WEBP, "GIF": GIF}
BROKEN = "This picture cannot be shown: it is damaged or cut off. Choose another."
TOO_LARGE = "This picture has more than 75 million pixels; make it smaller."
BAD = {"a page": PAGE, "cut off": a_picture()[:-2000], "a bomb": a_bomb()}


def said_of(content, kind):
    with pytest.raises(ValidationError) as refused:
        pictures.check(io.BytesIO(content), kind)
    return refused.value.messages


@pytest.mark.parametrize(
    ("form", "mode", "options"),
    [
        *(("PNG", mode, {}) for mode in ("1", "L", "LA", "RGB", "RGBA", "I;16")),
        *(("JPEG", mode, {}) for mode in ("L", "RGB", "CMYK")),
        ("JPEG", "RGB", {"progressive": True}),
        ("WEBP", "RGB", {}),
        ("WEBP", "RGBA", {"lossless": True}),
        ("GIF", "L", {}),
        ("PNG", "RGB", {"size": (1, 1)}),
    ],
    ids=str,
)
def test_whole_pictures_are_taken_and_can_be_printed(form, mode, options):
    content, kind = a_picture(form, mode, **options), KINDS[form]
    pictures.check(io.BytesIO(content), kind)
    small = pictures.small(stored_unseen("a", content, kind.mime))
    assert small.startswith(SIGNATURE)


@pytest.mark.parametrize(
    ("form", "kind"), [("PNG", PNG), ("WEBP", WEBP), ("GIF", GIF), ("MPO", JPEG)]
)
def test_pictures_that_move_or_are_several_are_taken(form, kind):
    pictures.check(io.BytesIO(a_moving_picture(form)), kind)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.95])
@pytest.mark.parametrize(("form", "kind"), [("PNG", PNG), ("JPEG", JPEG), ("WEBP", WEBP)])
def test_what_was_cut_off_is_refused_also_where_certificates_are_printed(form, kind, part):
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # as WeasyPrint says on being imported
    whole = a_picture(form)
    assert said_of(whole[: int(len(whole) * part)], kind) == [BROKEN]


@pytest.mark.parametrize("kind", [PNG, JPEG, WEBP, GIF])
def test_no_reader_of_another_kind_is_tried(kind):
    for form in (*KINDS, "BMP", "TIFF"):
        if KINDS.get(form) != kind:
            assert said_of(a_picture(form), kind) == [BROKEN]


def test_something_else_that_begins_as_a_picture_is_refused():
    assert len(PAGE) == 39
    assert said_of(PAGE, PNG) == [BROKEN]
    assert said_of(SIGNATURE + a_picture("JPEG"), PNG) == [BROKEN]


@pytest.mark.parametrize("size", [(50_000, 50_000), (9_000, 9_000)])
def test_a_small_file_that_claims_to_be_very_large_is_refused_before_it_is_unpacked(size):
    assert said_of(a_bomb(*size), PNG) == [TOO_LARGE]


def test_a_webp_takes_more_room_and_may_be_less_large():
    webp = bytearray(a_picture("WEBP", "RGBA", lossless=True))
    assert webp[12:16] == b"VP8L"
    webp[21:25] = (5_999 | 5_999 << 14).to_bytes(4, "little")
    expected = "This picture has more than 25 million pixels; make it smaller."
    assert said_of(bytes(webp), WEBP) == [expected]


def test_a_jpeg_that_goes_through_itself_without_end_is_refused():
    pictures.check(io.BytesIO(with_scans(20)), JPEG)
    assert said_of(with_scans(pictures.MOST_SCANS), JPEG) == [BROKEN]
    segments = b"\xff\xd8" + b"\xff\xfe\0\2" * pictures.MOST_SEGMENTS
    assert said_of(segments + a_picture("JPEG")[2:], JPEG) == [BROKEN]


def test_a_phone_may_put_a_film_behind_a_picture():
    pictures.check(io.BytesIO(a_picture("JPEG") + b"\xff\xda\0\2" * 5_000), JPEG)


def test_a_marker_is_found_where_it_lies_between_two_pieces(monkeypatch):
    monkeypatch.setattr(pictures, "PIECE", 2)
    pictures.check(io.BytesIO(a_picture("JPEG")), JPEG)
    assert said_of(with_scans(pictures.MOST_SCANS), JPEG) == [BROKEN]


@given(st.binary(max_size=300), st.sampled_from([PNG, JPEG, WEBP, GIF]))
def test_no_content_makes_it_fail_otherwise(content, kind):
    beginning = {PNG: SIGNATURE, JPEG: b"\xff\xd8\xff", GIF: b"GIF89a", WEBP: b"RIFF"}[kind]
    with pytest.raises(ValidationError):
        pictures.check(io.BytesIO(beginning + content), kind)


def test_what_is_no_picture_of_ours_is_not_decoded():
    pictures.check(io.BytesIO(b"<svg></svg>"), file_kinds.SVG)
    pictures.check(io.BytesIO(b"%PDF-1.7"), file_kinds.PDF)


def test_a_drawing_is_taken_nowhere_that_it_would_be_shown():
    """An SVG is handed out to be saved, and never drawn by a page or a certificate."""
    for kinds in (file_kinds.IMAGES, judging.KINDS):
        assert not {file_kinds.SVG, file_kinds.GIF} & set(kinds)
    assert file_kinds.SVG.mime not in file_kinds.SHOWN_INLINE


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_nothing_is_stored_of_a_picture_that_is_refused(content):
    upload = SimpleUploadedFile("a.png", content)
    with pytest.raises(ValidationError):
        keeping.store(upload=upload, owner=None, kinds=file_kinds.ALL, max_size=100_000)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
@pytest.mark.parametrize("kind", [LessonKind.PICTURE, LessonKind.FILE])
def test_a_lesson_says_beside_the_field_that_its_picture_is_broken(kind, content):
    fields = {"alt_nl": "Een brug"} if kind == LessonKind.PICTURE else {}
    form = form_of(kind, {"upload": ("a.png", content)}, **fields)
    assert form.errors["upload"] in ([BROKEN], [TOO_LARGE])


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_so_does_the_knowledge_centre(content):
    """Who opens it sees a picture; who put it there can still choose another."""
    data = {"course": CourseFactory().pk, "position": 1, "title": "Poster"}
    form = MaterialForm(data, {"upload": SimpleUploadedFile("a.png", content)})
    form.by = an_administrator()
    assert form.errors["upload"] in ([BROKEN], [TOO_LARGE])


def test_so_does_evidence_which_names_the_file():
    with pytest.raises(ValidationError):
        judging.store(files=[SimpleUploadedFile("a.png", PAGE)], by=an_administrator())


def posted(client, organisation, **changes):
    """Send the form of an institution as it was shown, with these changes."""
    address = reverse("admin:learners_organisation_change", args=[organisation.pk])
    shown = client.get(address).context["adminform"].form.initial
    fields = {name: value for name, value in shown.items() if value not in (None, False)}
    return client.post(address, {**fields, **changes}, follow=True)


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_an_institution_does_not_take_a_broken_logo_and_nothing_typed_is_lost(client, content):
    client.force_login(an_administrator(language="en"))
    organisation = OrganisationFactory()
    logo = SimpleUploadedFile("logo.png", content)
    page = posted(client, organisation, name="Academy North", new_logo=logo)
    form = page.context["adminform"].form
    assert form.errors["new_logo"] in ([BROKEN], [TOO_LARGE])
    assert 'value="Academy North"' in page.text
    assert Organisation.objects.get().logo is None


def test_it_is_said_in_dutch_too(client):
    client.force_login(an_administrator(language="nl"))
    logo = SimpleUploadedFile("logo.png", PAGE)
    page = posted(client, OrganisationFactory(), new_logo=logo)
    (said,) = page.context["adminform"].form.errors["new_logo"]
    assert said.startswith("Deze afbeelding kan niet worden getoond")


def test_a_whole_logo_is_the_logo(client):
    client.force_login(an_administrator())
    organisation = OrganisationFactory()
    posted(client, organisation, new_logo=SimpleUploadedFile("logo.png", a_picture()))
    organisation.refresh_from_db()
    assert organisation.logo.name == "logo.png"


class TestTheStateOfALogo:
    WITHOUT = "This picture cannot be read; certificates are printed without it."
    AWAY = "The storage does not give this picture now"

    def page_of(self, client, content, damage=lambda logo: None):
        client.force_login(an_administrator(language="en"))
        logo = stored_unseen("logo.png", content)
        damage(logo)
        organisation = OrganisationFactory(logo=logo)
        return client.get(reverse("admin:learners_organisation_change", args=[organisation.pk]))

    def test_one_that_cannot_be_read_is_said_to_be_so(self, client):
        page = self.page_of(client, PAGE)
        assert self.WITHOUT in page.text
        assert "logo.png" in page.text

    def test_one_that_is_there_no_more_is_said_to_be_so(self, client):
        def lose(logo):
            default_storage.delete(logo.content.name)

        page = self.page_of(client, a_picture(), lose)
        assert self.WITHOUT in page.text

    def test_nothing_is_said_of_one_that_is_well(self, client):
        page = self.page_of(client, a_picture())
        assert self.WITHOUT not in page.text
        assert self.AWAY not in page.text

    def test_a_storage_that_does_not_answer_breaks_no_page(self, client):
        def turn_into_a_folder(logo):
            path = default_storage.path(logo.content.name)
            os.remove(path)
            os.mkdir(path)

        assert self.AWAY in self.page_of(client, a_picture(), turn_into_a_folder).text


def test_what_was_missing_and_came_back_is_drawn_again():
    content = a_picture()
    stored = stored_unseen("a.png", content)
    name = stored.content.name
    default_storage.delete(name)
    assert pictures.can_be_drawn(stored) is False
    default_storage.save(name, io.BytesIO(content))
    assert pictures.can_be_drawn(stored) is True


def test_a_grey_of_many_shades_is_not_printed_white():
    grey = Image.new("I;16", (8, 8), 32_768)
    out = io.BytesIO()
    grey.save(out, "PNG")
    with Image.open(io.BytesIO(pictures.small(stored_unseen("a.png", out.getvalue())))) as small:
        assert small.getpixel((4, 4)) == (128, 128, 128, 255)


@pytest.mark.parametrize(
    "content",
    [
        a_photo(),
        a_photo((4032, 3024), (512, 512), (160, 120)),
        a_photo((8064, 6048)),
        a_photo(first=b"mif1"),
        a_photo() + b"what some phones put behind a picture",
    ],
)
def test_a_picture_of_a_phone_is_taken_on_what_it_says_and_is_never_drawn(content):
    pictures.check(io.BytesIO(content), HEIC)
    with pytest.raises(pictures.PictureBroken):
        pictures.small(stored_unseen("a.heic", content, HEIC.mime))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (a_photo()[:-1], BROKEN),
        (a_photo()[:150], BROKEN),
        (a_photo()[:147], BROKEN),
        (a_photo()[:30], BROKEN),
        (a_photo((0, 3024)), BROKEN),
        (a_film(brand=b"heic"), BROKEN),
        (a_photo((50_000, 50_000)), TOO_LARGE),
        (a_photo((160, 120), (2**32 - 1, 2**32 - 1)), TOO_LARGE),
    ],
)
def test_one_that_is_cut_off_empty_or_very_large_is_refused(content, said):
    assert said_of(content, HEIC) == [said]


def test_what_is_drawn_and_printed_is_of_a_kind_that_we_draw():
    assert HEIC not in file_kinds.IMAGES
    assert {kind.mime for kind in file_kinds.IMAGES} <= set(pictures.FORMATS)
    assert HEIC in judging.KINDS
