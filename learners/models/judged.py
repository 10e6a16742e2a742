"""What all evidence shares that somebody hands in and somebody else judges, whatever it proves."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EvidenceState(models.TextChoices):
    SUBMITTED = "submitted", _("handed in")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")


class JudgedEvidence(models.Model):
    """Evidence with its verdict: who decided, when, and for a refusal why."""

    state = models.CharField(
        _("state"), max_length=9, choices=EvidenceState, default=EvidenceState.SUBMITTED
    )
    submitted_at = models.DateTimeField(_("handed in at"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        abstract = True
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="submitted", decided_at=None, decided_by=None, reason="")
                | Q(
                    ~Q(state="submitted"),
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="%(class)s_decided_says_by_whom",
                violation_error_message=_("Say who decided."),
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | Q(reason__gt=""),
                name="%(class)s_refused_says_why",
                violation_error_message=_("Say why the proof is refused."),
            ),
        ]

    @property
    def waits(self) -> bool:
        """Whether nobody judged it yet."""
        return self.state == EvidenceState.SUBMITTED
