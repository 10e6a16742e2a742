"""Who was at which meeting, who said so, and the acts of saving a register."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.models import Enrolment, Meeting, Run, StudyStatusChange, User


class Presence(models.TextChoices):
    """'Not recorded' has no row: it is never counted as absent."""

    PRESENT = "present", _("present")
    ABSENT = "absent", _("absent")


A_DAY = 24 * 60  # minutes
LONGEST_EXCUSE = 120


class RegisterDraft(models.Model):
    """What somebody typed in a form of a register and has not saved: kept while they filter, turn
    pages or answer a question. The token is the form's."""

    token = models.UUIDField(_("token"), unique=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(
        Run, verbose_name=_("run"), on_delete=models.CASCADE, related_name="register_drafts"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.CASCADE, related_name="+"
    )
    content = models.JSONField(_("content"), default=dict)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now)

    class Meta:
        verbose_name = _("draft of a register")
        verbose_name_plural = _("drafts of registers")
        indexes = [models.Index(fields=["run", "by", "-updated_at"])]

    def __str__(self) -> str:
        return f"{self.run}, {self.by}"


class RegisterSavingQuerySet(models.QuerySet["RegisterSaving"]):
    def for_user(self, user: User) -> "RegisterSavingQuerySet":
        """Keep those of the runs whose register this person may open."""
        return self.filter(run__in=Run.objects.taught_by(user))


class RegisterSaving(models.Model):
    """One press of 'continue': its token makes a double click one saving, and it can be undone."""

    token = models.UUIDField(_("token"), unique=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(
        Run, verbose_name=_("run"), on_delete=models.PROTECT, related_name="register_savings"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    summary = models.JSONField(_("summary"), default=dict)
    status_changes = models.ManyToManyField(
        StudyStatusChange, verbose_name=_("changes of study status"), related_name="savings"
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    objects = RegisterSavingQuerySet.as_manager()

    class Meta:
        verbose_name = _("saving of a register")
        verbose_name_plural = _("savings of registers")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.run}, {self.at:%Y-%m-%d %H:%M}"


class Attendance(models.Model):
    """A mark: whether a participant was at a meeting.

    Its version is the key of the change that made it, so that it grows with every change and never
    comes back, also where a mark was taken away in between.
    """

    meeting = models.ForeignKey(
        Meeting, verbose_name=_("meeting"), on_delete=models.PROTECT, related_name="marks"
    )
    enrolment = models.ForeignKey(
        Enrolment, verbose_name=_("participant"), on_delete=models.PROTECT, related_name="marks"
    )
    presence = models.CharField(_("presence"), max_length=7, choices=Presence)
    minutes_late = models.PositiveSmallIntegerField(_("minutes late"), default=0)
    minutes_early = models.PositiveSmallIntegerField(_("minutes left early"), default=0)
    is_excused = models.BooleanField(_("excused"), default=False)
    excuse = models.CharField(_("reason, for staff"), max_length=LONGEST_EXCUSE, blank=True)
    version = models.PositiveBigIntegerField(_("version"), unique=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "enrolment"],
                name="mark_once_per_meeting",
                violation_error_message=_("This participant has a mark for this meeting."),
            ),
            models.CheckConstraint(
                condition=Q(presence=Presence.PRESENT) | Q(minutes_late=0, minutes_early=0),
                name="mark_minutes_are_of_who_was_present",
                violation_error_message=_("Minutes belong to who was present."),
            ),
            models.CheckConstraint(
                condition=Q(minutes_late__lte=A_DAY, minutes_early__lte=A_DAY),
                name="mark_minutes_are_less_than_a_day",
                violation_error_message=_("That is longer than a day."),
            ),
            models.CheckConstraint(
                condition=Q(presence=Presence.ABSENT) | Q(is_excused=False),
                name="mark_excused_is_absent",
                violation_error_message=_("Only who was absent can be excused."),
            ),
            models.CheckConstraint(
                condition=Q(is_excused=True) | Q(excuse=""),
                name="mark_reason_is_of_who_is_excused",
                violation_error_message=_("A reason belongs to who is excused."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.get_presence_display()}"


class AttendanceChange(models.Model):
    """One step in the history of a mark; an empty side means not recorded."""

    meeting = models.ForeignKey(
        Meeting, verbose_name=_("meeting"), on_delete=models.PROTECT, related_name="mark_changes"
    )
    enrolment = models.ForeignKey(
        Enrolment,
        verbose_name=_("participant"),
        on_delete=models.PROTECT,
        related_name="mark_changes",
    )
    saving = models.ForeignKey(
        RegisterSaving,
        verbose_name=_("saving"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="mark_changes",
    )
    from_presence = models.CharField(_("from"), max_length=7, choices=Presence, blank=True)
    from_minutes_late = models.PositiveSmallIntegerField(_("minutes late before"), default=0)
    from_minutes_early = models.PositiveSmallIntegerField(_("minutes early before"), default=0)
    from_is_excused = models.BooleanField(_("excused before"), default=False)
    from_excuse = models.CharField(_("reason before"), max_length=LONGEST_EXCUSE, blank=True)
    to_presence = models.CharField(_("to"), max_length=7, choices=Presence, blank=True)
    to_minutes_late = models.PositiveSmallIntegerField(_("minutes late"), default=0)
    to_minutes_early = models.PositiveSmallIntegerField(_("minutes left early"), default=0)
    to_is_excused = models.BooleanField(_("excused"), default=False)
    to_excuse = models.CharField(_("reason"), max_length=LONGEST_EXCUSE, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("change of a mark")
        verbose_name_plural = _("changes of marks")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["meeting", "enrolment"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(
                    from_presence=F("to_presence"),
                    from_minutes_late=F("to_minutes_late"),
                    from_minutes_early=F("to_minutes_early"),
                    from_is_excused=F("to_is_excused"),
                    from_excuse=F("to_excuse"),
                ),
                name="mark_change_changes_something",
                violation_error_message=_("Nothing changes."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_presence or '–'} → {self.to_presence or '–'}"


class Participation(Enrolment):
    """An enrolment in a course, as administrators change its study status: with what follows from
    it above the ground floor."""

    class Meta:
        proxy = True
        verbose_name = _("participant")
        verbose_name_plural = _("participants and their study status")


class Register(Run):
    """A run, as administrators open and close its register."""

    class Meta:
        proxy = True
        verbose_name = _("register")
        verbose_name_plural = _("registers")
