"""Words and signs that every template uses: dates as people say them, icons, pills, people."""

from datetime import date, datetime

from django import template
from django.core.paginator import Paginator
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from learners.files import file_kinds, showing
from learners.hooks import registry
from learners.hooks.pages import Look, Turn
from learners.models import StoredFile, User
from learners.telling.days import day, days_span, exact, hours, localised, when_words

register = template.Library()
register.filter(day)
register.filter(exact)
register.filter(when_words)
register.simple_tag(hours)
register.simple_tag(days_span)

AVATAR_COLOURS = 4

KIND_ICONS = {
    "image": "file-earmark-image",
    "video": "film",
    "audio": "file-earmark-music",
    "text": "file-earmark-text",
    file_kinds.PDF.mime: "file-earmark-pdf",
    file_kinds.DOCX.mime: "file-earmark-word",
    file_kinds.XLSX.mime: "file-earmark-spreadsheet",
    file_kinds.PPTX.mime: "file-earmark-slides",
    file_kinds.ZIP.mime: "file-earmark-zip",
}
PLAIN = Look("neutral", "circle")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon; one that says something by itself needs a label."""
    if label:
        return format_html('<i class="bi bi-{}" role="img" aria-label="{}"></i>', name, label)
    return format_html('<i class="bi bi-{}" aria-hidden="true"></i>', name)


@register.filter
def pill_kind(state: str) -> str:
    """Return the colour of a state's pill: action, good, waits, late or neutral."""
    return registry.looks().get(str(state), PLAIN).colour


@register.filter
def pill_icon(state: str) -> str:
    """Return the icon that stands for a state."""
    return registry.looks().get(str(state), PLAIN).icon


@register.filter
def as_shown(stored: StoredFile) -> showing.Shown:
    """Return as what a browser shows a file, or why it does not."""
    return showing.of_stored(stored)


@register.filter
def kind_name(mime: str) -> str:
    """Return a kind of file as people know it: PDF, JPG."""
    return next((file_kinds.named([kind]) for kind in file_kinds.ALL if kind.mime == mime), mime)


@register.filter
def kind_icon(mime: str) -> str:
    """Return the icon that stands for a kind of file."""
    return KIND_ICONS.get(mime) or KIND_ICONS.get(mime.partition("/")[0], "file-earmark")


@register.filter
def is_of(turn: Turn, user: User) -> bool:
    """Whether it is this person's turn."""
    return turn.is_of(user)


@register.filter
def avatar_colour(person: object) -> int:
    """Return which of the avatar's colours a person always has, 1 to 4."""
    return (getattr(person, "pk", None) or 0) % AVATAR_COLOURS + 1


@register.filter
def when(moment: date | datetime | None) -> SafeString | str:
    """Show a moment as people say it, with the exact one on hover and to screen readers."""
    if not moment:
        return ""
    near, full = when_words(moment), exact(moment)
    return format_html(
        '<time datetime="{}" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></time>',
        localised(moment).isoformat(),
        full,
        near,
        full,
    )


@register.filter
def has_begun(moment: datetime) -> bool:
    """Whether it is that late already."""
    return moment <= timezone.now()


@register.filter
def is_today(moment: datetime) -> bool:
    """Whether it is on the reader's day of today."""
    return timezone.localdate(moment) == timezone.localdate()


@register.inclusion_tag("components/rows/date_block.html")
def date_block(moment: date | datetime) -> dict[str, object]:
    """Draw a tear-off calendar leaf."""
    here = localised(moment)
    the_day = here.date() if isinstance(here, datetime) else here
    return {"moment": here, "is_today": the_day == timezone.localdate()}


@register.simple_block_tag
def card(content: str, title: str = "", link: str = "", link_text: str = "") -> SafeString:
    """Put a block in a card with a heading and, at its end, a link."""
    heading = format_html("<h2>{}</h2>", title) if title else ""
    end = format_html('<a class="card-head-link" href="{}">{}</a>', link, link_text) if link else ""
    head = format_html('<div class="card-head">{}{}</div>', heading, end) if heading or end else ""
    return format_html('<section class="card">{}{}</section>', head, content)


@register.filter
def percentage(part: float, whole: float) -> int:
    """Return how many hundredths a part is of a whole, rounded down, so that 100 is really all."""
    return int(100 * part // whole) if whole else 0


@register.filter
def page_numbers(paginator: Paginator, number: int) -> list[int]:
    """Return the pages to link to around this one; 0 stands for those left out."""
    last = paginator.num_pages
    shown = sorted({1, last, *range(max(1, number - 1), min(last, number + 1) + 1)})
    numbers: list[int] = []
    for page in shown:
        if numbers and page - numbers[-1] > 1:
            numbers.append(0)
        numbers.append(page)
    return numbers


@register.inclusion_tag("learners/pages/_coaching_tabs.html", takes_context=True)
def coaching_tabs(context: Context) -> dict[str, object]:
    """Lead from each page about the people whom one coaches to the others; alone it shows none.
    Shown twice, it is asked once."""
    request = context["request"]
    if not hasattr(request, "coaching_pages"):
        asked = (page for offer in registry.offers() for page in offer.coaching_pages(request.user))
        request.coaching_pages = sorted(asked, key=lambda page: page.order)
    return {"pages": request.coaching_pages, "path": request.path}
