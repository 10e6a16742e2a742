"""Codes that become paid time in programmes: made in batches, each used once."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.models.organisation import Organisation
from learners.models.subscription import Subscription

MOST_DAYS = 3_660  # ten years
MOST_CODES = 5_000
LENGTH = 12
WHOLE_USE = Q(used_at=None, used_by=None, subscription=None) | Q(
    used_at__isnull=False, used_by__isnull=False, subscription__isnull=False
)


class SubscriptionCodeBatch(models.Model):
    """Codes of one institution that were made together: each gives so many days, once, until a
    last day on which it may be used."""

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        related_name="code_batches",
    )
    name = models.CharField(
        _("name"), max_length=100, help_text=_("For whom or what they are; learners do not see it.")
    )
    days = models.PositiveSmallIntegerField(
        _("days"),
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text=_("How long one code lasts, its first day included."),
    )
    number = models.PositiveSmallIntegerField(
        _("number of codes"), validators=[MinValueValidator(1), MaxValueValidator(MOST_CODES)]
    )
    ends_on = models.DateField(
        _("usable until"),
        help_text=_("The last day on which a code can be used, where the institution is."),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("batch of codes")
        verbose_name_plural = _("batches of codes")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(days__range=(1, MOST_DAYS)),
                name="code_batch_gives_days",
                violation_error_message=_("A code gives from 1 to 3,660 days."),
            ),
            models.CheckConstraint(
                condition=Q(number__range=(1, MOST_CODES)),
                name="code_batch_has_codes",
                violation_error_message=_("A batch has from 1 to 5,000 codes."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.organisation}"

    def is_over(self, day: date) -> bool:
        """Whether its codes can be used no more on this day, the institution's."""
        return day > self.ends_on


class SubscriptionCodeQuerySet(models.QuerySet["SubscriptionCode"]):
    def used(self) -> "SubscriptionCodeQuerySet":
        """Keep those that somebody used."""
        return self.filter(used_at__isnull=False)

    def unused(self) -> "SubscriptionCodeQuerySet":
        """Keep those that nobody used and nobody withdrew."""
        return self.filter(used_at=None, withdrawn_at=None)


class SubscriptionCode(models.Model):
    """A code of a batch, and what became of it."""

    batch = models.ForeignKey(
        SubscriptionCodeBatch,
        verbose_name=_("batch of codes"),
        on_delete=models.PROTECT,
        related_name="codes",
    )
    code = models.CharField(_("code"), max_length=LENGTH, unique=True)
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("used by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subscription_codes",
    )
    subscription = models.OneToOneField(
        Subscription,
        verbose_name=_("subscription"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="code",
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = SubscriptionCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription code")
        verbose_name_plural = _("subscription codes")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=WHOLE_USE,
                name="subscription_code_is_used_whole",
                violation_error_message=_("A used code says when, by whom and for what."),
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(withdrawn_at=None),
                name="subscription_code_used_is_not_withdrawn",
                violation_error_message=_("A code that was used is not withdrawn."),
            ),
        ]

    def __str__(self) -> str:
        return self.code
