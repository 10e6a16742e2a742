"""Every file of the product: what it is, whose, and whether something uses it."""

import secrets
from datetime import datetime

from django.conf import settings
from django.core.files import File
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

PLACE = 200  # letters of the page and the field for which a file was chosen


class ScanState(models.TextChoices):
    NOT_SCANNED = "not_scanned", _("not scanned")
    CLEAN = "clean", _("clean")
    INFECTED = "infected", _("infected")


class WhyNotScanned(models.TextChoices):
    """Why a scanner that looked at a file cannot say what is in it."""

    TOO_LARGE = "too_large", _("larger than the scanner takes")
    BROKEN_OFF = "broken_off", _("the scanner broke off, or took too long")
    MISSING = "missing", _("its content is not there")


def new_token() -> str:
    """Return a name that nobody guesses, under which its owner asks for a file."""
    return secrets.token_urlsafe(24)


def storage_key(stored: "StoredFile", filename: str) -> str:
    """Keep files by their checksum, so that no name that somebody typed reaches the storage, and
    each upload under a name of its own, so that none touches what another stored."""
    return f"uploads/{stored.sha256[:2]}/{stored.sha256}-{secrets.token_hex(4)}"


class FileIsInfected(Exception):
    """Nothing reads this file, as it is harmful; the message says so, in the user's language."""

    def __str__(self) -> str:
        return gettext("Something harmful was found in this file, so it is not read. Use another.")


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def safe(self) -> "StoredFileQuerySet":
        """Keep those in which nothing harmful was found."""
        return self.exclude(scan_state=ScanState.INFECTED)

    def infected(self) -> "StoredFileQuerySet":
        """Keep those in which something harmful was found, while their content is there."""
        return self.filter(scan_state=ScanState.INFECTED, let_go_at=None)

    def begun_before(self, moment: datetime) -> "StoredFileQuerySet":
        """Keep those that began to come in before this moment."""
        return self.alias(began_at=Coalesce("begun_at", "uploaded_at")).filter(began_at__lt=moment)

    def to_scan(self) -> "StoredFileQuerySet":
        """Keep those at which no scanner has looked yet."""
        return self.filter(scan_state=ScanState.NOT_SCANNED, scanned_at=None, let_go_at=None)


class StoredFile(models.Model):
    """A file that somebody uploaded. Unclaimed until a row points to it; those are purged."""

    name = models.CharField(_("name"), max_length=255)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    kind = models.CharField(_("kind"), max_length=100, help_text=_("As read from its content."))
    sha256 = models.CharField("SHA-256", max_length=64)
    token = models.CharField(
        _("token"),
        max_length=40,
        null=True,  # of files from before there were tokens
        unique=True,
        default=new_token,
        editable=False,
        help_text=_("The name under which its owner hands it to a form."),
    )
    content = models.FileField(_("content"), upload_to=storage_key, max_length=255)
    scan_state = models.CharField(
        _("scan"), max_length=11, choices=ScanState, default=ScanState.NOT_SCANNED
    )
    scanned_at = models.DateTimeField(
        _("scanned at"),
        null=True,
        blank=True,
        help_text=_("When a scanner last looked at it; also where it could not see all of it."),
    )
    scan_said = models.CharField(
        _("what the scanner said"),
        max_length=200,
        blank=True,
        help_text=_("What was found, or why it could not be scanned."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        on_delete=models.PROTECT,
        related_name="stored_files",
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    begun_at = models.DateTimeField(
        _("begun at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When it began to come in, in pieces; empty for one that came whole."),
    )
    place = models.CharField(_("chosen for"), max_length=PLACE, blank=True, editable=False)
    claimed_at = models.DateTimeField(_("in use since"), null=True, blank=True)
    let_go_at = models.DateTimeField(
        _("let go at"),
        null=True,
        blank=True,
        help_text=_("Nothing needs it any more: its content goes, and then this row."),
    )

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["-uploaded_at"]
        indexes = [
            models.Index(
                fields=["uploaded_at"], condition=Q(claimed_at=None), name="stored_file_unclaimed"
            ),
            models.Index(
                fields=["uploaded_at"],
                condition=Q(scan_state=ScanState.NOT_SCANNED, scanned_at=None),
                name="stored_file_to_scan",
            ),
            models.Index(
                fields=["scanned_at"],
                condition=Q(scan_state=ScanState.INFECTED),
                name="stored_file_infected",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(let_go_at=None) | Q(claimed_at=None),
                name="stored_file_let_go_is_not_in_use",
                violation_error_message=_("What is in use is not let go."),
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0),
                name="stored_file_is_not_empty",
                violation_error_message=_("This file is empty."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def came_at(self) -> datetime:
        """When it began to come in."""
        return self.begun_at or self.uploaded_at

    @property
    def is_infected(self) -> bool:
        """Whether something harmful was found in it: then nobody gets it."""
        return self.scan_state == ScanState.INFECTED

    @property
    def waits_for_scan(self) -> bool:
        """Whether no scanner has looked at it yet."""
        return self.scan_state == ScanState.NOT_SCANNED and self.scanned_at is None

    @property
    def scan_words(self) -> str:
        """What was found in it, or why it could not be scanned."""
        return str(dict(WhyNotScanned.choices).get(self.scan_said, self.scan_said))

    def open(self) -> File:
        """Open its content to read: whatever reads a file does so here. Raises `FileIsInfected`."""
        if self.is_infected:
            raise FileIsInfected
        return self.content.storage.open(self.content.name or "", "rb")
