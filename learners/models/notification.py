"""What people are told, in the product and by mail."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.models.people import User

ATTEMPTS = 10  # to mail it, each after twice as long as the one before


class NotificationQuerySet(models.QuerySet["Notification"]):
    def for_user(self, user: User) -> "NotificationQuerySet":
        """Keep what this person was told."""
        return self.filter(user=user)

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)

    def to_mail(self) -> "NotificationQuerySet":
        """Keep what still has to be mailed; refused too often, it stays in the product alone."""
        return self.filter(
            mailed_at=None,
            failures__lt=ATTEMPTS,
            user__is_active=True,
            user__email__isnull=False,
        )


class Notification(models.Model):
    """Something a person is told once. Its words are made when it is shown, in their language.

    `kind` is '<app>/<name>' and names the templates that say it; `params` fill them.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="notifications",
    )
    organisation = models.ForeignKey(
        "learners.Organisation",
        verbose_name=_("institution"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("As which it is told; empty: as Mijlpaal."),
    )
    kind = models.CharField(_("kind"), max_length=60)
    params = models.JSONField(_("parameters"), default=dict)
    url = models.CharField(_("address"), max_length=200, blank=True)
    key = models.CharField(
        _("key"), max_length=100, help_text=_("The same key is told to the same person once.")
    )
    created_at = models.DateTimeField(_("at"), default=timezone.now)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    claimed_at = models.DateTimeField(_("claimed for mailing at"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("failed attempts to mail"), default=0)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(mailed_at=None), name="notification_to_mail"
            ),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notification_unread"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"],
                name="notification_once_per_key",
                violation_error_message=_("This person has been told already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.user}"
