"""How an enrolment came to stand where it stands; also the outbox of what follows."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.models.enrolment import Enrolment, StudyStatus


class Actor(models.TextChoices):
    """As what somebody changes a study status; what each may do is in `status_rules.py`."""

    SYSTEM = "system", _("the system")
    LEARNER = "learner", _("the learner")
    TEACHER = "teacher", _("a teacher")
    ADMINISTRATOR = "administrator", _("an administrator")
    BOARD = "board", _("the examination board")


# What has a day of its own, whenever it is said.
RESULTS = frozenset({StudyStatus.COMPLETED, StudyStatus.NOT_PASSED})


class StudyStatusChangeQuerySet(models.QuerySet["StudyStatusChange"]):
    def waiting(self) -> "StudyStatusChangeQuerySet":
        """Keep what has not been looked at yet."""
        return self.filter(handled_at=None)

    def due(self, now: datetime) -> "StudyStatusChangeQuerySet":
        """Keep what may have its consequences now."""
        return self.waiting().filter(due_at__lte=now)


class StudyStatusChange(models.Model):
    """One step in the history of an enrolment; also the outbox of its consequences.

    A row that is due says no more than 'look at this enrolment'. Without `due_at` it waits for a
    person's answer. The newest row of an enrolment is the only one that waits.
    """

    enrolment = models.ForeignKey(
        Enrolment,
        verbose_name=_("enrolment"),
        on_delete=models.CASCADE,
        related_name="status_changes",
    )
    from_status = models.CharField(_("from"), max_length=20, choices=StudyStatus, blank=True)
    to_status = models.CharField(_("to"), max_length=20, choices=StudyStatus)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    actor = models.CharField(_("as"), max_length=13, choices=Actor)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    notified_on = models.DateField(
        _("let know on"), null=True, blank=True, help_text=_("The day somebody withdrew.")
    )
    counts_from = models.DateField(
        _("counts from"),
        null=True,
        blank=True,
        help_text=_("The day of the result; empty where meetings or the change itself say it."),
    )
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    tells_learner = models.BooleanField(_("tells the learner"), default=True)
    due_at = models.DateTimeField(_("consequences from"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("issued early by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)

    objects = StudyStatusChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of study status")
        verbose_name_plural = _("changes of study status")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(handled_at=None), name="status_change_outbox"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(handled_at=None),
                name="status_change_one_waits_per_enrolment",
                violation_error_message=_("A change of this enrolment waits already."),
            ),
            models.CheckConstraint(
                condition=~Q(from_status=F("to_status")),
                name="status_change_changes_something",
                violation_error_message=_("Nothing changes."),
            ),
            models.CheckConstraint(
                condition=Q(counts_from=None) | Q(to_status__in=sorted(RESULTS)),
                name="status_change_only_a_result_has_a_day",
                violation_error_message=_("Only a result counts from a day of its own."),
            ),
            models.CheckConstraint(
                condition=Q(actor=Actor.SYSTEM, by=None)
                | (~Q(actor=Actor.SYSTEM) & Q(by__isnull=False)),
                name="status_change_says_by_whom",
                violation_error_message=_("Only what the system does is done by nobody."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_status_display() or '–'} → {self.get_to_status_display()}"
