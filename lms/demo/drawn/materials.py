"""Small real files for the knowledge centres: hand-outs as PDF, a picture as PNG, a link."""

import io
import textwrap

import pydyf
import segno
from django.core.files.uploadedfile import SimpleUploadedFile

from learners.files.file_kinds import Kind

A4 = "0 0 595 842"
MARGIN, TOP, LEADING = 64, 760, 22
TITLE_SIZE, TEXT_SIZE = 20, 12
COLUMNS = 76


def hand_out(title: str, text: str) -> bytes:
    """Return a PDF of one page with a title and a text."""
    document = pydyf.PDF()
    font = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type1",
            "BaseFont": "/Helvetica",
            "Encoding": "/WinAnsiEncoding",
        }
    )
    document.add_object(font)
    page = _written(title, text)
    document.add_object(page)
    document.add_page(
        pydyf.Dictionary(
            {
                "Type": "/Page",
                "Parent": document.pages.reference,
                "MediaBox": pydyf.Array(A4.split()),
                "Contents": page.reference,
                "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary({"F1": font.reference})}),
            }
        )
    )
    written = io.BytesIO()
    document.write(written)
    return written.getvalue()


def _written(title: str, text: str) -> pydyf.Stream:
    stream = pydyf.Stream()
    lines = [(TITLE_SIZE, title), (TEXT_SIZE, ""), *((TEXT_SIZE, line) for line in _wrapped(text))]
    for number, (size, line) in enumerate(lines):
        stream.begin_text()
        stream.set_font_size("F1", size)
        stream.set_text_matrix(1, 0, 0, 1, MARGIN, TOP - number * LEADING)
        stream.show_text_string(_latin(line))
        stream.end_text()
    return stream


def _latin(text: str) -> bytes:
    """The text as the font that every reader has can show it."""
    return text.encode("cp1252", "replace")


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, COLUMNS)


def upload(name: str, content: bytes, kind: Kind) -> SimpleUploadedFile:
    """Return what was made as if somebody uploaded it."""
    return SimpleUploadedFile(name, content, kind.mime)


def picture(address: str) -> bytes:
    """Return a PNG with a QR code that leads to the address."""
    written = io.BytesIO()
    segno.make(address, error="m").save(written, kind="png", scale=8, border=3)
    return written.getvalue()
