"""An attempt at the exam of a programme: released by a coach, and what held at that moment."""

from collections.abc import Mapping
from enum import Enum

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exams.models.exam import Exam
from exams.models.reach import OfEnrolment
from exams.models.sample import Sample
from learners.models import Enrolment, GradeScale, WhoDecides


class AttemptState(models.TextChoices):
    RELEASED = "released", _("released")
    STARTED = "started", _("started")


class AttemptAct(Enum):
    """What changes the state of an attempt."""

    START = "start"


# act → the states from which it may be done, and the one that it leads to.
ATTEMPT_ALLOWED: Mapping[AttemptAct, frozenset[AttemptState]] = {
    AttemptAct.START: frozenset({AttemptState.RELEASED}),
}
ATTEMPT_LEADS_TO: Mapping[AttemptAct, AttemptState] = {
    AttemptAct.START: AttemptState.STARTED,
}


class Attempt(models.Model):
    """Somebody's attempt at an exam, from its release on. The exam, with its parts and its form,
    and the policies of the institution are those of that moment, and stay. `state` is written by
    `exams/releasing/states.py` alone."""

    enrolment = models.ForeignKey(
        Enrolment, verbose_name=_("enrolment"), on_delete=models.PROTECT, related_name="attempts"
    )
    number = models.PositiveSmallIntegerField(_("attempt"), default=1)
    exam = models.ForeignKey(
        Exam, verbose_name=_("exam"), on_delete=models.PROTECT, related_name="attempts"
    )
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=AttemptState,
        default=AttemptState.RELEASED,
        editable=False,
    )
    sample = models.ForeignKey(
        Sample,
        verbose_name=_("sample"),
        null=True,
        on_delete=models.PROTECT,
        related_name="attempts",
    )
    earned_xp = models.PositiveIntegerField(_("XP earned at the release"))
    needed_xp = models.PositiveIntegerField(_("XP needed at the release"))
    reason = models.CharField(
        _("reason to release it early"),
        max_length=500,
        blank=True,
        help_text=_("Empty: it was not early."),
    )
    scale = models.CharField(_("grade scale"), max_length=10, choices=GradeScale)
    assessors = models.PositiveSmallIntegerField(_("assessors"))
    resits = models.CharField(_("resits"), max_length=15, choices=WhoDecides)
    reopening = models.CharField(_("reopening"), max_length=15, choices=WhoDecides)
    released_at = models.DateTimeField(_("released at"), default=timezone.now)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("released by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    started_at = models.DateTimeField(_("started at"), null=True, editable=False)

    objects = OfEnrolment.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-number", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "number"],
                name="attempt_number_once",
                violation_error_message=_("This exam was released already."),
            ),
            models.CheckConstraint(
                condition=Q(state="released", started_at=None)
                | Q(~Q(state="released"), started_at__isnull=False),
                name="attempt_started_says_when",
                violation_error_message=_("Say when the exam was started."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(AttemptState.values)),
                name="attempt_state_is_known",
                violation_error_message=_("This is not a state of an exam."),
            ),
            models.CheckConstraint(
                condition=Q(reason__gt="") | Q(sample__isnull=False, earned_xp__gte=F("needed_xp")),
                name="attempt_rests_on_a_sample_and_xp_or_a_reason",
                violation_error_message=_(
                    "An exam is released with enough XP and an approved sample, or with a reason."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment.learner}: {self.exam}"

    def get_absolute_url(self) -> str:
        """The page on which its learner opens it."""
        return reverse("exams:exam_detail", args=[self.enrolment_id])

    @property
    def is_early(self) -> bool:
        """Whether it was released before XP and sample allowed it, with a reason."""
        return bool(self.reason)
