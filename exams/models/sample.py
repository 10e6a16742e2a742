"""The sample: hand-ins by which a coach sees whether somebody is ready for the exam."""

from collections.abc import Mapping
from enum import Enum

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exams.models.reach import OfEnrolment
from exams.models.review import Review, Verdict
from exams.models.work import HandIn
from learners.models import NOT_FINAL, Enrolment
from learners.models.enrolment import followed


class SampleState(models.TextChoices):
    DRAWN = "drawn", _("drawn")
    BEING_ASSESSED = "being_assessed", _("being assessed")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


class SampleAct(Enum):
    """What changes the state of a sample."""

    ASSESS = "assess"  # say something of one of its assignments
    APPROVE = "approve"
    REFUSE = "refuse"


OPEN = frozenset({SampleState.DRAWN, SampleState.BEING_ASSESSED})

# act → the states from which it may be done, and the one that it leads to; a decision is final.
SAMPLE_ALLOWED: Mapping[SampleAct, frozenset[SampleState]] = {
    SampleAct.ASSESS: OPEN,
    SampleAct.APPROVE: OPEN,
    SampleAct.REFUSE: OPEN,
}
SAMPLE_LEADS_TO: Mapping[SampleAct, SampleState] = {
    SampleAct.ASSESS: SampleState.BEING_ASSESSED,
    SampleAct.APPROVE: SampleState.APPROVED,
    SampleAct.REFUSE: SampleState.REFUSED,
}


class SampleQuerySet(OfEnrolment):
    def open(self) -> "SampleQuerySet":
        """Keep what is not decided yet, of who still follows the programme and has no exam yet; in
        an archived one of who applied."""
        applied = Application.objects.filter(enrolment=OuterRef("enrolment"))
        goes_on = Q(Exists(applied), enrolment__status__in=sorted(NOT_FINAL))
        return self.filter(
            followed("enrolment__") | goes_on, state__in=sorted(OPEN), enrolment__attempts=None
        )


class Sample(models.Model):
    """Hand-ins of somebody that were drawn at one moment, and what their coach decided.

    `seed`, `size` and `drawn_from` are all that `exams/sampling/drawing.py` needs to draw it again;
    `passed_over` names the themes of which nothing could be drawn. `state` is written by
    `exams/sampling/states.py` alone.
    """

    enrolment = models.ForeignKey(
        Enrolment, verbose_name=_("enrolment"), on_delete=models.PROTECT, related_name="samples"
    )
    number = models.PositiveSmallIntegerField(_("sample"))
    state = models.CharField(
        _("state"), max_length=14, choices=SampleState, default=SampleState.DRAWN, editable=False
    )
    seed = models.CharField(_("seed"), max_length=64, editable=False)
    size = models.PositiveSmallIntegerField(_("assignments asked for"), editable=False)
    drawn_from = models.JSONField(_("drawn from"), editable=False)
    passed_over = models.JSONField(_("themes passed over"), default=list, editable=False)
    drawn_at = models.DateTimeField(_("drawn at"), default=timezone.now)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("drawn by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: by the system, when the learner applied."),
    )
    expected_on = models.DateField(_("to be decided by"))
    feedback = models.TextField(_("feedback"), blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = SampleQuerySet.as_manager()

    class Meta:
        verbose_name = _("sample")
        verbose_name_plural = _("samples")
        ordering = ["-number", "-pk"]
        indexes = [
            models.Index(
                fields=["drawn_at", "id"],
                condition=Q(state__in=["being_assessed", "drawn"]),
                name="sample_open",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "number"],
                name="sample_number_once",
                violation_error_message=_("This sample is there already."),
            ),
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(state__in=["being_assessed", "drawn"]),
                name="sample_one_at_a_time",
                violation_error_message=_("A sample of this person is being assessed already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(SampleState.values)),
                name="sample_state_is_known",
                violation_error_message=_("This is not a state of a sample."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["being_assessed", "drawn"], decided_at=None, decided_by=None)
                | Q(
                    state__in=["approved", "refused"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="sample_decided_says_by_whom",
                violation_error_message=_("Say who decided it, and when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment.learner}, {self.number}"

    def get_absolute_url(self) -> str:
        """The page on which it is assessed."""
        return reverse("exams:sample_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.state in OPEN


class SampleItem(models.Model):
    """One assignment of a sample, in the version that was drawn: what was said of it before, and
    what is said of it now. `revision` counts the savings, so that no window overwrites what it did
    not show."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="items")
    hand_in = models.ForeignKey(
        HandIn, verbose_name=_("hand-in"), on_delete=models.PROTECT, related_name="sample_items"
    )
    position = models.PositiveSmallIntegerField(default=1)
    earlier = models.ForeignKey(
        Review,
        verbose_name=_("earlier review"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    verdict = models.CharField(_("verdict"), max_length=9, choices=Verdict, blank=True)
    feedback = models.TextField(_("feedback"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    saved_at = models.DateTimeField(_("saved at"), null=True)
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("assignment of a sample")
        verbose_name_plural = _("assignments of samples")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sample", "hand_in"],
                name="sample_has_a_hand_in_once",
                violation_error_message=_("This assignment is in the sample already."),
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=["", *sorted(Verdict.values)]),
                name="sample_item_verdict_is_known",
                violation_error_message=_("Approve it or send it back."),
            ),
            models.CheckConstraint(
                condition=Q(by=None, saved_at=None, verdict="", feedback="")
                | Q(by__isnull=False, saved_at__isnull=False),
                name="sample_item_says_who_judged_it",
                violation_error_message=_("Say who judged it, and when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sample}: {self.hand_in.version}"

    @property
    def suggested(self) -> str:
        """The verdict that a coach starts from: what they said, else what was said earlier."""
        return self.verdict or (self.earlier.verdict if self.earlier else "")


class Application(models.Model):
    """Somebody asked for their exam, or after a refusal for a new sample; answered by the sample
    that was drawn."""

    enrolment = models.ForeignKey(
        Enrolment,
        verbose_name=_("enrolment"),
        on_delete=models.PROTECT,
        related_name="exam_applications",
    )
    applied_at = models.DateTimeField(_("applied at"), default=timezone.now)
    expected_on = models.DateField(_("to be answered by"))
    sample = models.OneToOneField(
        Sample, null=True, on_delete=models.PROTECT, related_name="application", editable=False
    )

    objects = OfEnrolment.as_manager()

    class Meta:
        verbose_name = _("application for an exam")
        verbose_name_plural = _("applications for exams")
        ordering = ["-applied_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(sample=None),
                name="application_one_at_a_time",
                violation_error_message=_("You applied already; your coach answers."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment.learner}, {self.applied_at:%Y-%m-%d}"
