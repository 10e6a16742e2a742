"""What a certification is; what it asks stands in its versions."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certifications.models.days import days_of_moments
from learners.models import Membership, Organisation, StoredFile, User
from learners.models.catalogue import Titled

LONGEST_NOTICE, MOST_REMINDERS = 366, 5


class CertificationKind(models.TextChoices):
    """Internal is earned here; external is earned elsewhere, and shown by evidence."""

    INTERNAL = "internal", _("internal")
    EXTERNAL = "external", _("external")


def check_days(value: str) -> None:
    """Accept days such as '30, 7': at most five numbers of 1 to 366."""
    numbers = [one.strip() for one in value.split(",")]
    is_right = all(one.isdecimal() and 1 <= int(one) <= LONGEST_NOTICE for one in numbers)
    if not is_right or len(numbers) > MOST_REMINDERS:
        raise ValidationError(_("Write numbers of days such as 30, 7: at most five, 1 to 366."))


class CertificationQuerySet(models.QuerySet["Certification"]):
    def published(self) -> "CertificationQuerySet":
        """Keep what can be assigned and chosen now."""
        return self.filter(published_at__lte=timezone.now(), retired_at=None)

    def for_learner(self, user: User) -> "CertificationQuerySet":
        """Keep what somebody may open: what they are or were in, and what they may choose."""
        mine = Q(pk__in=Certification.objects.filter(assignments__learner=user).values("pk"))
        return self.filter(mine | Q(pk__in=Certification.objects.choosable_by(user).values("pk")))

    def judged_by(self, user: User) -> "CertificationQuerySet":
        """Keep those whose evidence this person was named to judge, as long as they work there."""
        here = Membership.objects.at_work().filter(user=user).values("organisation")
        return self.filter(approvers=user, organisation__in=here)

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
    remind_days = models.CharField(
        _("remind so many days before the end"),
        max_length=30,
        blank=True,
        default="30, 7",
        validators=[check_days],
        help_text=_("Such as 30, 7; empty reminds nobody before the end."),
    )
    remind_due_days = models.CharField(
        _("remind so many days before the first deadline"),
        max_length=30,
        blank=True,
        default="14, 3",
        validators=[check_days],
        help_text=_("Such as 14, 3; empty reminds nobody of it. What has no deadline has none."),
    )
    reminds_coach = models.BooleanField(
        _("remind the coach too"),
        default=False,
        help_text=_("Who coaches the learner in a programme is told the same, once a day."),
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True, editable=False)
    retired_on = models.DateField(_("retired on"), null=True, blank=True, editable=False)

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
            *days_of_moments("certification", "retired"),
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

    def judges(self) -> models.QuerySet[User]:
        """Return who was named to judge its evidence, and still works at the institution."""
        here = Membership.objects.at_work().filter(organisation=self.organisation_id)
        return self.approvers.filter(is_active=True, pk__in=here.values("user"))

    @property
    def issued_by(self) -> str:
        """Who gives it."""
        return self.issuer or str(self.organisation)

    @property
    def reminds_before(self) -> tuple[int, ...]:
        """How many days before the end people are reminded, the longest first."""
        return _numbers(self.remind_days)

    @property
    def reminds_before_due(self) -> tuple[int, ...]:
        """How many days before a first deadline people are reminded, the longest first."""
        return _numbers(self.remind_due_days)

    @property
    def colour(self) -> str:
        """The colour in which its badge is drawn."""
        return self.badge_colour or self.organisation.colour


def _numbers(typed: str) -> tuple[int, ...]:
    """Return the numbers in '7, 30', the highest first."""
    numbers = {int(one) for one in typed.split(",") if one.strip()}
    return tuple(sorted(numbers, reverse=True))
