"""Seats in runs."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.models.run import Run


class PlaceState(models.TextChoices):
    REQUESTED = "requested", _("requested")
    WAITLISTED = "waitlisted", _("on the waiting list")
    BOOKED = "booked", _("booked")
    RELEASED = "released", _("released")


class PlaceQuerySet(models.QuerySet["Place"]):
    def booked(self) -> "PlaceQuerySet":
        return self.filter(state=PlaceState.BOOKED)

    def on_register(self) -> "PlaceQuerySet":
        """Keep the places of who is booked, and of who withdrew or was exempted: a teacher still
        sees them, and can correct it."""
        return self.filter(Q(state=PlaceState.BOOKED) | Q(released_by_status=True))


class Place(models.Model):
    """A seat in a run. Old ones stay, so that changing a run loses nothing."""

    enrolment = models.ForeignKey(
        "learners.Enrolment",
        verbose_name=_("enrolment"),
        on_delete=models.CASCADE,
        related_name="places",
    )
    run = models.ForeignKey(
        Run, verbose_name=_("run"), on_delete=models.PROTECT, related_name="places"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=PlaceState, default=PlaceState.BOOKED
    )
    released_by_status = models.BooleanField(
        _("released by the study status"), default=False, editable=False
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        indexes = [models.Index(fields=["run", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(state=PlaceState.BOOKED),
                name="place_booked_once_per_enrolment",
                violation_error_message=_("This enrolment has a place already."),
            ),
            models.UniqueConstraint(
                fields=["enrolment", "run"],
                name="place_once_per_run",
                violation_error_message=_("This enrolment has a place in this run already."),
            ),
            models.CheckConstraint(
                condition=Q(released_by_status=False) | Q(state=PlaceState.RELEASED),
                name="place_released_by_status_is_released",
                violation_error_message=_("Who withdrew or is exempt has no place."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run}: {self.get_state_display()}"
