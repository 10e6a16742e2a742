"""Who is to earn what: the assignment, how somebody came to it, and how it ended."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certifications.models.days import days_of_moments
from certifications.models.defining import Certification


class AssigningMode(models.TextChoices):
    """How somebody came to it: they have to, they may accept or decline, or they chose it."""

    MANDATORY = "mandatory", _("mandatory")
    NOMINATED = "nominated", _("nominated")
    CHOSEN = "chosen", _("chosen by oneself")


class EndedAs(models.TextChoices):
    """Who ended it: the learner, who was nominated, or somebody of the institution or a rule."""

    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class CertificationAssignmentQuerySet(models.QuerySet["CertificationAssignment"]):
    def going_on(self) -> "CertificationAssignmentQuerySet":
        """Keep what was neither declined nor withdrawn."""
        return self.filter(ended_at=None)


class CertificationAssignment(models.Model):
    """A learner who is to earn a certification, or does so of their own choice."""

    certification = models.ForeignKey(
        Certification,
        verbose_name=_("certification"),
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("learner"),
        on_delete=models.PROTECT,
        related_name="certification_assignments",
    )
    mode = models.CharField(_("how"), max_length=9, choices=AssigningMode)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    assigned_at = models.DateTimeField(_("assigned at"), default=timezone.now)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_as = models.CharField(_("ended as"), max_length=9, choices=EndedAs, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("ended by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    ended_because = models.CharField(_("ended because"), max_length=500, blank=True)
    rule = models.ForeignKey(
        "certifications.AssigningRule",
        verbose_name=_("rule"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="assignments",
        help_text=_("Which asked for it."),
    )
    is_ended_by_rule = models.BooleanField(
        _("ended by its rule"),
        default=False,
        help_text=_("Who fits the rule again gets it again."),
    )

    objects = CertificationAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assigned certification")
        verbose_name_plural = _("assigned certifications")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["ended_as"], condition=Q(ended_on__isnull=False), name="assignment_ended"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["certification", "learner"],
                condition=Q(ended_at=None),
                name="assignment_once_per_learner",
                violation_error_message=_("This person has this certification already."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_as="", ended_by=None)
                | Q(ended_at__isnull=False, ended_as__gt="", ended_by__isnull=False),
                name="assignment_ended_says_how_and_by_whom",
                violation_error_message=_("Say how it ended, and by whom."),
            ),
            *days_of_moments("assignment", "ended"),
            models.CheckConstraint(
                condition=~Q(mode="mandatory", ended_as="declined"),
                name="assignment_mandatory_is_not_declined",
                violation_error_message=_("What is mandatory cannot be declined."),
            ),
            models.CheckConstraint(
                condition=Q(is_ended_by_rule=False)
                | Q(ended_as=EndedAs.WITHDRAWN, rule__isnull=False),
                name="assignment_ended_by_a_rule_has_one",
                violation_error_message=_("Only its rule can have ended it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner} · {self.certification}"

    @property
    def is_accepted(self) -> bool:
        """Whether results count: who was nominated has to accept first."""
        return self.mode != AssigningMode.NOMINATED or self.accepted_at is not None
