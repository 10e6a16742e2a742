"""What a course is made of: its lessons, and how far each learner is in them."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from learners.models.catalogue import Course
from learners.models.enrolment import Enrolment
from learners.models.fields import LinkField
from learners.models.organisation import Language
from learners.models.stored_file import StoredFile


class LessonKind(models.TextChoices):
    TEXT = "text", _("text")
    PICTURE = "picture", _("picture")
    VIDEO = "video", _("video")
    PDF = "pdf", _("PDF")
    FILE = "file", _("file")
    LINK = "link", _("link")


IS_A_FILE = frozenset({LessonKind.PICTURE, LessonKind.VIDEO, LessonKind.PDF, LessonKind.FILE})


class LessonQuerySet(models.QuerySet["Lesson"]):
    def shown(self) -> "LessonQuerySet":
        """Keep those that are not archived: what a course has today."""
        return self.filter(archived_at=None)


class Lesson(models.Model):
    """A step of a course: a text, or something to see, read or open with a text below it.

    Dutch is always there; English falls back on it. Texts are Markdown. Nobody deletes a lesson,
    for somebody may have finished it: it is archived.
    """

    course = models.ForeignKey(
        Course, verbose_name=_("course"), on_delete=models.CASCADE, related_name="lessons"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    kind = models.CharField(_("kind"), max_length=7, choices=LessonKind, default=LessonKind.TEXT)
    title_nl = models.CharField(_("title (Dutch)"), max_length=150)
    title_en = models.CharField(_("title (English)"), max_length=150, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("duration in minutes"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    body_nl = models.TextField(_("text (Dutch)"), blank=True)
    body_en = models.TextField(_("text (English)"), blank=True)
    file = models.ForeignKey(
        StoredFile,
        verbose_name=_("file"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="lessons",
    )
    alt_nl = models.CharField(_("what the picture shows (Dutch)"), max_length=300, blank=True)
    alt_en = models.CharField(_("what the picture shows (English)"), max_length=300, blank=True)
    captions_nl = models.ForeignKey(
        StoredFile,
        verbose_name=_("captions (Dutch)"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    captions_en = models.ForeignKey(
        StoredFile,
        verbose_name=_("captions (English)"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    link = LinkField(_("link"), blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True, editable=False)

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=LessonKind.TEXT, body_nl__gt="", file=None, link="")
                | Q(kind__in=sorted(IS_A_FILE), file__isnull=False, link="")
                | Q(kind=LessonKind.LINK, file=None, link__gt=""),
                name="lesson_has_what_its_kind_needs",
                violation_error_message=_("A lesson has what its kind needs, and nothing else."),
            ),
            models.CheckConstraint(
                condition=Q(kind=LessonKind.PICTURE, alt_nl__gt="")
                | ~Q(kind=LessonKind.PICTURE) & Q(alt_nl="", alt_en=""),
                name="lesson_picture_is_described",
                violation_error_message=_("Say what the picture shows, for who cannot see it."),
            ),
            models.CheckConstraint(
                condition=Q(kind=LessonKind.VIDEO) | Q(captions_nl=None, captions_en=None),
                name="lesson_captions_are_of_a_video",
                violation_error_message=_("Only a video has captions."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page on which those who make or teach it look at it."""
        return reverse("learners:lesson_preview", args=[self.pk])

    @property
    def title(self) -> str:
        """The title in the language of the page."""
        return self._said("title")

    @property
    def body(self) -> str:
        """The text in the language of the page."""
        return self._said("body")

    @property
    def body_language(self) -> str:
        """The language in which the text stands there."""
        return Language.ENGLISH if _in_english() and self.body_en else Language.DUTCH

    @property
    def alt(self) -> str:
        """What the picture shows, in the language of the page."""
        return self._said("alt")

    @property
    def captions(self) -> list[tuple[str, StoredFile]]:
        """The captions that may be read, by language, that of the page first."""
        found = [(Language.DUTCH, self.captions_nl), (Language.ENGLISH, self.captions_en)]
        ordered = reversed(found) if _in_english() else found
        return [
            (str(language), stored)
            for language, stored in ordered
            if stored and not stored.is_infected
        ]

    def _said(self, field: str) -> str:
        english = getattr(self, f"{field}_en") if _in_english() else ""
        return english or getattr(self, f"{field}_nl")


def _in_english() -> bool:
    return (get_language() or Language.DUTCH).startswith(Language.ENGLISH)


class LessonProgress(models.Model):
    """How far somebody is in a lesson of a course that they follow."""

    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="lesson_progress"
    )
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="progress")
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    completed_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    position = models.PositiveIntegerField(
        _("position in seconds"), default=0, help_text=_("Where a video goes on.")
    )

    class Meta:
        verbose_name = _("progress in a lesson")
        verbose_name_plural = _("progress in lessons")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "lesson"],
                name="lesson_progress_once_per_enrolment",
                violation_error_message=_("This lesson was opened already."),
            ),
            models.CheckConstraint(
                condition=Q(completed_at=None) | Q(completed_at__gte=F("opened_at")),
                name="lesson_finished_after_it_was_opened",
                violation_error_message=_("A lesson is finished after it was opened."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.lesson}"
