"""The forms of an exam and of its parts; what was published meanwhile takes nothing more."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from exams.admin.plan_form import refuse_without_exam
from exams.defining import exams
from exams.defining.publishing import DefinitionRefused
from exams.models import Exam, ExamPart
from learners.admin.parts.removing import RemovalFormSet
from learners.models import Programme

SAID = ("title_nl", "title_en", "kind", "announcement_nl", "announcement_en", "scale")


class ExamForm(forms.ModelForm):
    """What the exam of a programme is; parts come after it."""

    class Meta:
        model = Exam
        fields = ("programme", *SAID)

    def clean_programme(self) -> Programme:
        """An exam begins once in a programme; after that versions of it do. Locked, so that of two
        administrators one begins it."""
        programme: Programme = self.cleaned_data["programme"]
        refuse_without_exam(programme)
        Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
        if programme.exams.exists():
            raise ValidationError(
                _("This programme has an exam already. Make a new version on its page.")
            )
        return programme

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.instance.pk:
            refuse_frozen(self.instance)
        return said


class ExamPartForm(forms.ModelForm):
    """A part of an exam that is being made."""

    class Meta:
        model = ExamPart
        fields = (
            *("exam", "position", "title_nl", "title_en", "kind", "minutes", "weight"),
            *("must_be_passed", "cut_score", "good_score", "most_megabytes", "most_files"),
        )

    def clean_exam(self) -> Exam:
        exam: Exam = self.cleaned_data["exam"]
        refuse_frozen(exam)
        return exam

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.instance.pk:
            refuse_frozen(self.instance.exam)
        cut, good = said.get("cut_score"), said.get("good_score")
        if cut is not None and good is not None and good <= cut:
            self.add_error("good_score", _("“Good” begins above the cut score."))
        return said


class InPartFormSet(RemovalFormSet):
    """Rows of a part, in the order of their positions; new ones come last."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if not form.instance.pk and "position" in form.fields:
            form.fields["position"].initial = self.initial_form_count() + 1

    def follows(self, row: Any) -> str:
        return _("it goes from this version.")


class CriterionFormSet(InPartFormSet):
    """What a part is judged by; what is wrong in a row is said beside its field."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.clean = lambda: _criterion(form)


def _criterion(form: Any) -> dict[str, Any]:
    said: dict[str, Any] = forms.ModelForm.clean(form) or {}
    if said.get("points") == 0 and not said.get("is_knock_out"):
        form.add_error("points", _("A criterion gives points, or it is a knock-out."))
    return said


def refuse_frozen(exam: Exam) -> None:
    """Raise a `ValidationError` where a version was published or thrown away meanwhile; else nobody
    does until this is saved."""
    try:
        exams.locked(exam)
    except DefinitionRefused as refused:
        raise ValidationError(str(refused)) from None
