"""Who can be tried in demo mode; the sign-in page lists them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PASSWORD = "demo"


@dataclass(frozen=True)
class Login:
    """Somebody whom a visitor of the demo can be."""

    email: str
    role: str | Promise
    icon: str
    password: str = PASSWORD


LOGINS = (
    Login("learner@example.org", _("learner"), "journal-bookmark"),
    Login("teacher@example.org", _("teacher"), "easel"),
    Login("coach@example.org", _("coach"), "chat-square-text"),
    Login("assessor@example.org", _("assessor"), "clipboard-check"),
    Login("board@example.org", _("examination board"), "bank"),
    Login("admin@example.org", _("administrator"), "sliders"),
)
