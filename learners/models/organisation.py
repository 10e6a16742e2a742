"""Institutions, and the policies that hold for what they offer."""

import zoneinfo
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.models.fields import LinkField

DEFAULT_TIME_ZONE = "Europe/Amsterdam"
KEPT_TOO_SHORT = _("Write 1 year or more; 0 would clear everything. To clear nothing, untick it.")
AT_LEAST_A_DAY = _("Write 1 working day or more.")
MOST_WORKING_DAYS = 60  # some three months
AT_MOST_SO_MANY_DAYS = _("Write 60 working days or fewer.")
WORKING_DAYS = (
    MinValueValidator(1, AT_LEAST_A_DAY),
    MaxValueValidator(MOST_WORKING_DAYS, AT_MOST_SO_MANY_DAYS),
)
AT_LEAST_A_YEAR = MinValueValidator(1, KEPT_TOO_SHORT)


class Language(models.TextChoices):
    DUTCH = "nl", "Nederlands"
    ENGLISH = "en", "English"


class GradeScale(models.TextChoices):
    NUMBERS = "numbers", _("1.0–10.0, passed from 5.5")
    WORDS = "words", _("unsatisfactory, satisfactory, good")


class WhoDecides(models.TextChoices):
    NOBODY = "nobody", _("not allowed")
    ADMINISTRATOR = "administrator", _("an administrator decides")
    INSTITUTION = "institution", _("the institution decides")


class PublicHolidays(models.TextChoices):
    NETHERLANDS = "nl", _("of the Netherlands")
    BELGIUM = "be", _("of Belgium")
    NONE = "none", _("none: weekends only")


def validate_time_zone(name: str) -> None:
    """Refuse a name that is not in the time zone database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone."), params={"name": name})


class Organisation(models.Model):
    """An institution, with the policies that hold for its courses, programmes and exams."""

    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(
        _("code"),
        max_length=8,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9]+$", _("Use capitals and digits only."))],
        help_text=_("Begins the number of every certificate: VAV-2026-000123."),
    )
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.DUTCH
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, default=DEFAULT_TIME_ZONE, validators=[validate_time_zone]
    )

    colour = models.CharField(
        _("colour"),
        max_length=7,
        default="#17389b",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as #17389b."))],
        help_text=_("The colour of its certificates and of its mails."),
    )
    logo = models.ForeignKey(
        "learners.StoredFile",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("PNG or JPEG; white or light on its certificates."),
    )
    signatory_name = models.CharField(_("name of who signs"), max_length=120, blank=True)
    signatory_title = models.CharField(_("title of who signs"), max_length=120, blank=True)

    grade_scale = models.CharField(
        _("grade scale"), max_length=10, choices=GradeScale, default=GradeScale.NUMBERS
    )
    resits = models.CharField(
        _("resits"), max_length=15, choices=WhoDecides, default=WhoDecides.ADMINISTRATOR
    )
    reopening = models.CharField(
        _("reopening an exam"), max_length=15, choices=WhoDecides, default=WhoDecides.ADMINISTRATOR
    )
    early_release = models.BooleanField(_("coaches may release an exam early"), default=False)
    assessors_per_exam = models.PositiveSmallIntegerField(
        _("assessors per exam"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(2)],
    )
    holidays = models.CharField(
        _("public holidays"),
        max_length=4,
        choices=PublicHolidays,
        default=PublicHolidays.NETHERLANDS,
        help_text=_("These days are no working days, and weekends never are."),
    )
    review_days = models.PositiveSmallIntegerField(
        _("working days for a review"),
        default=5,
        validators=WORKING_DAYS,
        help_text=_(
            "By which a coach has reviewed what was handed in; learners read the day on which they "
            "may expect it."
        ),
    )
    sample_days = models.PositiveSmallIntegerField(
        _("working days for a sample"),
        default=5,
        validators=WORKING_DAYS,
        help_text=_("By which a coach has decided whether somebody is ready for the exam."),
    )
    board_days = models.PositiveSmallIntegerField(
        _("working days until the board hears of it"),
        default=5,
        validators=WORKING_DAYS,
        help_text=_(
            "Counted from the day on which a review was due: after so many, the examination board "
            "hears what a coach left lying."
        ),
    )
    programmes_need_subscription = models.BooleanField(
        _("programmes need a subscription"), default=False
    )
    subscription_url = LinkField(_("where a subscription is bought"), blank=True)
    register_open_days = models.PositiveSmallIntegerField(
        _("days that a register stays open"),
        default=30,
        help_text=_("Counted from the last meeting; after that an administrator can reopen it."),
    )
    proof_days = models.PositiveSmallIntegerField(
        _("days to hand in proof of force majeure"),
        default=14,
        help_text=_(
            "Counted from the day on which somebody withdrew too late, and anew from a refusal; 0 "
            "is that day only."
        ),
    )
    enrol_closes_days = models.PositiveSmallIntegerField(
        _("days before a run on which enrolling closes"),
        null=True,
        blank=True,
        help_text=_(
            "So many days before the first meeting is the last day on which learners enrol, for "
            "runs that are planned from now on. Empty: until the run begins."
        ),
    )
    clears_personal_data = models.BooleanField(
        _("clear personal data after these years"),
        default=False,
        help_text=_(
            "Each night, and it cannot be taken back. Look first at what would be cleared: a "
            "button beside the name of the institution says how many people and who."
        ),
    )
    attendance_kept_years = models.PositiveSmallIntegerField(
        _("years that attendance is kept"), default=7, validators=[AT_LEAST_A_YEAR]
    )
    personal_data_kept_years = models.PositiveSmallIntegerField(
        _("years that personal data is kept after the last activity"),
        default=7,
        validators=[AT_LEAST_A_YEAR],
    )

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(assessors_per_exam__range=(1, 2)),
                name="organisation_has_one_or_two_assessors",
                violation_error_message=_("An exam has one or two assessors."),
            ),
            models.CheckConstraint(
                condition=Q(review_days__gte=1, sample_days__gte=1, board_days__gte=1),
                name="organisation_gives_a_working_day_or_more",
                violation_error_message=AT_LEAST_A_DAY,
            ),
            models.CheckConstraint(
                condition=Q(
                    review_days__lte=MOST_WORKING_DAYS,
                    sample_days__lte=MOST_WORKING_DAYS,
                    board_days__lte=MOST_WORKING_DAYS,
                ),
                name="organisation_gives_sixty_working_days_or_fewer",
                violation_error_message=AT_MOST_SO_MANY_DAYS,
            ),
            models.CheckConstraint(
                condition=Q(attendance_kept_years__gte=1, personal_data_kept_years__gte=1),
                name="organisation_keeps_data_for_a_year_or_more",
                violation_error_message=KEPT_TOO_SHORT,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> zoneinfo.ZoneInfo:
        """The zone in which its calendar days begin and end."""
        return zoneinfo.ZoneInfo(self.time_zone)

    def today(self) -> date:
        """Return the calendar day that it is now where the institution is."""
        return self.day_of(timezone.now())

    def day_of(self, moment: datetime) -> date:
        """Return the calendar day of a moment where the institution is."""
        return timezone.localdate(moment, self.tz)

    def beginning_of(self, day: date) -> datetime:
        """Return the moment at which a day begins where the institution is."""
        return datetime(day.year, day.month, day.day, tzinfo=self.tz)
