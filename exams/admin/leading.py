"""The way back to all that a programme asks."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

GOES_ON = ("_addanother", "_continue", "_popup")


def plan_page(programme: int | None) -> str:
    """Return the address of all that a programme asks."""
    return reverse("admin:exams_examplan_of", args=[programme or 0])


def link_to_plan(programme: int | None) -> SafeString | str:
    """Lead to it."""
    if programme is None:
        return "–"
    return format_html('<a href="{}">{}</a>', plan_page(programme), _("To all assignments"))


def back_to_plan(request: HttpRequest, programme: int | None) -> HttpResponse | None:
    """Go there after something was saved, unless another button was chosen."""
    if any(name in request.POST for name in GOES_ON):
        return None
    return HttpResponseRedirect(plan_page(programme))
