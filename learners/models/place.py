"""Seats in runs."""

from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
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

    def waiting(self) -> "PlaceQuerySet":
        """Keep who waits for a place."""
        return self.filter(state=PlaceState.WAITLISTED)

    def in_line(self) -> "PlaceQuerySet":
        """Keep who waits, first come first, each with how many are before them in that run."""
        before = Place.objects.waiting().filter(run=OuterRef("run"))
        before = before.filter(
            Q(waits_since__lt=OuterRef("waits_since"))
            | Q(waits_since=OuterRef("waits_since"), pk__lt=OuterRef("pk"))
        )
        counted = before.order_by().values("run").annotate(n=Count("pk")).values("n")
        ahead = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
        return self.waiting().annotate(ahead=ahead).order_by("waits_since", "pk")

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
    waits_since = models.DateTimeField(
        _("on the waiting list since"), null=True, blank=True, editable=False
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
                condition=Q(state__in=[PlaceState.BOOKED, PlaceState.WAITLISTED]),
                name="place_booked_or_waited_for_once_per_enrolment",
                violation_error_message=_("This enrolment has a place already, or waits for one."),
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
            models.CheckConstraint(
                condition=~Q(state=PlaceState.WAITLISTED) | Q(waits_since__isnull=False),
                name="place_waited_for_since_a_moment",
                violation_error_message=_("Who waits for a place does so since some moment."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run}: {self.get_state_display()}"
