"""What people were reminded of: each moment of a cycle once, to each person whom it concerns."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certifications.models.cycle import Cycle


class Moment(models.TextChoices):
    """What a reminder is about, in the order in which it comes."""

    DUE = "due", _("the deadline comes near")
    LATE = "late", _("the deadline is over")
    OPENS = "opens", _("renewing has begun")
    ENDS = "ends", _("the end comes near")
    ENDED = "ended", _("it has expired")
    CLOSES = "closes", _("the grace is nearly over")
    LAPSED = "lapsed", _("the grace is over")


class Reminder(models.Model):
    """Something of a cycle that somebody is to be told, and was as soon as `told_at` is set.

    `on` is the day that it is about: where that day is corrected, people are reminded anew.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="reminders")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    moment = models.CharField(_("about"), max_length=6, choices=Moment)
    days = models.PositiveSmallIntegerField(_("days before"), default=0)
    on = models.DateField(_("day"))
    created_at = models.DateTimeField(_("made at"), default=timezone.now)
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["user"], condition=Q(told_at=None), name="reminder_to_tell"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "user", "moment", "days", "on"],
                name="reminder_once_per_person",
                violation_error_message=_("This person has been reminded of it already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_moment_display()} · {self.user}"
