"""What a browser would send of a page of the administration, so that one field can be changed."""

from collections.abc import Iterator
from typing import Any

from django.forms import BaseForm, FileField, MultiWidget
from django.http import HttpResponse


def filled(page: HttpResponse, **changed: object) -> dict[str, Any]:
    """Return the form of a page as it stands there, but for these fields."""
    return {**dict(pair for form in _forms(page) for pair in _values(form)), **changed}


def _forms(page: HttpResponse) -> Iterator[BaseForm]:
    context = page.context  # type: ignore[attr-defined]
    yield context["adminform"].form
    for inline in context["inline_admin_formsets"]:
        yield inline.formset.management_form
        yield from inline.formset.forms


def _values(form: BaseForm) -> Iterator[tuple[str, Any]]:
    for bound in form:
        value, widget = bound.value(), bound.field.widget
        if isinstance(bound.field, FileField) or value is None or value is False:
            continue
        if isinstance(widget, MultiWidget):
            parts = zip(widget.widgets, widget.decompress(value), strict=True)
            for number, (part, said) in enumerate(parts):
                yield f"{bound.html_name}_{number}", part.format_value(said)
        else:
            yield bound.html_name, value
