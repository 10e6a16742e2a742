"""The parts of what people are told; see `learners/telling/wording.py`."""

from django import template
from django.conf import settings
from django.template import Context

from learners.telling.wording import Address, Button, Heading, Item, Paragraph

register = template.Library()


def _full(path: str) -> str:
    """Return the full address of a page of ours; that of another is full already."""
    return path if path.startswith(("https://", "http://")) else f"{settings.PUBLIC_URL}{path}"


@register.simple_block_tag(takes_context=True)
def subject(context: Context, content: str) -> str:
    """Say it in one line, whatever was typed."""
    context["words"].subject = " ".join(content.split())
    return ""


@register.simple_block_tag(takes_context=True)
def paragraph(context: Context, content: str) -> str:
    """Say this, unless it is nothing."""
    if text := content.strip():
        context["words"].parts.append(Paragraph(text))
    return ""


@register.simple_block_tag(takes_context=True)
def heading(context: Context, content: str) -> str:
    """Name what follows."""
    context["words"].parts.append(Heading(content.strip()))
    return ""


@register.simple_block_tag(takes_context=True)
def button(context: Context, content: str, path: str) -> str:
    """Lead to a page, with words that say which; to none where nothing is to be seen."""
    if path:
        context["words"].parts.append(Button(content.strip(), _full(path)))
    return ""


@register.simple_tag(takes_context=True)
def address(context: Context, path: str) -> str:
    """Show an address itself, for who gives it to others."""
    context["words"].parts.append(Address(_full(path)))
    return ""


@register.simple_block_tag(takes_context=True)
def item(context: Context, content: str, title: str, path: str = "") -> str:
    """Say this of one of several; those that follow each other are a list."""
    at = _full(path) if path else ""
    context["words"].add_item(Item(title, content.strip(), at))
    return ""
