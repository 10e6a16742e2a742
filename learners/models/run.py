"""The executions of a course, and the meetings at which its people come together."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from learners.models.catalogue import Course
from learners.models.fields import LinkField
from learners.models.organisation import Organisation
from learners.models.people import Membership, Role, User


class RunQuerySet(models.QuerySet["Run"]):
    def taught_by(self, user: User) -> "RunQuerySet":
        """Keep the runs whose register this person may open: those that they give; for
        administrators all."""
        return self if user.is_staff else self.given_by(user)

    def given_by(self, user: User) -> "RunQuerySet":
        """Keep the runs that name this person, as long as they are a teacher at the institution."""
        here = Membership.objects.of(user, Role.TEACHER).filter(
            organisation=OuterRef("course__organisation")
        )
        return self.filter(Exists(here), teachers=user)

    def open_for_enrolment(self, now: datetime) -> "RunQuerySet":
        """Keep what learners may enrol in themselves and has yet to begin."""
        return self.filter(
            Q(course__archived_at=None) | Q(course__archived_at__gt=now),
            course__open_for_enrolment=True,
            course__published_at__lte=now,
            cancelled_at=None,
            starts_at__gt=now,
        )


class Run(models.Model):
    """One execution of a course that has meetings, with its teachers and who is booked on it."""

    course = models.ForeignKey(
        Course, verbose_name=_("course"), on_delete=models.PROTECT, related_name="runs"
    )
    code = models.CharField(_("code"), max_length=40)
    teachers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("teachers"),
        blank=True,
        related_name="taught_runs",
        limit_choices_to={"memberships__role": Role.TEACHER},
    )
    capacity = models.PositiveSmallIntegerField(
        _("capacity"), null=True, blank=True, help_text=_("Empty means that there is no limit.")
    )
    place = models.CharField(_("place"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True, editable=False)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True, editable=False)
    register_open_until = models.DateField(
        _("register open until"),
        null=True,
        blank=True,
        help_text=_("The last day; later only an administrator changes the register."),
    )

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-starts_at", "pk"]
        indexes = [models.Index(fields=["starts_at"]), models.Index(fields=["ends_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "code"],
                name="run_code_once_per_course",
                violation_error_message=_("Another run of this course has this code."),
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="run_ends_after_it_starts",
                violation_error_message=_("A run ends after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} · {self.code}"

    def first_day(self, organisation: Organisation) -> date | None:
        """Return the day of the first meeting where the institution is; None without meetings."""
        return timezone.localdate(self.starts_at, organisation.tz) if self.starts_at else None

    def last_day(self, organisation: Organisation) -> date | None:
        """Return the day of the last meeting where the institution is; None without meetings."""
        return timezone.localdate(self.ends_at, organisation.tz) if self.ends_at else None

    def register_is_open(self, today: date) -> bool:
        """Whether a teacher may still change its register on this day."""
        return self.register_open_until is None or today <= self.register_open_until


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def going_on(self) -> "MeetingQuerySet":
        """Keep those that were not cancelled."""
        return self.filter(cancelled_at=None)

    def begun(self, now: datetime) -> "MeetingQuerySet":
        """Keep those about which there is something to record."""
        return self.going_on().filter(begins_at__lte=now)


class Meeting(models.Model):
    """One time at which the people of a run come together."""

    run = models.ForeignKey(
        Run, verbose_name=_("run"), on_delete=models.CASCADE, related_name="meetings"
    )
    begins_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    link = LinkField(_("link"), blank=True, help_text=_("For a meeting online."))
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["begins_at", "pk"]
        indexes = [models.Index(fields=["begins_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")),
                name="meeting_ends_after_it_begins",
                violation_error_message=_("A meeting ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        begin = date_format(timezone.localtime(self.begins_at), "DATETIME_FORMAT")
        return f"{self.run}, {begin}"
