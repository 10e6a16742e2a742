"""The meetings on the page of a run: planned, moved and cancelled by the one function for each."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BaseInlineFormSet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from learners.admin.parts.inlines import EditedInline
from learners.meetings import planning
from learners.meetings.outlining import Slot
from learners.models import Meeting, Place, Run, User

TOLD_OF = frozenset({"begins_at", "ends_at", "place", "link", "cancel"})


class MeetingForm(forms.ModelForm):
    """A meeting; who plans, moves or cancels it tells everybody who is booked."""

    cancel = forms.BooleanField(label=_("cancel"), required=False)

    class Meta:
        model = Meeting
        fields = ("begins_at", "ends_at", "place", "link")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.cancelled_at:
            for field in self.fields.values():
                field.disabled = True

    def clean(self) -> dict[str, Any]:
        """Say beside the end that it is too early."""
        cleaned = super().clean() or {}
        begins, ends = cleaned.get("begins_at"), cleaned.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("A meeting ends after it begins."))
        return cleaned


def is_news(form: forms.ModelForm) -> bool:
    """Whether who is booked is told: a meeting is added that has yet to come, or one that stood
    there moves, is elsewhere, or is cancelled."""
    if not form.has_changed():
        return False
    if form.instance.pk is None:
        return bool(form.cleaned_data["begins_at"] > timezone.now())
    return not TOLD_OF.isdisjoint(form.changed_data)


class MeetingFormSet(BaseInlineFormSet):
    """Says how many people will be told before they are: that cannot be taken back."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or self.data.get("tell_them"):
            return
        told = Place.objects.booked().filter(run=self.instance.pk).count()
        if told and any(is_news(form) for form in self.forms):
            raise forms.ValidationError(
                ngettext(
                    "%(n)d person would be told. Tick “Tell them” above, and save again.",
                    "%(n)d people would be told. Tick “Tell them” above, and save again.",
                    told,
                )
                % {"n": told}
            )


class MeetingInline(EditedInline):
    model = Meeting
    form = MeetingForm
    formset = MeetingFormSet
    known = ("run__course",)
    can_delete = False
    fields = ("begins_at", "ends_at", "place", "link", "cancel", "cancelled_at")
    readonly_fields = ("cancelled_at",)


def save_meetings(*, forms: Sequence[MeetingForm], run: Run, by: User) -> None:
    """Move and cancel meetings that stood there, then plan the new ones: who is booked is told once
    of those that are in the same room."""
    new: dict[tuple[str, str], list[Slot]] = {}
    for form in forms:
        said = form.cleaned_data
        slot = Slot(said["begins_at"], said["ends_at"])
        if form.instance.pk:
            _change(form.instance.pk, slot, said, by)
        elif not said["cancel"]:
            new.setdefault((said["place"], said["link"]), []).append(slot)
    for (place, link), slots in new.items():
        planning.plan_meetings(run=run, slots=slots, place=place, link=link, by=by)


def _change(pk: int, slot: Slot, said: dict[str, Any], by: User) -> None:
    meeting = Meeting.objects.get(pk=pk)
    planning.change_meeting(
        meeting=meeting, slot=slot, place=said["place"], link=said["link"], by=by
    )
    if said["cancel"]:
        planning.cancel_meeting(meeting=meeting, by=by)
