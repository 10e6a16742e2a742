"""Evidence of what was earned elsewhere: its files, what it says, and who judged it."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certifications import codes
from certifications.models.cycle import Cycle
from certifications.models.defining import Certification
from learners.models import EvidenceState, JudgedEvidence, StoredFile, User


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def judged_by(self, user: User) -> "EvidenceQuerySet":
        """Keep what this person may judge: administrators all, others what they were named for, as
        long as they work at the institution; never their own."""
        others = self.exclude(cycle__assignment__learner=user)
        if user.is_staff:
            return others
        judged = Certification.objects.judged_by(user)
        return others.filter(cycle__assignment__certification__in=judged)

    def waiting(self) -> "EvidenceQuerySet":
        """Keep what was not judged yet, of who still has to earn it."""
        return self.filter(
            state=EvidenceState.SUBMITTED,
            cycle__exempted_at=None,
            cycle__revoked_at=None,
            cycle__assignment__ended_at=None,
        )

    def accepted(self) -> "EvidenceQuerySet":
        """Keep what has a public page."""
        return self.filter(state=EvidenceState.ACCEPTED)


class Evidence(JudgedEvidence):
    """Evidence that somebody handed in for a cycle; once accepted it has a public page."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="evidence")
    obtained_on = models.DateField(_("obtained on"), null=True, blank=True)
    ends_on = models.DateField(_("its last valid day"), null=True, blank=True)
    issuer = models.CharField(_("issued by"), max_length=120, blank=True)
    number = models.CharField(_("number"), max_length=60, blank=True)
    code = models.CharField(
        _("code"), max_length=codes.LENGTH, unique=True, default=codes.new_code, editable=False
    )
    learner_name = models.CharField(_("name"), max_length=150, blank=True)
    title = models.CharField(_("title"), max_length=150, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta(JudgedEvidence.Meta):
        verbose_name = _("proof")
        verbose_name_plural = _("proofs")
        constraints = [
            *JudgedEvidence.Meta.constraints,
            models.UniqueConstraint(
                fields=["cycle"],
                condition=Q(state="submitted"),
                name="evidence_one_waits_per_cycle",
                violation_error_message=_("A proof waits already."),
            ),
            models.UniqueConstraint(
                fields=["cycle"],
                condition=Q(state="accepted"),
                name="evidence_one_accepted_per_cycle",
                violation_error_message=_("A proof was accepted already."),
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | Q(obtained_on__isnull=False, issuer__gt="", learner_name__gt="", title__gt=""),
                name="evidence_accepted_says_what_it_is",
                violation_error_message=_("Say since when it counts, and who issued it."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(obtained_on=None) | Q(ends_on__gte=F("obtained_on")),
                name="evidence_ends_after_it_was_obtained",
                violation_error_message=_("It cannot end before it was obtained."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} · {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        """The page on which it is judged."""
        return reverse("certifications:proof_detail", args=[self.pk])

    @property
    def learner(self) -> User:
        """Whose evidence it is."""
        return self.cycle.assignment.learner

    @property
    def subject(self) -> Certification:
        """What it is to give."""
        return self.cycle.certification

    @property
    def public_url(self) -> str:
        """The page on which anybody sees what it is worth today, once it was accepted."""
        return reverse("certifications:certificate_check", args=[self.shown_code])

    @property
    def shown_code(self) -> str:
        """The code in groups of four: 7F3K-92QX-MB4T."""
        return codes.shown(self.code)


class EvidenceFileQuerySet(models.QuerySet["EvidenceFile"]):
    def read_by(self, user: User) -> "EvidenceFileQuerySet":
        """Keep what this person may read: of their own evidence, and of what they judge."""
        judged = Evidence.objects.judged_by(user).values("pk")
        return self.filter(Q(evidence__cycle__assignment__learner=user) | Q(evidence__in=judged))


class EvidenceFile(models.Model):
    """A file of evidence."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")

    objects = EvidenceFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a proof")
        verbose_name_plural = _("files of proofs")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.file)
