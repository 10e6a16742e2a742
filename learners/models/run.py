"""The executions of a course, and the meetings at which its people come together."""

from datetime import date, datetime, time, timedelta

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


def register_open_on(today: date) -> Q:
    """Keep runs whose register a teacher may still change on this day."""
    in_time = Q(register_open_until=None) | Q(register_open_until__gte=today)
    return in_time & Q(register_closed_at=None)


class RunQuerySet(models.QuerySet["Run"]):
    def taught_by(self, user: User) -> "RunQuerySet":
        """Keep the runs whose register this person may open: those that they give; for
        administrators all."""
        return self if user.is_staff else self.given_by(user)

    def given_by(self, user: User) -> "RunQuerySet":
        """Keep the runs that name this person, or of which a meeting that goes on does, as long as
        they are a teacher at the institution."""
        named = Run.teachers.through.objects.filter(user=user).values("run")
        at_a_meeting = Meeting.teachers.through.objects.filter(
            user=user, meeting__cancelled_at=None
        ).values("meeting__run")
        return self._at_their_institution(user).filter(pk__in=named.union(at_a_meeting))

    def planned_by(self, user: User) -> "RunQuerySet":
        """Keep the runs whose meetings this person plans: those that name them as a teacher of the
        whole run; for administrators all."""
        return self if user.is_staff else self._at_their_institution(user).filter(teachers=user)

    def _at_their_institution(self, user: User) -> "RunQuerySet":
        here = Membership.objects.of(user, Role.TEACHER).filter(
            organisation=OuterRef("course__organisation")
        )
        return self.filter(Exists(here))

    def coming(self, now: datetime) -> "RunQuerySet":
        """Keep the runs that somebody who has to choose one can still choose."""
        return self.filter(cancelled_at=None, enrol_closes_at__gt=now)

    def open_for_enrolment(self, now: datetime) -> "RunQuerySet":
        """Keep what learners may enrol in themselves, and can still."""
        return self.filter(
            Q(course__archived_at=None) | Q(course__archived_at__gt=now),
            course__open_for_enrolment=True,
            course__published_at__lte=now,
            cancelled_at=None,
            enrol_closes_at__gt=now,
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
    enrol_until = models.DateField(
        _("enrolling until"),
        null=True,
        blank=True,
        help_text=_(
            "The last day on which learners enrol, change their run and move up from the waiting "
            "list by themselves; later only an administrator lets them. Empty: until it begins."
        ),
    )
    enrol_closes_at = models.DateTimeField(
        _("enrolling closes at"), null=True, blank=True, editable=False
    )
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True, editable=False)
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True, editable=False)
    register_open_until = models.DateField(
        _("register open until"),
        null=True,
        blank=True,
        help_text=_("The last day; later only an administrator changes the register."),
    )
    register_closed_at = models.DateTimeField(
        _("register closed at"), null=True, blank=True, editable=False
    )
    register_closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("register closed by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-starts_at", "pk"]
        indexes = [
            models.Index(fields=["starts_at"]),
            models.Index(fields=["ends_at"]),
            models.Index(fields=["enrol_closes_at"]),
        ]
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
            models.CheckConstraint(
                condition=Q(enrol_closes_at=None)
                | Q(starts_at__isnull=False, enrol_closes_at__lte=F("starts_at")),
                name="run_enrolling_closes_before_it_starts",
                violation_error_message=_("Enrolling closes before a run starts."),
            ),
            models.CheckConstraint(
                condition=Q(register_closed_at=None, register_closed_by=None)
                | Q(register_closed_at__isnull=False, register_closed_by__isnull=False),
                name="run_register_is_closed_by_somebody",
                violation_error_message=_("A register that is closed by hand says by whom."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} · {self.code}"

    def first_day(self, organisation: Organisation) -> date | None:
        """Return the day of the first meeting where the institution is; None without meetings."""
        return organisation.day_of(self.starts_at) if self.starts_at else None

    def last_day(self, organisation: Organisation) -> date | None:
        """Return the day of the last meeting where the institution is; None without meetings."""
        return organisation.day_of(self.ends_at) if self.ends_at else None

    def closing(self, organisation: Organisation) -> datetime | None:
        """Return from when learners can no longer enrol by themselves: after the last day to, where
        the institution is, and never later than it begins; None without meetings."""
        if self.starts_at is None or self.enrol_until is None:
            return self.starts_at
        next_day = self.enrol_until + timedelta(days=1)
        return min(self.starts_at, datetime.combine(next_day, time.min, organisation.tz))

    def takes_learners(self, now: datetime) -> bool:
        """Whether learners can still enter it, change to it and move up in it by themselves."""
        closes_at = self.enrol_closes_at
        return self.cancelled_at is None and closes_at is not None and now < closes_at

    def register_is_open(self, today: date) -> bool:
        """Whether a teacher may still change its register on this day: nobody closed it by hand,
        and its last day is not over."""
        in_time = self.register_open_until is None or today <= self.register_open_until
        return in_time and self.register_closed_at is None


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def going_on(self) -> "MeetingQuerySet":
        """Keep those that were not cancelled."""
        return self.filter(cancelled_at=None)

    def given_by(self, user: User) -> "MeetingQuerySet":
        """Keep those that this person gives: that name them, or name nobody and are of a run that
        does. Who is no teacher at the institution gives none."""
        names = Meeting.teachers.through.objects
        by_name = Q(pk__in=names.filter(user=user).values("meeting"))
        of_run = Run.teachers.through.objects.filter(user=user).values("run")
        by_run = Q(run__in=of_run) & ~Exists(names.filter(meeting=OuterRef("pk")))
        return self.filter(by_name | by_run, run__in=Run.objects.given_by(user))

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
    teachers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("teachers of this meeting"),
        blank=True,
        related_name="taught_meetings",
        limit_choices_to={"memberships__role": Role.TEACHER},
        help_text=_("Empty: all teachers of the run give it."),
    )
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
