"""How the assignments of a programme lead to its exam."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from learners.models import Programme


class XPFrom(models.TextChoices):
    HAND_IN = "hand_in", _("when it is first handed in")
    APPROVAL = "approval", _("when the coach approves it")


class ExamPlan(models.Model):
    """When XP is earned in a programme with an exam, and from how many the exam comes in reach. Of
    an assignment that nobody reviews XP is earned when it is handed in, whatever the plan says."""

    programme = models.OneToOneField(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="exam_plan"
    )
    needed_xp = models.PositiveIntegerField(
        _("XP at which the exam comes in reach"),
        default=0,
        help_text=_("0: from the beginning. Exemptions lower it in proportion."),
    )
    xp_from = models.CharField(
        _("XP of an assignment is earned"), max_length=8, choices=XPFrom, default=XPFrom.HAND_IN
    )

    class Meta:
        verbose_name = _("exam plan")
        verbose_name_plural = _("exam plans")

    def __str__(self) -> str:
        return str(self.programme)
