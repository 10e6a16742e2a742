"""From a sheet to a PDF: archivable (PDF/A-3a), accessible (PDF/UA-1), and always the same bytes.

WeasyPrint stands on Pango, which some machines lack. Then nothing breaks: certificates wait.
"""

import io
import logging
import os
import re
from collections.abc import Callable, Iterable
from functools import cache
from types import ModuleType
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string

from certifications.certificates import badges, guilloche, typefaces
from certifications.certificates.sheet import Sheet
from learners.files import pictures
from learners.models import StoredFile

logger = logging.getLogger(__name__)

VARIANT = "pdf/a-3a"
GENERATOR = "Mijlpaal"
QR_MASK = 4  # which of the eight is best takes long to find out, and they read alike

# That it is PDF/UA as well; PDF/A wants what it does not know itself to be described.
ACCESSIBLE = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA part</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
NO_WIDTH = rb"\1 <200b>"
END_OF_METADATA = b"</rdf:RDF>"


class CannotPrint(Exception):
    """Something that a certificate needs is missing; it is not made without."""


class StillRefused(Exception):
    """The storage did not give this picture a moment ago, and was not asked again."""


def why_not() -> str:
    """Say what is missing to make PDFs; '' where nothing is."""
    if not typefaces.are_there():
        return "the typefaces are missing: install the front-end libraries"
    try:
        _weasyprint()
    except OSError as missing:
        return str(missing).partition("\n")[0]
    return ""


def _weasyprint() -> ModuleType:
    """Import it where it is used: a page never needs it, and it takes long."""
    import weasyprint

    return weasyprint


class Press:
    """Prints sheets. Keep one while the worker lives, and `clean` it after a batch."""

    def __init__(self) -> None:
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError

        os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # or fonts would hold the time of printing
        self.weasyprint = _weasyprint()
        self.fonts = FontConfiguration()
        self.images: dict[str, Any] = {}
        self.pictures: dict[str, bytes] = {}
        self.failures: dict[int, Exception] = {}
        self.families: set[str] = set()
        self.missing = FatalURLFetchingError
        self.fetcher = self._fetcher()
        self._take_up([typefaces.BASE])
        style = settings.BASE_DIR / "templates" / "certifications" / "certificate.css"
        self.style = self.weasyprint.CSS(string=style.read_text(), font_config=self.fonts)

    def clean(self) -> None:
        """Forget pictures, which would pile up, and what was wrong with any."""
        self.images.clear()
        self.pictures.clear()
        self.failures.clear()

    def take_up(self, picture: StoredFile) -> None:
        """Have a picture ready under the name that a sheet has for it; read once for a batch.

        Raises `PictureBroken`, and what the storage says that does not give it: that is asked once
        for a batch too, and then `StillRefused`.
        """
        if picture.pk in self.failures:
            raise self.failures[picture.pk]
        if picture.sha256 in self.pictures and not picture.is_infected:
            return
        try:
            self.pictures[picture.sha256] = pictures.small(picture)
        except pictures.PictureBroken as broken:
            self.failures[picture.pk] = broken
            raise
        except Exception:
            self.failures[picture.pk] = StillRefused(picture.name)
            raise

    def print(self, sheet: Sheet) -> bytes:
        """Return the PDF, with the pictures that were taken up.

        Raises `CannotPrint` where a typeface or a picture is missing.
        """
        if sheet.badge.startswith("#"):
            self.pictures[sheet.badge[1:]] = badges.printed(sheet.badge).encode()
        page = self.html(sheet)
        html = self.weasyprint.HTML(string=page, url_fetcher=self.fetcher)
        options = {"pdf_variant": VARIANT, "cache": self.images}
        try:
            document = html.render(font_config=self.fonts, stylesheets=[self.style], **options)
        except self.missing as missing:
            raise CannotPrint(str(missing)) from missing
        _say_accessible(document.metadata)
        self.pictures.pop("qr", None)
        self.images.pop("certificate:qr", None)
        return document.write_pdf(finisher=_finish(sheet.colour), **options)

    def html(self, sheet: Sheet) -> str:
        """Return the page that is printed, having taken up what it needs."""
        families = typefaces.needed_for(*sheet.texts)
        self._take_up(families)
        self.pictures["qr"] = qr_code(sheet.check_url)
        names = [typefaces.css_name(family) for family in (typefaces.BASE, *families)]
        context = {
            "sheet": sheet,
            "words": sheet.words,
            "generator": GENERATOR,
            "badge": sheet.badge.removeprefix("#"),
            "families": ", ".join(f"'{name}'" for name in names),
        }
        return render_to_string("certifications/certificates/certificate.html", context)

    def _take_up(self, families: Iterable[str]) -> None:
        faces = [
            f"@font-face {{ font-family: '{typefaces.css_name(family)}';"
            f" src: url('certificate:font/{family}/{weight}');"
            + (f" font-weight: {weight} }}" if weight.isdigit() else " }")
            for family in families
            if family not in self.families
            for weight in typefaces.files(family)
        ]
        if not faces:
            return
        style = "\n".join(faces)
        try:
            self.weasyprint.CSS(string=style, font_config=self.fonts, url_fetcher=self.fetcher)
        except self.missing as missing:
            raise CannotPrint(str(missing)) from missing
        self.families.update(families)

    def _fetch(self, url: str) -> bytes:
        """Return what a page asks for: letters or pictures, and nothing from anywhere else."""
        kind, _slash, name = url.removeprefix("certificate:").partition("/")
        if kind == "font":
            family, _slash, weight = name.rpartition("/")
            return typefaces.files(family)[weight].read_bytes()
        return self.pictures[kind if kind == "qr" else name]

    def _fetcher(self) -> Any:
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

        fetch = self._fetch

        class OwnFetcher(URLFetcher):
            """Stops at what is missing: a certificate in other letters would be final too."""

            def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
                if not url.startswith("certificate:"):
                    raise FatalURLFetchingError(f"a certificate fetches nothing: {url}")
                try:
                    return URLFetcherResponse(url, fetch(url))
                except (OSError, KeyError) as missing:
                    raise FatalURLFetchingError(f"{url} is missing") from missing

        return OwnFetcher()


