"""The form of assigning to many: whom, how and by when, and whether it keeps applying."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelect
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from certifications.assigning import jobs
from certifications.assigning.jobs import Terms, Whom
from certifications.models import AssigningJob, Certification, GroupKind, ModeForOthers
from learners.models import Course, Organisation, Programme, Role, User
from learners.uploading.fields import UploadField

FILE = "file"
# What each choice of people asks for; of a course and a programme one.
NEEDS: Mapping[str, tuple[str, ...]] = {
    GroupKind.ROLE: ("role", "organisation"),
    GroupKind.ENROLLED: ("course", "programme"),
    GroupKind.COMPLETED: ("course", "programme"),
    GroupKind.HOLDS: ("held",),
    FILE: ("file",),
}
EMPTY = {"organisation": None, "role": "", "course": None, "programme": None, "held": None}
MOST_DAYS = 3_650


def _found(model: Any, name: str, label: Any, **more: Any) -> forms.ModelChoiceField:
    """A field in which one types a few letters and chooses."""
    widget = AutocompleteSelect(AssigningJob._meta.get_field(name), admin.site)
    return forms.ModelChoiceField(queryset=model.objects.all(), label=label, widget=widget, **more)


class BulkForm(forms.Form):
    """Whom, how and by when; `parts` is how the page shows it."""

    parts = (
        (
            _("Whom"),
            (
                *("certification", "whom", "role", "organisation"),
                *("course", "programme", "held", "file"),
            ),
            "",
        ),
        (_("How, and by when"), ("mode", "due_on", "due_days", "changes"), ""),
        (_("From now on"), ("keeps", "withdraws"), "part-rule"),
    )
    certification = _found(Certification, "certification", _("certification"))
    whom = forms.ChoiceField(
        label=_("whom"),
        choices=[
            *((kind.value, capfirst(kind.label)) for kind in GroupKind),
            (FILE, capfirst(_("the people in a file"))),
        ],
        widget=forms.RadioSelect,
        initial=GroupKind.ROLE,
    )
    role = forms.ChoiceField(label=_("role"), choices=Role.choices, required=False)
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.all(), label=_("institution"), required=False
    )
    course = _found(Course, "course", _("course"), required=False)
    programme = _found(Programme, "programme", _("or programme"), required=False)
    held = _found(Certification, "held", _("certification that they hold"), required=False)
    file = UploadField(label=_("file"), required=False, kinds=jobs.KINDS, max_size=jobs.MAX_SIZE)
    mode = forms.ChoiceField(
        label=_("how"),
        choices=ModeForOthers.choices,
        help_text=_("Who is nominated may accept or decline; what is mandatory runs at once."),
    )
    due_on = forms.DateField(label=_("to be completed by"), required=False, widget=AdminDateWidget)
    due_days = forms.IntegerField(
        label=_("or within so many days"),
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        help_text=_("Without a day or days the deadline of the certification counts, if any."),
    )
    changes = forms.BooleanField(
        label=_("also change who has it already"),
        required=False,
        help_text=_("Who has not completed it gets this date and way too; else they keep theirs."),
    )
    keeps = forms.BooleanField(
        label=_("keep applying it"),
        required=False,
        help_text=_("Who fits later gets it as well, by itself, until you switch the rule off."),
    )
    withdraws = forms.BooleanField(
        label=_("take it from who stops fitting"),
        required=False,
        help_text=_("Only from who got it by this rule and has not completed it."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean(self) -> dict[str, Any]:
        """What the choice of people asks for is there, and a rule can keep applying."""
        said = super().clean() or {}
        self._check_whom(said)
        if said.get("due_on") and said.get("due_days"):
            self.add_error("due_days", _("Give a day or a number of days, not both."))
        certification, due_on = said.get("certification"), said.get("due_on")
        if certification and due_on and due_on < certification.organisation.today():
            self.add_error("due_on", _("This day is over already."))
        self._check_rule(said)
        return said

    def _check_whom(self, said: Mapping[str, Any]) -> None:
        names = NEEDS.get(said.get("whom", ""), ())
        given = [name for name in names if said.get(name)]
        if names == ("course", "programme"):
            if len(given) != 1 and not set(names) & set(self.errors):
                self.add_error("course", _("Choose a course or a programme, one of the two."))
            return
        for name in names:
            if name not in given and name not in self.errors:
                self.add_error(name, _("This is needed for whom you chose."))
        if "held" in given and said["held"] == said.get("certification"):
            self.add_error("held", _("Choose another certification than the one you assign."))

    def _check_rule(self, said: Mapping[str, Any]) -> None:
        if said.get("withdraws") and not said.get("keeps"):
            self.add_error("withdraws", _("Only what keeps applying can take it away again."))
        if not said.get("keeps"):
            return
        if said.get("whom") == FILE:
            self.add_error("keeps", _("A file is read once; choose a group to keep applying it."))
        if said.get("due_on"):
            self.add_error("due_on", _("What keeps applying has a number of days, not one day."))
        if said.get("changes"):
            self.add_error("changes", _("What keeps applying leaves who has it as they are."))

    @property
    def group(self) -> Whom:
        """The group that was chosen, or the file."""
        said = self.cleaned_data
        if said["whom"] == FILE:
            return Whom(file=said["file"])
        chosen = {name: said[name] for name in NEEDS[said["whom"]] if said[name]}
        return Whom(group={"group": said["whom"], **EMPTY, **chosen})

    @property
    def terms(self) -> Terms:
        """Return what was typed about how and by when."""
        said = self.cleaned_data
        names = ("mode", "due_on", "due_days", "keeps", "withdraws")
        return Terms(**{name: said[name] for name in names}, leaves=not said["changes"])

    def fieldsets(self) -> list[tuple[Any, str, list[forms.BoundField]]]:
        """Return the fields by the part of the page in which they stand."""
        return [(title, css, [self[name] for name in names]) for title, names, css in self.parts]
