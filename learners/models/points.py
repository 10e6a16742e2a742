"""Study points: a ledger for each learner and course."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.models.catalogue import Course


class StudyPointAccount(models.Model):
    """What a learner has of one course's points. This row is locked while points are written."""

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("learner"),
        on_delete=models.PROTECT,
        related_name="point_accounts",
    )
    course = models.ForeignKey(
        Course, verbose_name=_("course"), on_delete=models.PROTECT, related_name="point_accounts"
    )
    total = models.PositiveIntegerField(
        _("total"), default=0, help_text=_("What counts, after the course’s maximum.")
    )

    class Meta:
        verbose_name = _("account of study points")
        verbose_name_plural = _("accounts of study points")
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "course"],
                name="point_account_once_per_course",
                violation_error_message=_("This learner has an account for this course."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner} · {self.course}: {self.total}"


class StudyPointEntry(models.Model):
    """One line of the ledger, never edited. A counter-entry takes back exactly one other."""

    account = models.ForeignKey(StudyPointAccount, on_delete=models.PROTECT, related_name="entries")
    points = models.IntegerField(_("points"))
    ignores_maximum = models.BooleanField(_("ignores the maximum"), default=False)
    cause = models.CharField(
        _("cause"),
        max_length=60,
        unique=True,
        help_text=_("The change of status or the mark that earned them, once."),
    )
    reverses = models.OneToOneField(
        "self",
        verbose_name=_("takes back"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reversed_by",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("entry of study points")
        verbose_name_plural = _("entries of study points")
        ordering = ["-pk"]
        permissions = [("ignore_maximum", _("May ignore the maximum of study points of a course"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(reverses=None, points__gt=0) | Q(reverses__isnull=False, points__lt=0),
                name="point_entry_earns_or_reverses",
                violation_error_message=_("An entry earns points, or takes another one back."),
            ),
            models.CheckConstraint(
                condition=Q(ignores_maximum=False) | Q(reason__gt="") | Q(reverses__isnull=False),
                name="point_entry_over_the_maximum_has_a_reason",
                violation_error_message=_("Say why the maximum is ignored."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points:+d} ({self.cause})"
