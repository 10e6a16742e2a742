"""A file of which the bytes are still coming in."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.models.stored_file import PLACE, new_token


class UploadState(models.TextChoices):
    RECEIVING = "receiving", _("coming in")
    RECEIVED = "received", _("being looked at")
    REFUSED = "refused", _("refused")


def new_key() -> str:
    """Return a name of its own in the storage, in which nothing of what somebody typed is."""
    key = secrets.token_hex(20)
    return f"uploads/{key[:2]}/{key}"


class UploadQuerySet(models.QuerySet["Upload"]):
    def unfinished(self) -> "UploadQuerySet":
        """Keep those of which bytes are still to come."""
        return self.filter(state=UploadState.RECEIVING)

    def received(self) -> "UploadQuerySet":
        """Keep those of which every byte is there, and which nobody has looked at to the end."""
        return self.filter(state=UploadState.RECEIVED)

    def free(self) -> "UploadQuerySet":
        """Keep those on which nobody is at work now."""
        return self.filter(Q(leased_until=None) | Q(leased_until__lt=timezone.now()))


class Upload(models.Model):
    """Bytes on their way to a `StoredFile`, which takes this row's place under the same token.

    `offset` says how many are safe, and only grows by who holds the lease; what lies in the storage
    beyond it counts for nothing. What the field takes is kept beside it, as the worker that reads
    the whole does not know the form.
    """

    token = models.CharField(_("token"), max_length=40, unique=True, default=new_token)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.CASCADE,
        related_name="uploads",
    )
    name = models.CharField(_("name"), max_length=255)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    offset = models.PositiveBigIntegerField(_("bytes that are there"), default=0)
    kinds = models.JSONField(_("kinds that are taken"))
    max_size = models.PositiveBigIntegerField(_("bytes that are taken"))
    place = models.CharField(_("chosen for"), max_length=PLACE, blank=True)
    key = models.CharField(_("name in the storage"), max_length=100, unique=True, default=new_key)
    multipart = models.CharField(_("name in the bucket"), max_length=1024, blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=UploadState, default=UploadState.RECEIVING
    )
    problem = models.CharField(_("why it was refused"), max_length=500, blank=True)
    sha256 = models.CharField(
        "SHA-256", max_length=64, blank=True, help_text=_("As the sender computed it.")
    )
    lease = models.CharField(_("who is at work on it"), max_length=40, blank=True)
    leased_until = models.DateTimeField(_("at work until"), null=True, blank=True)
    begun_at = models.DateTimeField(_("begun at"), default=timezone.now)
    active_at = models.DateTimeField(_("last byte at"), default=timezone.now)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["begun_at", "pk"]
        indexes = [
            models.Index(fields=["owner", "place"], name="upload_owner_place"),
            models.Index(fields=["active_at"], name="upload_active_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gt=0) & Q(size__lte=F("max_size")),
                name="upload_has_a_size_that_is_taken",
                violation_error_message=_("This file is empty, or larger than is taken."),
            ),
            models.CheckConstraint(
                condition=Q(offset__lte=F("size")),
                name="upload_offset_is_within_the_file",
                violation_error_message=_("No more bytes are there than the file has."),
            ),
            models.CheckConstraint(
                condition=~Q(state=UploadState.RECEIVED) | Q(offset=F("size")),
                name="upload_received_has_every_byte",
                violation_error_message=_("What is looked at is there in full."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
