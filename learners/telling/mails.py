"""A mail: what is told as text and as HTML, in the colour of the institution that it is from."""

from dataclasses import dataclass
from email.utils import make_msgid

from css_inline import CSSInliner
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from learners.models import Organisation
from learners.telling import colours
from learners.telling.wording import Words, isolated

PRODUCT, ITS_COLOUR = "Mijlpaal", "#1a45c2"
LIGHT, DARK = "#f7f6f3", "#1a2029"  # of what words stand on, the least far from them
SEEN = 1.15  # the contrast from which a surface that has words on it is a surface
# Some programs pass over a style sheet: what it says stands at each element too. What depends on
# the screen cannot, and stays.
INLINER = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True)
class Sender:
    """Who a mail is from, and in which colours its links and buttons can be read."""

    name: str = PRODUCT
    colour: str = ITS_COLOUR

    @property
    def is_product(self) -> bool:
        return self.name == PRODUCT

    @property
    def surface(self) -> str:
        """The colour of a button: its own where that can be written on and can be seen."""
        own = self.colour
        can_be_read = colours.contrast(colours.on(own), own) >= colours.READABLE
        can_be_seen = colours.contrast(own, LIGHT) >= SEEN
        return own if can_be_read and can_be_seen else self.on_light

    @property
    def on_surface(self) -> str:
        return colours.on(self.surface)

    @property
    def on_light(self) -> str:
        """The colour, dark enough for words in a light mail."""
        return colours.readable(self.colour, LIGHT)

    @property
    def on_dark(self) -> str:
        """The colour, light enough for words in a dark mail, and for dark words on it."""
        return colours.readable(self.colour, DARK)


def sender(organisation: Organisation | None) -> Sender:
    """Return as who we write: the institution that it is about, else the product itself."""
    if organisation is None:
        return Sender()
    return Sender(isolated(organisation.name), organisation.colour)


def write(
    words: Words, *, to: str, organisation: Organisation | None = None
) -> EmailMultiAlternatives:
    """Return the mail that says this, in the language that is active."""
    said = {"words": words, "sender": sender(organisation), "public_url": settings.PUBLIC_URL}
    mail = EmailMultiAlternatives(
        words.subject,
        render_to_string("email/mail.txt", said),
        to=[to],
        headers={
            "Auto-Submitted": "auto-generated",
            "Message-ID": make_msgid(domain=settings.MAIL_DOMAIN),
        },
    )
    mail.attach_alternative(INLINER.inline(render_to_string("email/mail.html", said)), "text/html")
    return mail