@cache
def press() -> Press:
    """Return this process's own press, warm after the first sheet."""
    return Press()


def qr_code(address: str) -> bytes:
    """Return a QR code as PNG, always the same for an address."""
    out = io.BytesIO()
    code = segno.make(address, error="m", micro=False, mask=QR_MASK, boost_error=False)
    code.save(out, kind="png", scale=6, border=0, dark="#1c2430", light="#fffdf8")
    return out.getvalue()


def _say_accessible(metadata: Any) -> None:
    """Add to the metadata that it is PDF/UA: in the one RDF element that there may be."""
    plain = metadata.generate_rdf_metadata

    def both(*args: object, **options: object) -> bytes:
        whole: bytes = plain(*args, **options)
        return whole.replace(END_OF_METADATA, ACCESSIBLE + END_OF_METADATA)

    metadata.generate_rdf_metadata = both


def _finish(colour: str) -> Callable[[object, Any], None]:
    """Return what is done to a document before it is written."""

    def finish(_document: object, pdf: Any) -> None:
        _underlay(pdf, colour)
        _name_every_glyph(pdf)

    return finish


def _underlay(pdf: Any, colour: str) -> None:
    """Put the band under the page, as the first of its streams."""
    import pydyf

    stream = pydyf.Stream([guilloche.compressed(colour)], {"Filter": "/FlateDecode"})
    pdf.add_object(stream)
    for reference in pdf.page_references:
        page = pdf.objects[int(re.match(rb"\d+", reference).group())]  # type: ignore[union-attr]
        page["Contents"] = pydyf.Array([stream.reference, page["Contents"]])


def _name_every_glyph(pdf: Any) -> None:
    """Say of each glyph which characters it stands for, as PDF/A-3a asks (ISO 19005-3, 6.2.11.7).

    Where several glyphs draw one syllable, as in Devanagari, WeasyPrint names it at the first and
    nothing at the others; these get a space without width, which changes no word that is read.
    """
    for stream in (found for found in pdf.objects if b"begincmap" in getattr(found, "stream", ())):
        stream.stream = [re.sub(rb"^(<[0-9a-f]{4}>) <>$", NO_WIDTH, line) for line in stream.stream]
