"""What the templates of certifications say."""

from collections.abc import Mapping

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.filter
def title_of(line: Mapping[str, str]) -> str:
    """Return a title, of which both are there, in the language of the page."""
    title = line["title_nl"] if get_language() == "nl" else line["title_en"]
    return title or line["title_nl"]
