"""What somebody types who plans meetings, by the clock where the institution is."""

import re
from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from learners.meetings import outlining
from learners.meetings.outlining import Series, Slot
from learners.models import Meeting, Role, Run, User
from learners.models.fields import LinkField

DAY = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def day_field(**options: Any) -> forms.DateField:
    return forms.DateField(widget=DayInput(), **options)


def time_field(**options: Any) -> forms.TimeField:
    return forms.TimeField(widget=TimeInput(), **options)


class WhereForm(forms.Form):
    """From when to when, where, and who gives it."""

    begins = time_field(label=_("From"))
    ends = time_field(label=_("To"))
    place = forms.CharField(
        label=_("Place"), max_length=120, required=False, help_text=_("Empty: that of the run.")
    )
    link = LinkField(blank=True).formfield(label=_("Link for a meeting online"), required=False)
    teachers = forms.ModelMultipleChoiceField(
        label=_("Given by"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody ticked: all teachers of the run."),
    )
    colleague = forms.ModelChoiceField(
        label=_("And by a colleague"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("They can open the register of this run as well."),
    )

    def __init__(self, *args: Any, run: Run, named: Collection[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run = run
        known = {*run.teachers.values_list("pk", flat=True), *(user.pk for user in named)}
        here = User.objects.filter(
            memberships__organisation=run.course.organisation_id, memberships__role=Role.TEACHER
        ).distinct()
        choices: Any = self.fields
        choices["teachers"].queryset = User.objects.filter(pk__in=known).order_by("sort_name")
        choices["colleague"].queryset = here.exclude(pk__in=known).order_by("sort_name")

    def clean(self) -> dict[str, Any]:
        """A meeting ends after it begins."""
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("begins"), cleaned.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", _("A meeting ends after it begins."))
        return cleaned

    @property
    def chosen(self) -> list[User]:
        """Who is to give it; nobody means all teachers of the run."""
        colleague = self.cleaned_data["colleague"]
        return [*self.cleaned_data["teachers"], *([colleague] if colleague else [])]

    @property
    def givers(self) -> list[User]:
        """Who really gives it."""
        return self.chosen or list(self.run.teachers.all())

    @property
    def room(self) -> str:
        """Where it really is; nowhere for what is online alone."""
        own = self.cleaned_data["place"]
        return own or ("" if self.cleaned_data["link"] else self.run.place)


class SeriesForm(WhereForm):
    """One meeting, or one every so many weeks."""

    first_day = day_field(label=_("First day"))
    weeks = forms.TypedChoiceField(
        label=_("How often"),
        coerce=int,
        choices=[(0, _("Once")), (1, _("Every week")), (2, _("Every two weeks"))],
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On"),
        coerce=int,
        required=False,
        choices=list(WEEKDAYS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: the weekday of the first day."),
    )
    times = forms.IntegerField(
        label=_("Number of meetings"), required=False, min_value=1, max_value=outlining.MOST
    )
    until = day_field(label=_("Or until and including"), required=False)
    skipped = forms.CharField(
        label=_("Days to skip"),
        required=False,
        max_length=1000,
        help_text=_(
            "For instance 24-12-2026, 31-12-2026. You can also untick days in the preview."
        ),
    )
    field_order = [
        "first_day",
        "begins",
        "ends",
        "weeks",
        "weekdays",
        "times",
        "until",
        "skipped",
        "place",
        "link",
        "teachers",
        "colleague",
    ]

    def clean_skipped(self) -> frozenset[date]:
        """Read days apart by commas, spaces or lines, as 24-12-2026 or 2026-12-24."""
        found = set()
        for word in re.split(r"[\s,;]+", self.cleaned_data["skipped"].strip()):
            if not word:
                continue
            if (day := _day_in(word)) is None:
                raise forms.ValidationError(_("“%(word)s” is not a day."), params={"word": word})
            found.add(day)
        return frozenset(found)

    def clean(self) -> dict[str, Any]:
        """A series ends somewhere, and not before it begins."""
        cleaned = super().clean()
        first, until = cleaned.get("first_day"), cleaned.get("until")
        repeats = bool(cleaned.get("weeks"))
        ends = cleaned.get("times") or until or {"times", "until"} & self.errors.keys()
        if repeats and not ends:
            self.add_error("times", _("Say how many meetings, or until when."))
        if repeats and first and until and until < first:
            self.add_error("until", _("This is before the first day."))
        return cleaned

    @property
    def slots(self) -> list[Slot]:
        """Return all meetings of the series."""
        said = self.cleaned_data
        series = Series(
            first_day=said["first_day"],
            begins=said["begins"],
            ends=said["ends"],
            weeks=said["weeks"],
            weekdays=frozenset(said["weekdays"]),
            times=said["times"],
            until=said["until"],
            skipped=said["skipped"],
        )
        return outlining.slots_of(series, self.run.course.organisation.tz)


class MeetingForm(WhereForm):
    """One meeting that is planned: another day or hour, place or teacher."""

    day = day_field(label=_("Day"))
    field_order = ["day", "begins", "ends", "place", "link", "teachers", "colleague"]

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        self.meeting = meeting
        named = list(meeting.teachers.all())
        zone = meeting.run.course.organisation.tz
        begins, ends = (timezone.localtime(at, zone) for at in (meeting.begins_at, meeting.ends_at))
        initial = {
            "day": begins.date(),
            "begins": begins.time(),
            "ends": ends.time(),
            "place": meeting.place,
            "link": meeting.link,
            "teachers": named,
        }
        super().__init__(*args, run=meeting.run, named=named, initial=initial, **kwargs)

    @property
    def slot(self) -> Slot:
        said = self.cleaned_data
        zone = self.run.course.organisation.tz
        return outlining.slot(said["day"], said["begins"], said["ends"], zone)

    @property
    def news(self) -> list[str]:
        """Say what who is booked is told of; nothing where only its teachers change."""
        said, news = self.cleaned_data, []
        if (self.slot.begins_at, self.slot.ends_at) != (
            self.meeting.begins_at,
            self.meeting.ends_at,
        ):
            news.append(gettext("another time"))
        if (said["place"], said["link"]) != (self.meeting.place, self.meeting.link):
            news.append(gettext("another place"))
        return news


def _day_in(word: str) -> date | None:
    try:
        if found := DAY.match(word):
            day, month, year = map(int, found.groups())
            return date(year, month, day)
        return parse_date(word)
    except ValueError:
        return None
