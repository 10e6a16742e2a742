"""Words and signs of the learner's pages."""

from datetime import datetime
from urllib.parse import urlsplit

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from learners.models import LessonKind, StudyStatus
from learners.telling import markdown as reader

register = template.Library()


@register.filter
def status_words(status: str) -> str:
    """Say a study status in words."""
    return str(StudyStatus(status).label)


ICONS = {
    "application/pdf": "file-earmark-pdf",
    "application/zip": "file-earmark-zip",
    "text/csv": "file-earmark-spreadsheet",
}
ICONS_BY_PART = (
    ("image/", "file-earmark-image"),
    ("video/", "file-earmark-play"),
    ("audio/", "file-earmark-music"),
    ("spreadsheet", "file-earmark-spreadsheet"),
    ("presentation", "file-earmark-slides"),
)

LESSON_ICONS = {
    LessonKind.TEXT: "file-text",
    LessonKind.PICTURE: "image",
    LessonKind.VIDEO: "play-btn",
    LessonKind.PDF: "file-earmark-pdf",
    LessonKind.FILE: "paperclip",
    LessonKind.LINK: "box-arrow-up-right",
}


@register.filter
def lesson_icon(kind: str) -> str:
    """Return the icon of a kind of lesson."""
    return LESSON_ICONS[LessonKind(kind)]


@register.filter
def markdown(text: str) -> SafeString:
    """Show a text that was written in Markdown."""
    return reader.shown(text)


@register.filter
def kind_icon(kind: str) -> str:
    """Return the icon of a kind of file."""
    by_part = (icon for part, icon in ICONS_BY_PART if part in kind)
    return ICONS.get(kind) or next(by_part, "file-earmark-text")


@register.filter
def link_host(address: str) -> str:
    """Return where a link leads: 'www.rodekruis.nl'."""
    return urlsplit(address).hostname or address


@register.filter
def signed(number: int) -> str:
    """Write a number with its sign: '+5', '−5'."""
    return f"+{number}" if number >= 0 else f"−{-number}"


@register.filter
def from_iso(moment: str) -> datetime | None:
    """Read a moment from the parameters of a notification."""
    return datetime.fromisoformat(moment) if moment else None


@register.filter
def moment_words(moment: datetime | None) -> str:
    """Say a moment in full, for a mail: 'Tuesday 24 November 2026 at 19:00'."""
    if moment is None:
        return ""
    here = timezone.localtime(moment)
    return _("%(day)s at %(time)s") % {
        "day": format_date(here, "l j F Y"),
        "time": format_date(here, "H:i"),
    }
