"""Spans of days in which somebody may work in programmes."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learners.models.organisation import Organisation

TRIAL_LENGTH = timedelta(days=10)


class SubscriptionKind(models.TextChoices):
    TRIAL = "trial", _("free trial")
    PAID = "paid", _("paid")


class Subscription(models.Model):
    """A span of days in which a person may work in programmes, where the institution asks one: of
    one institution, or of all of them where none is named."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="subscriptions",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("institution"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subscriptions",
        help_text=_("Empty: for all institutions, as the free trial is."),
    )
    kind = models.CharField(_("kind"), max_length=5, choices=SubscriptionKind)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), help_text=_("The last day on which it holds."))

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-ends_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(kind=SubscriptionKind.TRIAL),
                name="subscription_one_trial_per_person",
                violation_error_message=_("This person has used the free trial already."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=SubscriptionKind.TRIAL) | Q(organisation=None),
                name="subscription_trial_is_for_all",
                violation_error_message=_("The free trial is for all institutions."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="subscription_ends_after_it_starts",
                violation_error_message=_("A subscription ends after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.where}, {self.starts_on} – {self.ends_on}"

    def counts_at(self, organisation: Organisation) -> bool:
        """Whether it is for this institution, or for all of them."""
        return self.organisation_id in (organisation.pk, None)

    @property
    def where(self) -> str:
        """At which institution it holds, in words."""
        return self.organisation.name if self.organisation else str(_("all institutions"))
