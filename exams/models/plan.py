"""How the assignments of a programme lead to its exam."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learners.models import Programme

LARGEST_SAMPLE = 100


class XPFrom(models.TextChoices):
    HAND_IN = "hand_in", _("when it is first handed in")
    APPROVAL = "approval", _("when the coach approves it")


class ExamPlan(models.Model):
    """When XP is earned in a programme with an exam, from how many the exam comes in reach, and how
    many assignments a sample has. Of an assignment that nobody reviews XP is earned when it is
    handed in, whatever the plan says."""

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
    sample_size = models.PositiveSmallIntegerField(
        _("assignments in a sample"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(LARGEST_SAMPLE)],
        help_text=_(
            "Where more themes have work handed in, one of each; where less was handed in, all of "
            "it."
        ),
    )

    class Meta:
        verbose_name = _("exam plan")
        verbose_name_plural = _("exam plans")
        constraints = [
            models.CheckConstraint(
                condition=Q(sample_size__gte=1, sample_size__lte=LARGEST_SAMPLE),
                name="exam_plan_sample_within_reason",
                violation_error_message=_("A sample has 1 to 100 assignments."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.programme)
