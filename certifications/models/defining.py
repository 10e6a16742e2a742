"""What a certification is, and what it asks in each of its versions."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.models import Course, Membership, Organisation, Programme, StoredFile, User
from learners.models.catalogue import Titled

MONTHS_IN_TEN_YEARS = 120


class CertificationKind(models.TextChoices):
    """Internal is earned here; external is earned elsewhere, and shown by a proof."""

    INTERNAL = "internal", _("internal")
    EXTERNAL = "external", _("external")


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


class CertificationQuerySet(models.QuerySet["Certification"]):
    def published(self) -> "CertificationQuerySet":
        """Keep what can be assigned and chosen now."""
        return self.filter(published_at__lte=timezone.now(), retired_at=None)

    def for_learner(self, user: User) -> "CertificationQuerySet":
        """Keep what somebody may open: what they are or were in, and what they may choose."""
        mine = Q(pk__in=Certification.objects.filter(assignments__learner=user).values("pk"))
        return self.filter(mine | Q(pk__in=Certification.objects.choosable_by(user).values("pk")))

    def choosable_by(self, user: User) -> "CertificationQuerySet":
        """Keep what this person may begin by themselves: open for it, at an institution of theirs,
        and not theirs already."""
        institutions = Membership.objects.filter(user=user).values("organisation")
        taken = Certification.objects.filter(
            assignments__learner=user, assignments__ended_at=None
        ).values("pk")
        offered = self.published().filter(open_to_learners=True, organisation__in=institutions)
        return offered.exclude(pk__in=taken)


class Certification(Titled):
    """Something that people earn by completing what it asks, or by proving that they have it."""

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        related_name="certifications",
    )
    code = models.CharField(_("code"), max_length=40)
    kind = models.CharField(
        _("kind"), max_length=8, choices=CertificationKind, default=CertificationKind.INTERNAL
    )
    issuer = models.CharField(
        _("issued by"),
        max_length=120,
        blank=True,
        help_text=_("Who gives it, where that is not the institution itself: “Rode Kruis”."),
    )
    open_to_learners = models.BooleanField(
        _("learners choose it themselves"),
        default=False,
        help_text=_("Those of the institution; otherwise it is only for whom you assign."),
    )
    badge = models.ForeignKey(
        StoredFile,
        verbose_name=_("badge"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    badge_colour = models.CharField(
        _("colour of the badge"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as #17389b."))],
        help_text=_("Empty is the colour of the institution."),
    )
    approvers = models.ManyToManyField(
        User,
        verbose_name=_("who judges proofs"),
        blank=True,
        related_name="certifications_judged",
        help_text=_("Beside the administrators, who can always do so."),
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True, editable=False)

    objects = CertificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("certification")
        verbose_name_plural = _("certifications")
        ordering = ["title_nl", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code"],
                name="certification_code_once_per_organisation",
                violation_error_message=_("Another certification here has this code."),
            ),
            models.CheckConstraint(
                condition=Q(retired_at=None) | Q(published_at__isnull=False),
                name="certification_retired_was_published",
                violation_error_message=_("Only what was published can be retired."),
            ),
        ]

    def get_absolute_url(self) -> str:
        """The page on which a learner sees what it asks of them."""
        return reverse("certifications:my_certification_detail", args=[self.pk])

    @property
    def badge_url(self) -> str:
        """The picture of its badge."""
        return reverse("certifications:badge_show", args=[self.pk])

    @property
    def is_external(self) -> bool:
        """Whether it is earned elsewhere."""
        return self.kind == CertificationKind.EXTERNAL

    @property
    def issued_by(self) -> str:
        """Who gives it."""
        return self.issuer or str(self.organisation)

    @property
    def colour(self) -> str:
        """The colour in which its badge is drawn."""
        return self.badge_colour or self.organisation.colour


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


class Requirement(models.Model):
    """A course or a programme that a version asks for."""

    version = models.ForeignKey(
        CertificationVersion, on_delete=models.CASCADE, related_name="requirements"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    course = models.ForeignKey(
        Course,
        verbose_name=_("course"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    programme = models.ForeignKey(
        Programme,
        verbose_name=_("programme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_mandatory = models.BooleanField(_("mandatory"), default=False)
    accepts_days_old = models.PositiveSmallIntegerField(
        _("accepts results up to so many days old"),
        default=0,
        help_text=_("Counted back from the day on which it was assigned."),
    )
    path = models.CharField(
        _("asked"), max_length=7, choices=Path, default=Path.BOTH, editable=False
    )

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(course=None, programme__isnull=False)
                | Q(course__isnull=False, programme=None),
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

    @property
    def subject(self) -> Course | Programme:
        """What has to be completed."""
        subject = self.course or self.programme
        assert subject is not None, "kept by requirement_is_a_course_or_a_programme"
        return subject
