import re
import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import IndirectObject
from weasyprint.urls import FatalURLFetchingError

from certifications.certificates import pdf, typefaces
from certifications.certificates.sheet import direction, fitting_size
from certifications.tests.sheets import NAMES, a_sheet
from learners.files.pictures import PictureBroken
from learners.tests.pictures import a_picture, stored_unseen


def printed(**fields):
    return PdfReader(BytesIO(pdf.press().print(a_sheet(**fields))))


def text_of(reader):
    return re.sub(r"\s+", " ", reader.pages[0].extract_text())


def fonts_of(reader):
    fonts = reader.pages[0]["/Resources"]["/Font"]
    return [fonts[name].get_object() for name in fonts]


def tags_of(node, found):
    """Walk the structure of a document, in the order in which it is read."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if not hasattr(node, "get"):
        return found
    if "/S" in node:
        found.append(node)
    kids = node.get("/K", [])
    kids = kids.get_object() if isinstance(kids, IndirectObject) else kids
    for kid in kids if isinstance(kids, list) else [kids]:
        tags_of(kid, found)
    return found


def test_what_is_needed_is_there():
    assert pdf.why_not() == ""


def test_it_is_one_landscape_page_in_its_own_language():
    reader = printed()

    assert len(reader.pages) == 1
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (842, 595)
    assert reader.trailer["/Root"]["/Lang"] == "nl"
    assert reader.metadata.title.endswith("Hulpverlener EHBO · Yasmina El Idrissi")


def test_it_says_everything_in_the_order_in_which_it_is_read():
    said = text_of(printed())
    order = [
        "Vrijwilligersacademie Vlaanderen",
        "Yasmina El Idrissi",
        "Hulpverlener EHBO",
        "12 studiepunten",
        "8 december 2026",
        "7 december 2028",
        "Hilde Verbruggen",
        "Directeur opleidingen",
        "VAV-2026-004217",
        "7F3K-92QX-MB4T",
    ]
    places = [said.replace("- ", "-").find(words) for words in order]
    assert -1 not in places, said
    assert places == sorted(places)


def test_it_is_tagged_and_every_picture_has_words():
    reader = printed()
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]

    tags = tags_of(root["/StructTreeRoot"], [])
    kinds = [tag["/S"] for tag in tags]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 1
    assert "/Link" in kinds
    figures = [tag for tag in tags if tag["/S"] == "/Figure"]
    assert [bool(figure.get("/Alt")) for figure in figures] == [True]


def test_it_says_that_it_is_archivable_and_accessible():
    metadata = printed().trailer["/Root"]["/Metadata"].get_data().decode()

    assert metadata.count("<rdf:RDF") == 1
    assert 'pdfaid:part="3"' in metadata
    assert 'pdfaid:conformance="A"' in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "pdfaSchema:prefix" in metadata


def test_colours_have_their_profile():
    (intent,) = printed().trailer["/Root"]["/OutputIntents"]

    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_data()[36:40] == b"acsp"


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_any_name_fits_on_the_page_with_its_letters_in_it(name):
    reader = printed(learner_name=name, title=name, organisation=name[:120])

    assert len(reader.pages) == 1
    for font in fonts_of(reader):
        (inner,) = font.get("/DescendantFonts", [font])
        descriptor = inner.get_object()["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & descriptor.keys()
        assert re.search("inter|noto|vazirmatn", font["/BaseFont"]), font["/BaseFont"]


@pytest.mark.parametrize("name", ["Олександра", "Ελένη", "Nguyễn", "欧阳娜娜", "김민준"])
def test_letters_can_be_searched_and_copied(name):
    assert name in text_of(printed(learner_name=name)).replace(" ", "")


def characters_of(font):
    """What the glyphs of a font stand for, one text for each."""
    _before, _word, table = font["/ToUnicode"].get_data().decode().partition("beginbfchar")
    return [
        bytes.fromhex(codes).decode("utf-16-be")
        for codes in re.findall(r"^<[0-9a-f]{4}> <([0-9a-f]*)>$", table, re.MULTILINE)
    ]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_each_glyph_says_which_characters_it_stands_for(name):
    """ISO 19005-3, 6.2.11.7: in a map, and not as U+0000, U+FEFF or U+FFFE."""
    for font in fonts_of(printed(learner_name=name)):
        assert not {"", "\0", "\ufeff", "\ufffe"} & set(characters_of(font))


@pytest.mark.parametrize("name", ["Arabic", "Persian", "Urdu"])
def test_no_two_letters_of_a_name_are_drawn_by_one_glyph(name):
    fonts = fonts_of(printed(learner_name=NAMES[name]))
    said = {
        text for font in fonts if "vazirmatn" in font["/BaseFont"] for text in characters_of(font)
    }
    assert set("".join(said)) == set(NAMES[name])
    assert all(len(text) == 1 or text.startswith("ل") for text in said)


def test_the_same_sheet_gives_the_same_bytes():
    assert pdf.press().print(a_sheet()) == pdf.press().print(a_sheet())


ALONE = """
import hashlib, django
django.setup()
from certifications.certificates import pdf
from certifications.tests.sheets import NAMES, a_sheet
from learners.files.pictures import PictureBroken
from learners.tests.pictures import a_picture, stored_unseen
for name in {names}:
    made = pdf.press().print(a_sheet(learner_name=NAMES.get(name, "Noor")))
