"""What people earned, frozen as it was that day."""

import secrets
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certifications import codes
from certifications.models.cycle import Cycle
from learners.models import Enrolment, Language, Organisation, Place, Run, User


def certificate_key(certificate: "Certificate", filename: str) -> str:
    """Keep the PDF under its code, each attempt to make it under a name of its own, so that no
    attempt can touch what another stored. What it is called for people is said when it is served.
    """
    return f"certificates/{certificate.code[:2]}/{certificate.code}/{secrets.token_hex(4)}.pdf"


class CertificateKind(models.TextChoices):
    COURSE = "course", _("course")
    CERTIFICATION = "certification", _("certification")
    PROOF = "proof", _("proof of participation")


class CertificateState(models.TextChoices):
    """Today's state, worked out from dates and never stored."""

    HELD = "held", _("held")
    VALID = "valid", _("valid")
    EXPIRED = "expired", _("expired")
    SUSPENDED = "suspended", _("suspended")
    REVOKED = "revoked", _("withdrawn")
    SUPERSEDED = "superseded", _("superseded")


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def for_user(self, user: User) -> "CertificateQuerySet":
        """Keep what this person earned and may see: what was released."""
        return self.filter(learner=user, released_at__isnull=False)

    def released(self) -> "CertificateQuerySet":
        """Keep what was handed over: only those have a public page."""
        return self.filter(released_at__isnull=False)

    def downloadable_by(self, user: User) -> "CertificateQuerySet":
        """Keep whose PDF this person may have: their own and those of the runs that they teach,
        as long as they were not withdrawn; for administrators all."""
        if user.is_staff:
            return self
        taught = Place.objects.on_register().filter(run__in=Run.objects.taught_by(user))
        mine = Q(learner=user) | Q(enrolment__in=taught.values("enrolment"))
        return self.active().released().filter(mine)

    def active(self) -> "CertificateQuerySet":
        """Keep what holds its place: not revoked; a suspended one does."""
        return self.filter(revoked_at=None)

    def unrendered(self) -> "CertificateQuerySet":
        """Keep what still has to be made into a PDF; what lost its name will have none again."""
        return self.active().filter(rendered_at=None).exclude(learner_name="")

    def to_render(self, now: datetime) -> "CertificateQuerySet":
        """Keep what has to be made and no worker is at now, nor failed at a moment ago."""
        return self.unrendered().filter(render_due_at__lte=now)

    def expired(self) -> "CertificateQuerySet":
        """Keep whose last valid day is over where the institution is."""
        zones = Organisation.objects.order_by().values_list("time_zone", flat=True).distinct()
        over = Q(pk__in=())
        for zone in zones:
            today = timezone.localdate(timezone=ZoneInfo(zone))
            over |= Q(organisation__time_zone=zone, valid_until__lt=today)
        return self.filter(over)

    def in_state(self, state: str) -> "CertificateQuerySet":
        """Keep what `Certificate.state_on` would say is in this state today."""
        if state == CertificateState.REVOKED:
            return self.exclude(revoked_at=None)
        rows = self.active()
        if state == CertificateState.SUPERSEDED:
            return rows.exclude(superseded_by=None)
        rows = rows.filter(superseded_by=None)
        if state == CertificateState.SUSPENDED:
            return rows.exclude(suspended_at=None)
        rows = rows.filter(suspended_at=None)
        if state == CertificateState.HELD:
            return rows.filter(released_at=None)
        expired = rows.released().expired()
        if state == CertificateState.EXPIRED:
            return expired
        return rows.released().exclude(pk__in=expired.values("pk"))


