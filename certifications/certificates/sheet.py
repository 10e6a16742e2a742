"""What stands on a certificate: everything that the PDF is made from, and nothing else."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.conf import settings
from django.utils.dateformat import format as format_date
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop, override

from certifications import codes
from certifications.models import Certificate, CertificateKind, Certification
from learners.models import Language, StoredFile
from learners.telling import colours

WIDE = frozenset("WF")  # East Asian letters, as wide as they are high
USUAL_WIDTH = 0.56  # of a letter, in its own height
RIGHT_TO_LEFT = frozenset({"R", "AL"})
LEFT_TO_RIGHT = "L"
LINES = 3

# What a certificate says, once in its own language and once, smaller, in the other.
WORDS = {
    "course": gettext_noop("certificate"),
    "proof": gettext_noop("proof of participation"),
    "awarded_to": gettext_noop("awarded to"),
    "for_course": gettext_noop("for achieving"),
    "for_proof": gettext_noop("for taking part in"),
    "achieved": gettext_noop("achieved"),
    "valid_until": gettext_noop("valid until"),
    "validity": gettext_noop("validity"),
    "unlimited": gettext_noop("unlimited"),
    "check": gettext_noop("check that it is real and valid today"),
    "number": gettext_noop("no."),
    "qr": gettext_noop("QR code that leads to the page on which anybody can check this"),
}


@dataclass(frozen=True)
class Words:
    """The same words in the certificate's own language and in the other."""

    own: str
    other: str


@dataclass(frozen=True)
class Sheet:
    """One certificate as it is printed."""

    kind: str
    language: str
    number: str
    code: str
    learner_name: str
    title: str
    details: str
    achieved_on: date
    valid_until: date | None
    organisation: str
    colour: str
    logo: str  # its checksum; '' without one
    badge: str  # its checksum, or the colour in which it is drawn; '' without one
    signatory_name: str
    signatory_title: str
    made_at: datetime

    @property
    def other_language(self) -> str:
        return next(language for language in Language.values if language != self.language)

    @cached_property
    def words(self) -> dict[str, Words]:
        """Everything that is said in both languages."""
        with override(self.language):
            own = {name: capfirst(gettext(text)) for name, text in WORDS.items()}
        with override(self.other_language):
            said = {name: Words(own[name], gettext(text)) for name, text in WORDS.items()}
        said["kind"] = said["course" if self.kind != CertificateKind.PROOF else "proof"]
        said["for"] = said["for_course" if self.kind != CertificateKind.PROOF else "for_proof"]
        return said

    @property
    def document_title(self) -> str:
        """What a reader shows above the page."""
        return f"{self.words['kind'].own} · {self.title} · {self.learner_name}"

    @property
    def check_url(self) -> str:
        """Where anybody can check it."""
        return f"{settings.PUBLIC_URL}/c/{codes.shown(self.code)}/"

    @property
    def shown_check_url(self) -> str:
        """The same, as people type it."""
        return self.check_url.partition("://")[2].rstrip("/")

    def day(self, day: date) -> str:
        with override(self.language):
            return format_date(day, "j F Y")

    @property
    def achieved(self) -> str:
        return self.day(self.achieved_on)

    @property
    def valid_through(self) -> str:
        return self.day(self.valid_until) if self.valid_until else ""

    @property
    def on_colour(self) -> str:
        """What is written with on the band."""
        return colours.on(self.colour)

    @property
    def accent(self) -> str:
        """The institution's colour, as dark as reading asks."""
        return colours.readable(self.colour)

    @property
    def name_size(self) -> int:
        return fitting_size(self.learner_name, largest=54, smallest=25, width=690)

    @property
    def title_size(self) -> int:
        return fitting_size(self.title, largest=30, smallest=19, width=690)

    @property
    def organisation_size(self) -> int:
        return fitting_size(self.organisation, largest=20, smallest=14, width=215)

    @property
    def name_direction(self) -> str:
        return direction(self.learner_name)

    @property
    def title_direction(self) -> str:
        return direction(self.title)

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that people typed, in whatever script."""
        return (
            self.learner_name,
            self.title,
            self.details,
            self.organisation,
            self.signatory_name,
            self.signatory_title,
        )


def sheet_of(certificate: Certificate, *, without: Collection[StoredFile] = ()) -> Sheet:
    """Return what is printed; the look is the institution's of the day on which it is made. As if
    they had never been given are pictures that it is printed `without`."""
    organisation = certificate.organisation
    logo = organisation.logo if organisation.logo not in without else None
    return Sheet(
        kind=certificate.kind,
        language=certificate.language,
        number=certificate.number,
        code=certificate.code,
        learner_name=composed(certificate.learner_name),
        title=composed(certificate.title),
        details=composed(certificate.details),
        achieved_on=certificate.achieved_on,
        valid_until=certificate.valid_until,
        organisation=composed(organisation.name),
        colour=organisation.colour,
        logo=logo.sha256 if logo else "",
        badge=_badge(certificate.cycle.certification, without) if certificate.cycle else "",
        signatory_name=composed(organisation.signatory_name),
        signatory_title=composed(organisation.signatory_title),
        made_at=certificate.created_at,
    )


def _badge(certification: Certification, without: Collection[StoredFile]) -> str:
    badge = certification.badge
    return badge.sha256 if badge and badge not in without else certification.colour


def composed(text: str) -> str:
    """Return the text with letters and accents as one, which is how typefaces have them, and
    without signs that cannot be printed."""
    whole = unicodedata.normalize("NFC", text)
    return "".join(letter for letter in whole if unicodedata.category(letter) != "Cc")


def width_of(text: str) -> float:
    """Estimate how wide a text is, in its own height."""
    widths = (1.0 if unicodedata.east_asian_width(c) in WIDE else USUAL_WIDTH for c in text)
    return sum(widths)


def fitting_size(text: str, *, largest: int, smallest: int, width: int) -> int:
    """Return the size in pixels at which the text takes one line, or else two or three."""
    needed = width_of(text) or 1
    for lines in range(1, LINES + 1):
        # The end of a line stays empty where a word does not fit.
        size = int(width * lines * (1 if lines == 1 else 0.86) / needed)
        if size >= largest * (1 - 0.22 * lines) or lines == LINES:
            return max(smallest, min(largest, size))
    return smallest


def direction(text: str) -> str:
    """Return the direction of the first letter that has one."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in RIGHT_TO_LEFT:
            return "rtl"
        if kind == LEFT_TO_RIGHT:
            break
    return "ltr"
