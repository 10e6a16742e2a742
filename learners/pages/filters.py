"""What lists of courses and of people are narrowed by, and how they are sorted."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from learners.models import CourseKind


class CourseFilter(forms.Form):
    """Which of somebody's courses are shown, and in which order."""

    text = forms.CharField(label=_("Title or code"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", _("All")),
            ("open", _("Under way")),
            ("done", _("Completed or exempt")),
            ("ended", _("Ended otherwise")),
            ("archived", capfirst(_("archived"))),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[
            ("", _("Under way first")),
            ("newest", _("Newest first")),
            ("title", _("Title")),
            ("term", _("End of the study term")),
        ],
    )


class CatalogueFilter(forms.Form):
    """Which courses of the catalogue are shown."""

    text = forms.CharField(label=_("Title or code"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("All")), *((kind, capfirst(name)) for kind, name in CourseKind.choices)],
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=100)
    room = forms.BooleanField(label=_("with room left"), required=False)


class CoachedFilter(forms.Form):
    """Which of the people whom somebody coaches are shown."""

    text = forms.CharField(label=_("Name"), required=False, max_length=100)
