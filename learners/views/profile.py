"""How somebody wants to be shown and spoken to."""

import zoneinfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from learners.models import User

AREAS = ("Europe", "Africa", "America", "Asia", "Atlantic", "Australia", "Indian", "Pacific")


def time_zones() -> list[tuple[str, str]]:
    """Return the zones that are named after a place, Europe's first."""
    names = sorted(zoneinfo.available_timezones())
    areas = {area: [name for name in names if name.startswith(f"{area}/")] for area in AREAS}
    return [
        (name, name.replace("_", " ").replace("/", " · ")) for area in AREAS for name in areas[area]
    ]


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("name", "language", "time_zone")
        help_texts = {"name": _("As it will stand on your next certificate.")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"),
            help_text=_("In which hours and days are shown to you."),
            choices=time_zones(),
        )
        self.fields["name"].widget.attrs["autocomplete"] = "name"


@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: HttpRequest) -> HttpResponse:
    """Name, language and time zone; the address is the institution's to change."""
    # A row of its own: what was typed wrongly must not greet them from the top bar.
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=person)
    if form.is_valid():
        form.save()
        with override(form.cleaned_data["language"]):
            messages.success(request, gettext("Your profile is saved."))
        return redirect("learners:profile_edit")
    context = {"form": form, "calendar_address": _calendar_address(request, person)}
    return render(request, "learners/people/profile_edit.html", context)


def _calendar_address(request: HttpRequest, person: User) -> str:
    """Return where somebody's calendar can be subscribed to, or "" where they have none yet."""
    if person.calendar_key is None:
        return ""
    return request.build_absolute_uri(reverse("learners:calendar_feed", args=[person.calendar_key]))