class Certificate(models.Model):
    """A certificate as it was issued. Its words never change; its file is final once stored."""

    code = models.CharField(
        _("code"), max_length=codes.LENGTH, unique=True, default=codes.new_code, editable=False
    )
    number = models.CharField(_("number"), max_length=30, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=13, choices=CertificateKind)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("learner"),
        on_delete=models.PROTECT,
        related_name="certificates",
    )
    enrolment = models.ForeignKey(
        Enrolment,
        verbose_name=_("enrolment"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="certificates",
    )
    cycle = models.ForeignKey(
        Cycle,
        verbose_name=_("round of a certification"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="certificates",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        related_name="certificates",
    )
    language = models.CharField(_("language"), max_length=2, choices=Language)
    learner_name = models.CharField(_("name"), max_length=150)
    title = models.CharField(_("title"), max_length=150)
    details = models.CharField(
        _("details"), max_length=300, blank=True, help_text=_("What was done for it, in a line.")
    )
    achieved_on = models.DateField(_("achieved on"))
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last valid day.")
    )
    created_at = models.DateTimeField(_("made at"), default=timezone.now)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    suspended_at = models.DateTimeField(_("suspended at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("withdrawn by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    revoked_because = models.CharField(_("withdrawn because"), max_length=500, blank=True)
    superseded_by = models.ForeignKey(
        "self",
        verbose_name=_("superseded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="supersedes",
    )
    file = models.FileField(_("file"), upload_to=certificate_key, max_length=100, blank=True)
    file_sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    rendered_at = models.DateTimeField(_("rendered at"), null=True, blank=True)
    render_attempts = models.PositiveSmallIntegerField(_("attempts to render"), default=0)
    render_due_at = models.DateTimeField(
        _("next attempt to render"),
        default=timezone.now,
        help_text=_("Moved on while a worker is at it, and further with each failure."),
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["render_due_at"],
                condition=Q(rendered_at=None, revoked_at=None),
                name="certificate_to_render",
            ),
            models.Index(fields=["learner", "-achieved_on"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(revoked_at=None),
                name="certificate_active_once_per_enrolment",
                violation_error_message=_("This enrolment has a certificate already."),
            ),
            models.UniqueConstraint(
                fields=["cycle"],
                condition=Q(revoked_at=None),
                name="certificate_active_once_per_cycle",
                violation_error_message=_("This round has a certificate already."),
            ),
            models.CheckConstraint(
                condition=Q(enrolment__isnull=False, cycle=None)
                & ~Q(kind=CertificateKind.CERTIFICATION)
                | Q(enrolment=None, cycle__isnull=False, kind=CertificateKind.CERTIFICATION),
                name="certificate_of_an_enrolment_or_a_cycle",
                violation_error_message=_("A certificate is for an enrolment or a certification."),
            ),
            models.CheckConstraint(
                condition=Q(rendered_at=None, file="", file_sha256="")
                | Q(rendered_at__isnull=False, file__gt="", file_sha256__gt=""),
                name="certificate_rendered_has_a_file",
                violation_error_message=_("A rendered certificate has a file and its checksum."),
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, revoked_because="")
                | Q(revoked_at__isnull=False, revoked_because__gt=""),
                name="certificate_revoked_says_why",
                violation_error_message=_("Say why the certificate is withdrawn."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("achieved_on")),
                name="certificate_valid_from_the_day_it_was_achieved",
                violation_error_message=_("A certificate is valid from the day it was achieved."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.learner_name}"

    def get_absolute_url(self) -> str:
        """The public page, on which anybody can check it."""
        return reverse("certifications:certificate_check", args=[self.shown_code])

    @property
    def owner_url(self) -> str:
        """The page of whoever earned it, with the PDF."""
        return reverse("certifications:my_certificate_detail", args=[self.shown_code])

    @property
    def earned_url(self) -> str:
        """The page of what it was earned with."""
        source = self.enrolment or (self.cycle and self.cycle.certification)
        return source.get_absolute_url() if source else ""

    @property
    def state(self) -> CertificateState:
        """Its state today, where the institution is."""
        return self.state_on(self.organisation.today())

    @property
    def is_being_made(self) -> bool:
        """Whether the worker still has to make its PDF."""
        return self.rendered_at is None and self.revoked_at is None and bool(self.learner_name)

    @property
    def has_run_out(self) -> bool:
        """Whether its last valid day is over where the institution is, whatever else befell it."""
        return self.has_run_out_on(self.organisation.today())

    @property
    def shown_code(self) -> str:
        """The code in groups of four: 7F3K-92QX-MB4T."""
        return codes.shown(self.code)

    def state_on(self, today: date) -> CertificateState:
        """Return its state on this day, which is the institution's. `in_state` says it in SQL."""
        if self.revoked_at:
            return CertificateState.REVOKED
        if self.superseded_by_id:
            return CertificateState.SUPERSEDED
        if self.suspended_at:
            return CertificateState.SUSPENDED
        if not self.released_at:
            return CertificateState.HELD
        return CertificateState.EXPIRED if self.has_run_out_on(today) else CertificateState.VALID

    def has_run_out_on(self, today: date) -> bool:
        """Return whether its last valid day lies before this one."""
        return self.valid_until is not None and self.valid_until < today
