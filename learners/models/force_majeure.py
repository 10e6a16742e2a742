"""Force majeure: evidence of why somebody who withdrew too late had a valid reason."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from learners.models.catalogue import Course, Programme
from learners.models.enrolment import Enrolment
from learners.models.judged import EvidenceState, JudgedEvidence
from learners.models.people import User
from learners.models.stored_file import StoredFile

MAY_DECIDE = "learners.decide_on_force_majeure"


class ForceMajeureQuerySet(models.QuerySet["ForceMajeure"]):
    def judged_by(self, user: User) -> "ForceMajeureQuerySet":
        """Keep what this person may judge: administrators with the permission all of them, never
        their own."""
        return self.filter(user.holds(MAY_DECIDE)).exclude(enrolment__learner=user)

    def waiting(self) -> "ForceMajeureQuerySet":
        """Keep what was not judged yet."""
        return self.filter(state=EvidenceState.SUBMITTED)

    def about(self, enrolment: Enrolment) -> "ForceMajeureQuerySet":
        """Keep those of this enrolment, and those of the programme that it was withdrawn with."""
        return self.filter(Q(enrolment=enrolment) | Q(enrolment=enrolment.part_of_id))


class ForceMajeure(JudgedEvidence):
    """Evidence of force majeure for one withdrawal; that of a programme is for its courses too. Its
    files go once it is judged, and the verdict stays."""

    enrolment = models.ForeignKey(
        Enrolment,
        verbose_name=_("enrolment"),
        on_delete=models.PROTECT,
        related_name="force_majeure",
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("handed in by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    explanation = models.CharField(_("explanation"), max_length=500, blank=True)
    number_of_files = models.PositiveSmallIntegerField(_("number of files"))

    objects = ForceMajeureQuerySet.as_manager()

    class Meta(JudgedEvidence.Meta):
        verbose_name = _("proof of force majeure")
        verbose_name_plural = _("proofs of force majeure")
        permissions = [("decide_on_force_majeure", _("May decide on proofs of force majeure"))]
        indexes = [
            models.Index(
                fields=["submitted_at"],
                condition=Q(state="submitted"),
                name="forcemajeure_inbox",
            ),
        ]
        constraints = [
            *JudgedEvidence.Meta.constraints,
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(state="submitted"),
                name="forcemajeure_one_waits_per_enrolment",
                violation_error_message=_("A proof waits already."),
            ),
            models.CheckConstraint(
                condition=Q(number_of_files__gt=0),
                name="forcemajeure_has_a_file",
                violation_error_message=_("There is no proof without a file."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        """The page on which it is judged."""
        return reverse("learners:force_majeure_detail", args=[self.pk])

    @property
    def learner(self) -> User:
        """Whose withdrawal it is about."""
        return self.enrolment.learner

    @property
    def subject(self) -> Course | Programme:
        """What they withdrew from."""
        return self.enrolment.subject


class ForceMajeureFileQuerySet(models.QuerySet["ForceMajeureFile"]):
    def read_by(self, user: User) -> "ForceMajeureFileQuerySet":
        """Keep what this person may read: about their own withdrawal, and what they may judge."""
        judged = ForceMajeure.objects.judged_by(user).values("pk")
        return self.filter(Q(force_majeure__enrolment__learner=user) | Q(force_majeure__in=judged))


class ForceMajeureFile(models.Model):
    """A file of evidence of force majeure, as long as nobody judged it."""

    force_majeure = models.ForeignKey(ForceMajeure, on_delete=models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")

    objects = ForceMajeureFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a proof of force majeure")
        verbose_name_plural = _("files of proofs of force majeure")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.file)
