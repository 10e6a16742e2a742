"""What a coach says of a hand-in: a verdict, feedback, and remarks beside the work."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exams.models.work import HandIn
from learners.files.file_kinds import FILMS, PDF, SOUNDS
from learners.models import StoredFile

PLAYED = frozenset(kind.mime for kind in (*FILMS, *SOUNDS))
MINUTE = 60  # seconds


class Verdict(models.TextChoices):
    APPROVED = "approved", _("approved")
    SENT_BACK = "sent_back", _("sent back")


class ReviewQuerySet(models.QuerySet["Review"]):
    def given(self) -> "ReviewQuerySet":
        """Keep what was said to the learner."""
        return self.filter(given_at__isnull=False)


class Review(models.Model):
    """A review of one hand-in: until it is given, a draft of its author alone. The newest that was
    given counts. `revision` counts the savings of its feedback: who saves says which one they had,
    so that a second window never overwrites what it did not see."""

    hand_in = models.ForeignKey(
        HandIn, verbose_name=_("hand-in"), on_delete=models.PROTECT, related_name="reviews"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    feedback = models.TextField(_("feedback"), blank=True)
    verdict = models.CharField(_("verdict"), max_length=9, choices=Verdict, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    window = models.CharField(
        max_length=40,
        blank=True,
        editable=False,
        help_text=_("The window of a browser that saved it last."),
    )
    saved_at = models.DateTimeField(_("saved at"), default=timezone.now)
    given_at = models.DateTimeField(_("given at"), null=True, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["hand_in", "by"],
                condition=Q(given_at=None),
                name="review_one_draft_per_author",
                violation_error_message=_("You are reviewing this already."),
            ),
            models.CheckConstraint(
                condition=Q(given_at=None, verdict="")
                | Q(given_at__isnull=False, verdict__in=sorted(Verdict.values)),
                name="review_given_has_a_verdict",
                violation_error_message=_("Approve it or send it back."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hand_in}: {self.get_verdict_display() or '…'}"

    @property
    def is_given(self) -> bool:
        return self.given_at is not None


class Remark(models.Model):
    """A remark about one place of the work: a line of its text, or a file; there a page of a PDF or
    a second of a film, or the whole."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="remarks")
    file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    place = models.PositiveIntegerField(
        _("line, page or second"), null=True, blank=True, help_text=_("Counted from 1.")
    )
    text = models.TextField(_("remark"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False) | Q(place__isnull=False),
                name="remark_says_where",
                violation_error_message=_("Say of which line or which file."),
            ),
            models.CheckConstraint(
                condition=Q(text__gt=""),
                name="remark_says_something",
                violation_error_message=_("Write something."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def anchor(self) -> str:
        """The name of its place on a page that shows the work."""
        return f"file-{self.file_id}" if self.file_id else f"line-{self.place}"

    @property
    def second(self) -> int | None:
        """The second of a film or a recording that it is about."""
        return self.place if self.file and self.file.kind in PLAYED else None

    @property
    def page(self) -> int | None:
        """The page of a PDF that it is about."""
        return self.place if self.file and self.file.kind == PDF.mime else None

    @property
    def where(self) -> str:
        """Say what it is about: “Line 3”, “report.pdf, page 2”, “film.mp4, 1:23”."""
        if self.file is None:
            return gettext("Line %(n)d") % {"n": self.place}
        if self.page:
            return gettext("%(file)s, page %(n)d") % {"file": self.file.name, "n": self.page}
        return f"{self.file.name}, {clock(self.second)}" if self.second else self.file.name


def clock(seconds: int) -> str:
    """Say how far into a film something is: 1:23."""
    return f"{seconds // MINUTE}:{seconds % MINUTE:02}"
