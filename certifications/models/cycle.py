"""Each cycle of what was assigned, and what was done in it."""

from datetime import date, datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from certifications.models import cycle_states
from certifications.models.assignment import CertificationAssignment
from certifications.models.days import days_of_moments
from certifications.models.defining import Certification
from certifications.models.version import CertificationVersion, Path, Requirement
from learners.models import Enrolment, Organisation, User


class CycleQuerySet(models.QuerySet["Cycle"]):
    def for_user(self, user: User) -> "CycleQuerySet":
        """Keep a person's own."""
        return self.filter(assignment__learner=user)

    def newest(self) -> "CycleQuerySet":
        """Keep the last cycle of each assignment: the one that is shown."""
        later = Cycle.objects.filter(
            assignment=OuterRef("assignment"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later))

    def going_on(self) -> "CycleQuerySet":
        """Keep what was neither declined nor withdrawn."""
        return self.filter(assignment__ended_at=None)

    def in_state(self, state: str) -> "CycleQuerySet":
        """Keep what `states.state_on` would say is in this state today."""
        return self.filter(cycle_states.where(state))

    def pending(self) -> "CycleQuerySet":
        """Keep what waits for its learner, or for who judges their evidence."""
        return self.going_on().filter(completed_on=None, exempted_at=None, revoked_at=None)


class Cycle(models.Model):
    """One cycle of a certification: from its beginning to the end of its validity.

    Its state is worked out from these dates and never stored. Days are those of the institution;
    until and including. Months are added from `anchor_on`, so that 31 January does not become the
    28th for ever. A renewal carries the last valid day of the cycle before it (`previous_until`)
    and the last day on which renewing is enough (`renewal_until`). What ended or interrupted it has
    its moment and its day, so that how it stood on any day is a matter of days alone.
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
    previous_until = models.DateField(_("renews what was valid until"), null=True, blank=True)
    renewal_until = models.DateField(_("renewing is enough until"), null=True, blank=True)
    due_on = models.DateField(_("to be completed by"), null=True, blank=True)
    started_on = models.DateField(_("started on"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("proof handed in at"), null=True, blank=True)
    submitted_on = models.DateField(_("proof handed in on"), null=True, blank=True)
    awaited_at = models.DateTimeField(_("result awaited since"), null=True, blank=True)
    awaited_on = models.DateField(_("result awaited since (day)"), null=True, blank=True)
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    window_opens_on = models.DateField(_("renewing begins on"), null=True, blank=True)
    grace_until = models.DateField(_("grace until"), null=True, blank=True)
    anchor_on = models.DateField(_("counted from"), null=True, blank=True)
    anchor_months = models.PositiveSmallIntegerField(_("months since then"), default=0)
    gap_days = models.PositiveIntegerField(
        _("gap, in days"), default=0, help_text=_("Days without validity before this round.")
    )
    next_round_on = models.DateField(
        _("the next round begins on"),
        null=True,
        blank=True,
        help_text=_("Empty as soon as it has begun; what has to begin is found by it."),
    )
    exempted_at = models.DateTimeField(_("exempted at"), null=True, blank=True)
    exempted_on = models.DateField(_("exempted on"), null=True, blank=True)
    exempted_because = models.CharField(_("exempted because"), max_length=500, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)

    objects = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of a certification")
        verbose_name_plural = _("rounds of certifications")
        ordering = ["-number", "-pk"]
        indexes = [
            models.Index(fields=["valid_until", "id"]),
            models.Index(Coalesce("valid_until", "previous_until"), "id", name="cycle_ends"),
            models.Index(fields=["due_on"]),
            models.Index(fields=["window_opens_on"]),
            models.Index(fields=["grace_until"]),
            models.Index(fields=["valid_from"]),
            models.Index(
                fields=["begins_on"], condition=Q(completed_on__isnull=True), name="cycle_open"
            ),
            *(
                models.Index(
                    fields=[f"{name}_on"],
                    condition=Q(**{f"{name}_on__isnull": False}),
                    name=f"cycle_{name}",
                )
                for name in ("submitted", "awaited", "exempted", "revoked")
            ),
            models.Index(
                fields=["next_round_on"],
                condition=Q(next_round_on__isnull=False),
                name="cycle_next_round",
            ),
        ]
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
                    gap_days=0,
                    next_round_on=None,
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
            models.CheckConstraint(
                condition=Q(number=1, previous_until=None, renewal_until=None, gap_days=0)
                | Q(number__gt=1, renewal_until__isnull=False, previous_until__isnull=False),
                name="cycle_renewal_follows_another",
                violation_error_message=_("Only a renewal follows a round, and says which days."),
            ),
            *days_of_moments("cycle", "submitted", "awaited", "exempted", "revoked"),
            models.CheckConstraint(
                condition=Q(awaited_at=None) | Q(completed_on=None, exempted_at=None),
                name="cycle_awaited_while_open",
                violation_error_message=_("What is completed or exempt waits for no result."),
            ),
            models.CheckConstraint(
                condition=Q(next_round_on=None) | Q(valid_until__isnull=False),
                name="cycle_next_round_after_what_ends",
                violation_error_message=_("What never ends is never renewed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} · {self.number}"

    @property
    def certification(self) -> Certification:
        return self.assignment.certification

    @property
    def organisation(self) -> Organisation:
        return self.certification.organisation

    @property
    def today(self) -> date:
        """The day of today where the institution is."""
        return self.organisation.today()

    @property
    def is_renewal(self) -> bool:
        """Whether it follows another cycle."""
        return self.previous_until is not None

    def path_on(self, day: date) -> Path:
        """Return what is asked on this day: renewing is enough until the grace of the cycle before
        is over; then all of it is asked. A completed cycle keeps the path by which it was, and one
        that waits for a result that of the day since which it does."""
        if self.completed_on:
            return Path(self.path)
        if self.awaited_on:
            day = min(day, self.awaited_on)
        is_enough = self.renewal_until is not None and day <= self.renewal_until
        return Path.RENEWAL if is_enough else Path.FULL

    def revoke(self, moment: datetime) -> None:
        """Let what it gave end at this moment; whoever locked it calls this."""
        self.revoked_at, self.revoked_on = moment, self.organisation.day_of(moment)
        self.save(update_fields=["revoked_at", "revoked_on"])

    @property
    def waits(self) -> bool:
        """Whether something that was handed in is being decided on: evidence, or a result."""
        return bool(self.submitted_at or self.awaited_at)

    @property
    def has_window(self) -> bool:
        """Whether there is a time before its end in which it can be renewed."""
        opens, until = self.window_opens_on, self.valid_until
        return opens is not None and until is not None and opens < until

    @property
    def is_open(self) -> bool:
        """Whether something is still expected in it."""
        ended = self.assignment.ended_at or self.exempted_at or self.revoked_at
        return self.completed_on is None and not ended

    @property
    def goes_on(self) -> bool:
        """Whether it is still asked: what is retired is so of who was renewing already."""
        is_retired = self.certification.retired_at and not self.is_open
        return not self.assignment.ended_at and not is_retired


class Standing(Cycle):
    """The cycle that decides how somebody stood on a day, for the list of administrators."""

    class Meta:
        proxy = True
        verbose_name = _("standing on a day")
        verbose_name_plural = _("who was certified when")


class Fulfilment(models.Model):
    """What fulfilled a requirement in a cycle, and on which day that was achieved."""

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
