"""Who is to earn what: the assignment, and each round of it with what was done."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certifications.models.defining import Certification, CertificationVersion, Path, Requirement
from learners.models import Enrolment, User


class AssignmentMode(models.TextChoices):
    """How somebody came to it: they have to, they may accept or decline, or they chose it."""

    MANDATORY = "mandatory", _("mandatory")
    NOMINATED = "nominated", _("nominated")
    CHOSEN = "chosen", _("chosen by oneself")


class AssignmentEnd(models.TextChoices):
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class AssignmentQuerySet(models.QuerySet["CertificationAssignment"]):
    def going_on(self) -> "AssignmentQuerySet":
        """Keep what was neither declined nor withdrawn."""
        return self.filter(ended_at=None)


class CertificationAssignment(models.Model):
    """A learner who is to earn a certification, or does so of their own choice."""

    certification = models.ForeignKey(
        Certification,
        verbose_name=_("certification"),
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("learner"),
        on_delete=models.PROTECT,
        related_name="certification_assignments",
    )
    mode = models.CharField(_("how"), max_length=9, choices=AssignmentMode)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    assigned_at = models.DateTimeField(_("assigned at"), default=timezone.now)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_as = models.CharField(_("ended as"), max_length=9, choices=AssignmentEnd, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("ended by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    ended_because = models.CharField(_("ended because"), max_length=500, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assigned certification")
        verbose_name_plural = _("assigned certifications")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["certification", "learner"],
                condition=Q(ended_at=None),
                name="assignment_once_per_learner",
                violation_error_message=_("This person has this certification already."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_as="", ended_by=None)
                | Q(ended_at__isnull=False, ended_as__gt="", ended_by__isnull=False),
                name="assignment_ended_says_how_and_by_whom",
                violation_error_message=_("Say how it ended, and by whom."),
            ),
            models.CheckConstraint(
                condition=~Q(mode="mandatory", ended_as="declined"),
                name="assignment_mandatory_is_not_declined",
                violation_error_message=_("What is mandatory cannot be declined."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner} · {self.certification}"

    @property
    def is_accepted(self) -> bool:
        """Whether results count: who was nominated has to accept first."""
        return self.mode != AssignmentMode.NOMINATED or self.accepted_at is not None


class CycleQuerySet(models.QuerySet["Cycle"]):
    def for_user(self, user: User) -> "CycleQuerySet":
        """Keep a person's own."""
        return self.filter(assignment__learner=user)

    def newest(self) -> "CycleQuerySet":
        """Keep the last round of each assignment: the one that is shown."""
        later = Cycle.objects.filter(
            assignment=OuterRef("assignment"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later))

    def going_on(self) -> "CycleQuerySet":
        """Keep what was neither declined nor withdrawn."""
        return self.filter(assignment__ended_at=None)

    def in_state(self, state: str) -> "CycleQuerySet":
        """Keep what `states.state_on` would say is in this state today."""
        from certifications import states  # which knows this model

        return self.filter(states.where(state))

    def pending(self) -> "CycleQuerySet":
        """Keep what waits for its learner, or for who judges their proof."""
        return self.going_on().filter(completed_on=None, exempted_at=None, revoked_at=None)


class Cycle(models.Model):
    """One round of a certification: from its beginning to the end of its validity.

    Its state is worked out from these dates and never stored. Days are those of the institution;
    until and including. Months are added from `anchor_on`, so that 31 January does not become the
    28th for ever.
    """

    assignment = models.ForeignKey(
        CertificationAssignment,
        verbose_name=_("assigned certification"),
        on_delete=models.PROTECT,
        related_name="cycles",
    )
    version = models.ForeignKey(
        CertificationVersion,
        verbose_name=_("version"),
        on_delete=models.PROTECT,
        related_name="cycles",
    )
    number = models.PositiveSmallIntegerField(_("round"), default=1)
    path = models.CharField(_("path"), max_length=7, choices=Path, default=Path.FULL)
    begins_on = models.DateField(_("results count from"))
    due_on = models.DateField(_("to be completed by"), null=True, blank=True)
    started_on = models.DateField(_("started on"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("proof handed in at"), null=True, blank=True)
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    window_opens_on = models.DateField(_("renewing begins on"), null=True, blank=True)
    grace_until = models.DateField(_("grace until"), null=True, blank=True)
    anchor_on = models.DateField(_("counted from"), null=True, blank=True)
    anchor_months = models.PositiveSmallIntegerField(_("months since then"), default=0)
    exempted_at = models.DateTimeField(_("exempted at"), null=True, blank=True)
    exempted_because = models.CharField(_("exempted because"), max_length=500, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of a certification")
        verbose_name_plural = _("rounds of certifications")
        ordering = ["-number", "-pk"]
        indexes = [models.Index(fields=["valid_until"]), models.Index(fields=["due_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "number"],
                name="cycle_number_once",
                violation_error_message=_("This round is there already."),
            ),
            models.CheckConstraint(
                condition=Q(
                    completed_on=None,
                    valid_from=None,
                    valid_until=None,
                    window_opens_on=None,
                    grace_until=None,
                    anchor_on=None,
                    anchor_months=0,
                )
                | Q(
                    completed_on__isnull=False,
                    valid_from__isnull=False,
                    anchor_on__isnull=False,
                ),
                name="cycle_completed_has_its_dates",
                violation_error_message=_("What is completed has its dates, and only that."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None, window_opens_on=None, grace_until=None)
                | Q(
                    valid_until__gte=F("valid_from"),
                    window_opens_on__lte=F("valid_until"),
                    grace_until__gte=F("valid_until"),
                ),
                name="cycle_window_validity_grace_in_order",
                violation_error_message=_("The window, the end and the grace follow each other."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} · {self.number}"

    @property
    def certification(self) -> Certification:
        return self.assignment.certification

    @property
    def today(self) -> date:
        """The day of today where the institution is."""
        return self.certification.organisation.today()

    @property
    def is_open(self) -> bool:
        """Whether something is still expected in it."""
        ended = self.assignment.ended_at or self.exempted_at or self.revoked_at
        return self.completed_on is None and not ended


class Fulfilment(models.Model):
    """What fulfilled a requirement in a round, and on which day that was achieved."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="fulfilments")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="+")
    achieved_on = models.DateField(_("achieved on"))
    is_exemption = models.BooleanField(_("exemption"), default=False)

    class Meta:
        verbose_name = _("what fulfilled a requirement")
        verbose_name_plural = _("what fulfilled requirements")
        ordering = ["achieved_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "requirement"], name="fulfilment_once_per_requirement"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requirement} · {self.achieved_on}"
