"""What a certification asks, in each of its versions, and how long it is valid."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certifications.models.defining import Certification
from learners.models import IS_ONE_SUBJECT, OfSubject

MONTHS_IN_TEN_YEARS = 120
WHOLE_YEARS = tuple(range(12, MONTHS_IN_TEN_YEARS + 1, 12))


class Validity(models.TextChoices):
    UNLIMITED = "unlimited", _("unlimited")
    RECURRING = "recurring", _("recurring")


class Anchor(models.TextChoices):
    """From which day the period of a renewal is counted."""

    EXPIRY = "expiry", _("the end of the validity before")
    COMPLETION = "completion", _("the day on which it was completed")
    FIXED = "fixed", _("a fixed day of the year")


class Path(models.TextChoices):
    """For whom a requirement is: who begins, who renews, or both."""

    BOTH = "both", _("always")
    FULL = "full", _("the first time, and after the grace is over")
    RENEWAL = "renewal", _("when renewing")


class Touches(models.TextChoices):
    """Whom a new version is for, beside who begins after it."""

    NEXT = "next", _("nobody who is in it now: from the next round on")
    NOT_BEGUN = "not_begun", _("who has not begun yet, too")
    ALL_OPEN = "all_open", _("everybody who has not completed it, too")


class VersionQuerySet(models.QuerySet["CertificationVersion"]):
    def published(self) -> "VersionQuerySet":
        """Keep what somebody can be in."""
        return self.filter(published_at__isnull=False)


class CertificationVersion(models.Model):
    """What a certification asks and how long it is valid; frozen once it is published."""

    certification = models.ForeignKey(
        Certification,
        verbose_name=_("certification"),
        on_delete=models.CASCADE,
        related_name="versions",
    )
    number = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    validity = models.CharField(
        _("type"), max_length=9, choices=Validity, default=Validity.UNLIMITED
    )
    period_months = models.PositiveSmallIntegerField(
        _("valid for, in months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MONTHS_IN_TEN_YEARS)],
    )
    window_days = models.PositiveSmallIntegerField(
        _("renewing begins, in days before the end"), default=0
    )
    grace_days = models.PositiveSmallIntegerField(_("grace, in days after the end"), default=0)
    anchor = models.CharField(
        _("a renewal is counted from"), max_length=10, choices=Anchor, default=Anchor.EXPIRY
    )
    fixed_month = models.PositiveSmallIntegerField(
        _("month of the fixed day"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    fixed_day = models.PositiveSmallIntegerField(
        _("fixed day of that month"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
    )
    due_days = models.PositiveSmallIntegerField(
        _("deadline, in days after it was assigned"), null=True, blank=True
    )
    minimum = models.PositiveSmallIntegerField(
        _("how many of them"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty means all. The mandatory ones must always be among them."),
    )
    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    touches = models.CharField(
        _("whom it is for"),
        max_length=9,
        choices=Touches,
        default=Touches.NEXT,
        editable=False,
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a certification")
        verbose_name_plural = _("versions of certifications")
        ordering = ["certification", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["certification", "number"],
                name="certification_version_number_once",
                violation_error_message=_("This version is there already."),
            ),
            models.UniqueConstraint(
                fields=["certification"],
                condition=Q(published_at=None),
                name="certification_one_draft_at_a_time",
                violation_error_message=_("Another version is being made already."),
            ),
            models.CheckConstraint(
                condition=Q(validity="recurring", period_months__gte=1)
                | Q(validity="unlimited", period_months=None, window_days=0, grace_days=0),
                name="certification_recurring_has_a_period",
                violation_error_message=_(
                    "What recurs has a period; what is unlimited has no period, window or grace."
                ),
            ),
            models.CheckConstraint(
                condition=(
                    Q(anchor="fixed", validity="recurring")
                    & Q(fixed_month__range=(1, 12), fixed_day__range=(1, 28))
                )
                | (~Q(anchor="fixed") & Q(fixed_month=None, fixed_day=None)),
                name="certification_fixed_anchor_is_a_day",
                violation_error_message=_("Give the day and the month of a fixed day, only then."),
            ),
            models.CheckConstraint(
                condition=~Q(anchor="fixed") | Q(period_months__in=WHOLE_YEARS),
                name="certification_fixed_period_is_years",
                violation_error_message=_("A fixed day of the year goes with whole years: 12, 24."),
            ),
            models.CheckConstraint(
                condition=Q(minimum=None) | Q(minimum__gte=1),
                name="certification_minimum_is_something",
                violation_error_message=_("At least one of them."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certification} {self.number}"

    @property
    def is_frozen(self) -> bool:
        """Whether it can no longer be changed: somebody may be in it."""
        return self.published_at is not None

    @property
    def is_recurring(self) -> bool:
        return self.validity == Validity.RECURRING


class Requirement(OfSubject):
    """A course or a programme that a version asks for."""

    version = models.ForeignKey(
        CertificationVersion, on_delete=models.CASCADE, related_name="requirements"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    is_mandatory = models.BooleanField(_("mandatory"), default=False)
    accepts_days_old = models.PositiveSmallIntegerField(
        _("accepts results up to so many days old"),
        default=0,
        help_text=_("Counted back from the day on which the round begins."),
    )
    path = models.CharField(_("asked"), max_length=7, choices=Path, default=Path.BOTH)

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=IS_ONE_SUBJECT,
                name="requirement_is_a_course_or_a_programme",
                violation_error_message=_("Choose a course or a programme, not both."),
            ),
            models.UniqueConstraint(
                fields=["version", "course"],
                name="requirement_course_once",
                violation_error_message=_("This course is asked already."),
            ),
            models.UniqueConstraint(
                fields=["version", "programme"],
                name="requirement_programme_once",
                violation_error_message=_("This programme is asked already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.subject)

    def clean(self) -> None:
        """What is asked is offered by the institution whose certification it is."""
        found = self.course or self.programme
        if found and self.version.certification.organisation_id != found.organisation_id:
            raise ValidationError(_("This is something of another institution."))