print(hashlib.sha256(made).hexdigest())
"""


@pytest.mark.parametrize("name", ["plain", "Chinese", "emoji"])
def test_another_process_that_printed_other_things_gives_the_same_bytes(name):
    def checksum(*names):
        code = ALONE.format(names=list(names))
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        return run.stdout.split()[-1]

    assert checksum(name) == checksum("Arabic", "emoji", "long", name)


def test_without_an_end_it_says_so():
    assert "2028" not in text_of(printed(valid_until=None))


def test_a_proof_is_called_so():
    assert "PARTICIPATION" in text_of(printed(kind="proof", language="en")).upper()


@pytest.mark.django_db
def test_a_logo_is_read_once_for_a_batch_and_printed_once_it_is_small():
    logo = stored_unseen("logo.png", a_picture(mode="RGBA", size=(3000, 1000)))
    press = pdf.Press()
    sheet = a_sheet(logo=logo.sha256)
    press.take_up(logo)
    logo.content.storage.delete(logo.content.name)
    press.take_up(logo)
    made = [press.print(sheet) for _ in range(2)]

    assert made[0] == made[1]
    printed = PdfReader(BytesIO(made[0])).pages[0].images
    assert max(picture.image.width for picture in printed) == 640


@pytest.mark.django_db
def test_of_two_that_look_alike_one_that_is_gone_harms_no_other():
    gone, there = (stored_unseen("logo.png", a_picture()) for _ in range(2))
    there.sha256 = gone.sha256
    gone.content.storage.delete(gone.content.name)
    press = pdf.Press()
    for _ in range(2):
        with pytest.raises(PictureBroken):
            press.take_up(gone)
    press.take_up(there)
    assert there.sha256 in press.pictures


def test_it_fetches_nothing_from_anywhere():
    press = pdf.press()
    for address in ("file:///etc/passwd", "http://localhost/", "data:text/css,"):
        with pytest.raises(FatalURLFetchingError, match="fetches nothing"):
            press.fetcher.fetch(address)


def test_a_typeface_that_is_missing_is_never_replaced(monkeypatch, tmp_path):
    press = pdf.Press()
    with monkeypatch.context() as moment:
        moment.setattr(typefaces, "folder", lambda _typeface: tmp_path)
        with pytest.raises(pdf.CannotPrint, match="is missing"):
            press.print(a_sheet(learner_name="Łukasz"))

    assert press.print(a_sheet(learner_name="Łukasz")).startswith(b"%PDF")


def test_the_qr_code_is_always_the_same_and_holds_the_address():
    address = a_sheet().check_url

    assert address.endswith("/c/7F3K-92QX-MB4T/")
    assert pdf.qr_code(address) == pdf.qr_code(address)
    with Image.open(BytesIO(pdf.qr_code(address))) as picture:
        assert picture.size[0] >= 120


def test_longer_names_are_set_smaller():
    sizes = [fitting_size("n" * n, largest=54, smallest=25, width=690) for n in range(1, 150)]

    assert sizes[0] == 54
    assert sizes[-1] == 25
    assert min(sizes) == 25


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Noor", "ltr"), ("ياسمينة", "rtl"), ("(נועה) Noor", "rtl"), ("12 欧", "ltr"), ("", "ltr")],
)
def test_a_text_is_set_in_the_direction_of_its_first_letter(text, expected):
    assert direction(text) == expected


def test_each_letter_has_the_first_family_that_has_it():
    assert typefaces.needed_for("Noor · 12") == []
    assert typefaces.needed_for("Łukasz") == ["inter/latin-ext"]
    assert typefaces.needed_for("ا", "א") == ["noto-sans-hebrew/hebrew", "vazirmatn/arabic"]
