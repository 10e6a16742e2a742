"""What a programme asks beside its courses: themes, and in them assignments with their versions."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from learners.models import Programme, ProgrammeCourse
from learners.models.catalogue import Titled

MOST_XP = 10_000


class AnswerKind(models.TextChoices):
    TEXT = "text", _("text")
    FILES = "files", _("files")
    BOTH = "both", _("text, files, or both")


class Reaches(models.TextChoices):
    """Whom a new version of an assignment is for, beside who enrols after it."""

    NEW = "new", _("only people who enrol from now on")
    NOT_HANDED_IN = "not_handed_in", _("also people who have not handed anything in yet")
    IMPROVING = "improving", _("also people whose work was sent back and who are improving it")


class Theme(Titled):
    """A part of a programme, under whose heading assignments and courses stand."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.CASCADE, related_name="themes"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["position", "pk"]


class ThemeCourse(models.Model):
    """A course of the programme that stands among the assignments of a theme."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="theme_courses")
    programme_course = models.OneToOneField(
        ProgrammeCourse,
        verbose_name=_("course"),
        on_delete=models.CASCADE,
        related_name="in_theme",
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        verbose_name = _("course in a theme")
        verbose_name_plural = _("courses in themes")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.programme_course.course)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def published(self) -> "AssignmentQuerySet":
        """Keep what somebody can be asked: with a version that was published."""
        versions = AssignmentVersion.objects.published().filter(assignment=models.OuterRef("pk"))
        return self.filter(models.Exists(versions))


class Assignment(models.Model):
    """Something to make and hand in. What it asks is said by its versions; put aside, it is asked
    of nobody who has not handed it in."""

    theme = models.ForeignKey(
        Theme, verbose_name=_("theme"), on_delete=models.PROTECT, related_name="assignments"
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="assignments", editable=False
    )
    code = models.CharField(
        _("code"), max_length=40, help_text=_("By which a file finds it; once in a programme.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    is_needed = models.BooleanField(_("needed to complete the programme"), default=True)
    archived_at = models.DateTimeField(_("put aside at"), null=True, blank=True, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "code"],
                name="assignment_code_once_per_programme",
                violation_error_message=_("Another assignment of this programme has this code."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: object, **kwargs: object) -> None:
        self.programme_id = self.theme.programme_id
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class AssignmentVersionQuerySet(models.QuerySet["AssignmentVersion"]):
    def published(self) -> "AssignmentVersionQuerySet":
        """Keep what somebody can be asked."""
        return self.filter(published_at__isnull=False)


class AssignmentVersion(models.Model):
    """What an assignment asks, and what it gives; frozen once it is published."""

    assignment = models.ForeignKey(
        Assignment,
        verbose_name=_("assignment"),
        on_delete=models.CASCADE,
        related_name="versions",
    )
    number = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    title_nl = models.CharField(_("title (Dutch)"), max_length=150)
    title_en = models.CharField(_("title (English)"), max_length=150, blank=True)
    task_nl = models.TextField(
        _("task (Dutch)"), help_text=_("Markdown: *slanted*, **bold**, lists.")
    )
    task_en = models.TextField(_("task (English)"), blank=True)
    expected_nl = models.TextField(
        _("what is expected (Dutch)"),
        blank=True,
        help_text=_("What a good answer has; the coach sees it beside the work."),
    )
    expected_en = models.TextField(_("what is expected (English)"), blank=True)
    xp = models.PositiveSmallIntegerField("XP", default=10, validators=[MaxValueValidator(MOST_XP)])
    answer = models.CharField(
        _("is answered with"), max_length=5, choices=AnswerKind, default=AnswerKind.BOTH
    )
    is_reviewed = models.BooleanField(
        _("the coach reviews it"),
        default=True,
        help_text=_("Otherwise it is done once it is handed in."),
    )
    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    reaches = models.CharField(
        _("whom it is for"),
        max_length=13,
        choices=Reaches,
        default=Reaches.NOT_HANDED_IN,
        editable=False,
    )

    objects = AssignmentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of an assignment")
        verbose_name_plural = _("versions of assignments")
        ordering = ["assignment", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "number"],
                name="assignment_version_number_once",
                violation_error_message=_("This version is there already."),
            ),
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(published_at=None),
                name="assignment_one_version_being_made",
                violation_error_message=_("A version of this assignment is being made already."),
            ),
            models.CheckConstraint(
                condition=Q(xp__lte=MOST_XP),
                name="assignment_version_xp_within_reason",
                violation_error_message=_("An assignment gives at most 10,000 XP."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_frozen(self) -> bool:
        """Whether it can no longer be changed: somebody may be asked it."""
        return self.published_at is not None

    @property
    def title(self) -> str:
        """The title in the language of the page."""
        return self._said("title")

    @property
    def task(self) -> str:
        """The task in the language of the page, as Markdown."""
        return self._said("task")

    @property
    def expected(self) -> str:
        """What is expected in the language of the page, as Markdown."""
        return self._said("expected")

    def title_in(self, language: str) -> str:
        """Return the title in this language, in Dutch where it has none."""
        return (self.title_en if language == "en" else "") or self.title_nl

    @property
    def takes_text(self) -> bool:
        return self.answer != AnswerKind.FILES

    @property
    def takes_files(self) -> bool:
        return self.answer != AnswerKind.TEXT

    def _said(self, name: str) -> str:
        english = (get_language() or "nl").startswith("en")
        said: str = getattr(self, f"{name}_nl")
        return (getattr(self, f"{name}_en") if english else "") or said
