"""What can be learned: courses with their materials, and the programmes that order them."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from learners.models.fields import LinkField
from learners.models.organisation import Organisation
from learners.models.stored_file import StoredFile


class CourseKind(models.TextChoices):
    ELEARNING = "elearning", _("e-learning")
    CLASSROOM = "classroom", _("classroom")
    BLENDED = "blended", _("blended")


class PointsOn(models.TextChoices):
    COMPLETION = "completion", _("on completion")
    MEETING = "meeting", _("for each meeting attended")


class TermBegins(models.TextChoices):
    ENROLMENT = "enrolment", _("on enrolment")
    START = "start", _("when it is opened")


class CompletedBy(models.TextChoices):
    COURSES = "courses", _("its courses")
    EXAM = "exam", _("an exam")


class Titled(models.Model):
    """A title and a summary in both languages; Dutch is always there, English falls back on it."""

    title_nl = models.CharField(_("title (Dutch)"), max_length=150)
    title_en = models.CharField(_("title (English)"), max_length=150, blank=True)
    summary_nl = models.TextField(_("summary (Dutch)"), blank=True)
    summary_en = models.TextField(_("summary (English)"), blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    def title_in(self, language: str) -> str:
        """Return the title in this language, in Dutch where it has none."""
        return (self.title_en if language == "en" else "") or self.title_nl

    @property
    def title(self) -> str:
        """The title in the language of the page."""
        return self.title_in((get_language() or "nl")[:2])

    @property
    def summary(self) -> str:
        """The summary in the language of the page."""
        english = (get_language() or "nl").startswith("en")
        return (self.summary_en if english else "") or self.summary_nl


class PublishedQuerySet(models.QuerySet):
    def published(self) -> "PublishedQuerySet":
        """Keep what is on offer now: published, and not archived."""
        return self.filter(published_at__lte=timezone.now(), archived_at=None)


class CourseQuerySet(PublishedQuerySet):
    pass


class Course(Titled):
    """Something that can be completed, by attending, by studying online, or both."""

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        related_name="courses",
    )
    code = models.CharField(_("code"), max_length=40)
    kind = models.CharField(
        _("kind"), max_length=9, choices=CourseKind, default=CourseKind.CLASSROOM
    )
    study_points = models.PositiveSmallIntegerField(
        _("study points"), default=0, help_text=_("For completing it, or for each meeting.")
    )
    points_on = models.CharField(
        _("points are given"), max_length=10, choices=PointsOn, default=PointsOn.COMPLETION
    )
    maximum_study_points = models.PositiveSmallIntegerField(
        _("maximum of study points"),
        null=True,
        blank=True,
        help_text=_("That one person can earn with this course, over all their enrolments."),
    )
    term_days = models.PositiveSmallIntegerField(
        _("study term in days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty means that there is no term."),
    )
    term_begins = models.CharField(
        _("the study term begins"),
        max_length=9,
        choices=TermBegins,
        default=TermBegins.ENROLMENT,
    )
    withdrawal_limit_days = models.PositiveSmallIntegerField(
        _("withdrawal limit in days"),
        default=15,
        help_text=_("Who withdraws this many days before the first meeting has a valid reason."),
    )
    gives_certificate = models.BooleanField(_("gives a certificate"), default=True)
    certificate_months = models.PositiveSmallIntegerField(
        _("validity of the certificate in months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty means that it never expires."),
    )
    open_for_enrolment = models.BooleanField(
        _("learners enrol themselves"), default=False, help_text=_("In any run with room.")
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)
    new_version_of = models.ForeignKey(
        "self",
        verbose_name=_("new version of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="newer_versions",
        help_text=_("Completing this course satisfies what asked for that one."),
    )

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["title_nl", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code"],
                name="course_code_once_per_organisation",
                violation_error_message=_("Another course here has this code."),
            ),
            models.CheckConstraint(
                condition=~Q(new_version_of=F("id")),
                name="course_is_not_its_own_version",
                violation_error_message=_("A course cannot be a new version of itself."),
            ),
        ]

    @property
    def has_meetings(self) -> bool:
        """Whether people attend it, at a place or online at a set time."""
        return self.kind != CourseKind.ELEARNING


class Material(models.Model):
    """Something to read or watch in the knowledge centre of a course: a file or a link."""

    course = models.ForeignKey(
        Course, verbose_name=_("course"), on_delete=models.CASCADE, related_name="materials"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    title = models.CharField(_("title"), max_length=150)
    file = models.ForeignKey(
        StoredFile,
        verbose_name=_("file"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="materials",
    )
    link = LinkField(_("link"), blank=True)

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("knowledge centre")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file=None, link__gt="") | Q(file__isnull=False, link=""),
                name="material_is_a_file_or_a_link",
                violation_error_message=_("Give a file or a link, not both."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Programme(Titled):
    """Courses in an order, completed as one."""

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        related_name="programmes",
    )
    code = models.CharField(_("code"), max_length=40)
    courses = models.ManyToManyField(
        Course, verbose_name=_("courses"), through="ProgrammeCourse", related_name="programmes"
    )
    completed_by = models.CharField(
        _("completed by"), max_length=7, choices=CompletedBy, default=CompletedBy.COURSES
    )
    term_days = models.PositiveSmallIntegerField(
        _("study term in days"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    learners_choose_run = models.BooleanField(
        _("learners choose their runs"),
        default=True,
        help_text=_("Otherwise an administrator books them."),
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)

    objects = PublishedQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["title_nl", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code"],
                name="programme_code_once_per_organisation",
                violation_error_message=_("Another programme here has this code."),
            ),
        ]


class ProgrammeCourse(models.Model):
    """A course's place in a programme."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="programme_courses"
    )
    course = models.ForeignKey(
        Course, verbose_name=_("course"), on_delete=models.PROTECT, related_name="+"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    is_needed = models.BooleanField(_("needed to complete it"), default=True)

    class Meta:
        verbose_name = _("course of a programme")
        verbose_name_plural = _("courses of a programme")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "course"],
                name="programme_has_a_course_once",
                violation_error_message=_("This course is in the programme already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.course}"
