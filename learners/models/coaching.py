"""Who coaches somebody in a programme, and who stands in for a coach for some days."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.models.organisation import Organisation
from learners.models.people import Membership, Role, User

THEMSELVES = _("Somebody else stands in for a coach: choose another person.")
OWN_COACH = _("%(person)s follows this programme, so somebody else coaches them in it.")
ENDS_BEFORE = _("The last day is the first day or a later one.")


class CoachingQuerySet(models.QuerySet["Coaching"]):
    def at_work(self) -> "CoachingQuerySet":
        """Keep whose coach may sign in, is a coach at the programme's institution, and is somebody
        else than the learner."""
        here = Membership.objects.filter(
            user=OuterRef("coach"),
            role=Role.COACH,
            organisation=OuterRef("enrolment__programme__organisation"),
        )
        others = self.exclude(coach=F("enrolment__learner"))
        return others.filter(Exists(here), coach__is_active=True)

    def covered_by(self, user: User, now: datetime) -> "CoachingQuerySet":
        """Keep whose coach is at work, and somebody for whom this person stands in now at the
        institution: of other people alone."""
        others = self.at_work().exclude(enrolment__learner=user)
        return others.filter(
            coach__stand_ins__stand_in=user,
            coach__stand_ins__organisation=F("enrolment__programme__organisation"),
            coach__stand_ins__starts_at__lte=now,
            coach__stand_ins__ends_at__gt=now,
            coach__stand_ins__ended_at=None,
        )


def held_by(user: User) -> list[Membership]:
    """Return what this person is, and where, and whether they stand in for somebody there now;
    asked once each time that the person is fetched."""
    if "_held" not in user.__dict__:
        here = StandIn.objects.running(timezone.now()).filter(
            stand_in=OuterRef("user"), organisation=OuterRef("organisation")
        )
        found = Membership.objects.filter(user=user).select_related("organisation")
        user.__dict__["_held"] = list(found.annotate(stands_in=Exists(here)))
    return user.__dict__["_held"]


def stands_in(user: User) -> bool:
    """Whether this person stands in for somebody now, anywhere."""
    return any(one.stands_in for one in held_by(user))  # type: ignore[attr-defined]


class Coaching(models.Model):
    """A coach of somebody in a programme, or who stands in for one."""

    enrolment = models.ForeignKey(
        "learners.Enrolment", on_delete=models.CASCADE, related_name="coachings"
    )
    coach = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("coach"),
        on_delete=models.PROTECT,
        related_name="coachings",
    )
    stands_in = models.BooleanField(_("stands in"), default=False)

    objects = CoachingQuerySet.as_manager()

    class Meta:
        verbose_name = _("coach")
        verbose_name_plural = _("coaches")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "coach"],
                name="coaching_once_per_enrolment",
                violation_error_message=_("This coach is there already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.coach)

    def clean(self) -> None:
        """Only who has the role can open the page of the people that they coach; nobody coaches
        themselves."""
        if self.enrolment_id and self.coach_id == self.enrolment.learner_id:
            raise ValidationError({"coach": OWN_COACH % {"person": self.coach}})
        coaches = Membership.objects.filter(user=self.coach_id, role=Role.COACH)
        if self.coach_id and not coaches.exists():
            message = _("This person is no coach at any institution; give them that role first.")
            raise ValidationError({"coach": message})


class StandInQuerySet(models.QuerySet["StandIn"]):
    def for_user(self, user: User) -> "StandInQuerySet":
        """Keep who stands in for this person."""
        return self.filter(coach=user)

    def to_come(self, now: datetime) -> "StandInQuerySet":
        """Keep those that are not over: now, or from a later day on."""
        return self.filter(ends_at__gt=now, ended_at=None)

    def running(self, now: datetime) -> "StandInQuerySet":
        """Keep those that hold now."""
        return self.to_come(now).filter(starts_at__lte=now)

    def at_work(self) -> "StandInQuerySet":
        """Keep who may sign in and is a coach at the institution."""
        here = Membership.objects.filter(
            user=OuterRef("stand_in"), role=Role.COACH, organisation=OuterRef("organisation")
        )
        return self.filter(Exists(here), stand_in__is_active=True)


class StandIn(models.Model):
    """A coach who stands in for another at an institution, for all whom that one coaches there.

    From the beginning of the first day until the last is over, where the institution is; kept as
    moments, so that a query needs no time zone.
    """

    coach = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("coach"),
        on_delete=models.PROTECT,
        related_name="stand_ins",
    )
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who stands in"),
        on_delete=models.PROTECT,
        related_name="stands_in_as",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        related_name="stand_ins",
    )
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("named by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    named_at = models.DateTimeField(_("named at"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("taken back at"), null=True, blank=True, editable=False)

    objects = StandInQuerySet.as_manager()

    class Meta:
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(coach=F("stand_in")),
                name="stand_in_is_somebody_else",
                violation_error_message=THEMSELVES,
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="stand_in_ends_after_it_starts",
                violation_error_message=ENDS_BEFORE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stand_in} / {self.coach}, {self.starts_on} – {self.ends_on}"

    @property
    def starts_on(self) -> date:
        """The first day, where the institution is."""
        return self.organisation.day_of(self.starts_at)

    @property
    def ends_on(self) -> date:
        """The last day on which it holds, where the institution is."""
        return self.organisation.day_of(self.ends_at - timedelta(microseconds=1))
