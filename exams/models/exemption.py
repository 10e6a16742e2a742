"""Who need not make an assignment, as the examination board decided."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exams.models.work import Work


class AssignmentExemption(models.Model):
    """Somebody need not make an assignment: who decided so, and why."""

    work = models.ForeignKey(Work, on_delete=models.PROTECT, related_name="exemptions")
    ground = models.CharField(_("ground"), max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("ended by"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("exemption from an assignment")
        verbose_name_plural = _("exemptions from assignments")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["work"],
                condition=Q(ended_at=None),
                name="assignment_exemption_one_at_a_time",
                violation_error_message=_("This person is exempt already."),
            ),
            models.CheckConstraint(
                condition=Q(ground__gt=""),
                name="assignment_exemption_says_why",
                violation_error_message=_("Say why; the learner reads it."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="assignment_exemption_ended_says_by_whom",
                violation_error_message=_("Say who ended it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.work}: {self.ground}"
