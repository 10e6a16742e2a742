"""How a film is made smaller: by the browser, which sends it nowhere, or by what a device has."""

from csp.constants import SELF
from csp.decorators import csp_update
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

# By what a browser says of itself, the first that is in it; an iPad says that it is a Mac.
DEVICES = {
    "iPhone": "iphone",
    "iPad": "iphone",
    "Android": "android",
    "Windows": "windows",
    "Macintosh": "mac",
}


class MostForm(forms.Form):
    most = forms.IntegerField(min_value=1, max_value=2**53)  # bytes


@require_safe
@csp_update({"media-src": [SELF, "blob:"]})  # what was made is played before it is saved
def smaller_film(request: HttpRequest) -> HttpResponse:
    """What to do with a film that is too large, or of a kind that not everybody can play."""
    form = MostForm(request.GET)
    context = {
        "most": form.cleaned_data["most"] if form.is_valid() else None,
        "device": _device(request.headers.get("User-Agent", "")),
    }
    return render(request, "learners/films/smaller_film.html", context)


def _device(said: str) -> str:
    return next((device for name, device in DEVICES.items() if name in said), "")
