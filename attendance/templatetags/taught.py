"""The list of runs by its name, which is another for who teaches and for who sees all."""

from django import template

from attendance import teaching

register = template.Library()


@register.simple_tag(takes_context=True)
def taught_title(context: template.Context) -> str:
    """Return what the list of runs is called for who looks at the page."""
    return teaching.list_title(context["user"])
