"""The exam of a programme, in versions: its parts, what each asks, and how it is judged."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from learners.models import GradeScale, Programme

MEGABYTE = 1024 * 1024  # bytes
LARGEST = 100  # megabytes of a file that is handed in
MOST_FILES = 20
LONGEST = 60 * 24  # minutes of a part


class ExamKind(models.TextChoices):
    CERTIFIED = "certified", _("the certified final assignments of the programme")
    OWN = "own", _("an exam of the institution’s own")
    OUTSIDE = "outside", _("an exam that is taken elsewhere")


class PartKind(models.TextChoices):
    UPLOAD = "upload", _("files are handed in")
    APPOINTMENT = "appointment", _("an appointment with an assessor")


class FileSort(models.TextChoices):
    ANY = "any", _("any kind of file")
    DOCUMENT = "document", _("a document")
    PICTURE = "picture", _("a picture")
    FILM = "film", _("a film")
    SOUND = "sound", _("a recording of sound")


class Named(models.Model):
    """A title in both languages; Dutch is always there, English falls back on it."""

    title_nl = models.CharField(_("title (Dutch)"), max_length=150)
    title_en = models.CharField(_("title (English)"), max_length=150, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the language of the page."""
        return said(self, "title")

    def title_in(self, language: str) -> str:
        """Return the title in this language, in Dutch where it has none."""
        return (self.title_en if language == "en" else "") or self.title_nl


class ExamQuerySet(models.QuerySet["Exam"]):
    def published(self) -> "ExamQuerySet":
        """Keep what can be released."""
        return self.filter(published_at__isnull=False)


class Exam(Named):
    """One version of the exam of a programme; frozen once it is published. The newest that was
    published is what is released, and stays what it was for whom it was released."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="exams"
    )
    number = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    kind = models.CharField(
        _("what the exam is"), max_length=9, choices=ExamKind, default=ExamKind.CERTIFIED
    )
    announcement_nl = models.TextField(
        _("announcement (Dutch)"),
        blank=True,
        help_text=_(
            "Learners read it on the page of the programme from the beginning. Markdown: "
            "*slanted*, **bold**, lists."
        ),
    )
    announcement_en = models.TextField(_("announcement (English)"), blank=True)
    scale = models.CharField(
        _("grade scale"),
        max_length=10,
        choices=GradeScale,
        blank=True,
        help_text=_("Empty: that of the institution."),
    )
    created_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)

    objects = ExamQuerySet.as_manager()

    class Meta:
        verbose_name = _("exam")
        verbose_name_plural = _("exams")
        ordering = ["programme", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="exam_number_once",
                violation_error_message=_("This version is there already."),
            ),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(published_at=None),
                name="exam_one_version_being_made",
                violation_error_message=_("A version of this exam is being made already."),
            ),
        ]

    @property
    def is_frozen(self) -> bool:
        """Whether it can no longer be changed: it may have been released to somebody."""
        return self.published_at is not None

    @property
    def is_taken_here(self) -> bool:
        """Whether it is taken in the product."""
        return self.kind != ExamKind.OUTSIDE

    @property
    def announcement(self) -> str:
        """The announcement in the language of the page, as Markdown."""
        return said(self, "announcement")

    @property
    def grade_scale(self) -> GradeScale:
        """The scale in which it is graded: its own, else the institution's."""
        return GradeScale(self.scale or self.programme.organisation.grade_scale)


class ExamPart(Named):
    """A part of an exam: files that are handed in, or an appointment; with how it is judged. It is
    passed from its cut score, in points; on a scale of words a second one says what is good."""

    exam = models.ForeignKey(
        Exam, verbose_name=_("exam"), on_delete=models.CASCADE, related_name="parts"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    kind = models.CharField(
        _("what is asked"), max_length=11, choices=PartKind, default=PartKind.UPLOAD
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes that it takes"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
        help_text=_("An indication for the learner; nobody watches it."),
    )
    weight = models.PositiveSmallIntegerField(
        _("weight"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("How much it counts in the grade, beside the other parts."),
    )
    must_be_passed = models.BooleanField(_("must be passed"), default=True)
    cut_score = models.PositiveSmallIntegerField(
        _("cut score"),
        null=True,
        blank=True,
        help_text=_("The points from which this part is passed."),
    )
    good_score = models.PositiveSmallIntegerField(
        _("cut score for “good”"),
        null=True,
        blank=True,
        help_text=_("Only where the scale has words: the points from which it is good."),
    )
    most_megabytes = models.PositiveSmallIntegerField(
        _("megabytes of one file at most"),
        default=LARGEST,
        validators=[MinValueValidator(1), MaxValueValidator(LARGEST)],
    )
    most_files = models.PositiveSmallIntegerField(
        _("files at most"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_FILES)],
    )

    class Meta:
        verbose_name = _("part of an exam")
        verbose_name_plural = _("parts of exams")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__gte=1),
                name="exam_part_weighs_something",
                violation_error_message=_("A part counts at least once."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=LONGEST),
                name="exam_part_takes_a_minute_to_a_day",
                violation_error_message=_("A part takes a minute at least, and a day at most."),
            ),
            models.CheckConstraint(
                condition=Q(most_megabytes__gte=1, most_megabytes__lte=LARGEST),
                name="exam_part_files_within_reason",
                violation_error_message=_("A file has 1 to 100 megabytes at most."),
            ),
            models.CheckConstraint(
                condition=Q(most_files__gte=1, most_files__lte=MOST_FILES),
                name="exam_part_number_of_files_within_reason",
                violation_error_message=_("A part takes 1 to 20 files at most."),
            ),
            models.CheckConstraint(
                condition=Q(cut_score=None) | Q(good_score=None) | Q(good_score__gt=F("cut_score")),
                name="exam_part_good_is_above_passed",
                violation_error_message=_("“Good” begins above the cut score."),
            ),
        ]

    @property
    def takes_files(self) -> bool:
        return self.kind == PartKind.UPLOAD

    @property
    def most_bytes(self) -> int:
        """How large one file may be."""
        return self.most_megabytes * MEGABYTE

    def points(self) -> int:
        """Return the points that its criteria give together, in one query."""
        return self.criteria.aggregate(sum=Sum("points"))["sum"] or 0


class InstructionPage(Named):
    """A page of the instruction of a part, read one after the other; the hand-in follows."""

    part = models.ForeignKey(ExamPart, on_delete=models.CASCADE, related_name="pages")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    text_nl = models.TextField(
        _("text (Dutch)"), help_text=_("Markdown: *slanted*, **bold**, lists.")
    )
    text_en = models.TextField(_("text (English)"), blank=True)

    class Meta:
        verbose_name = _("page of an instruction")
        verbose_name_plural = _("pages of instructions")
        ordering = ["position", "pk"]

    @property
    def text(self) -> str:
        """The text in the language of the page, as Markdown."""
        return said(self, "text")


class ExpectedFile(Named):
    """A file that is expected in a part, so that its learner sees what is missing."""

    part = models.ForeignKey(ExamPart, on_delete=models.CASCADE, related_name="expected_files")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    sort = models.CharField(_("sort of file"), max_length=8, choices=FileSort, default=FileSort.ANY)
    is_required = models.BooleanField(_("is required"), default=True)

    class Meta:
        verbose_name = _("file that is expected")
        verbose_name_plural = _("files that are expected")
        ordering = ["position", "pk"]


class Criterion(Named):
    """Something by which a part is judged; a knock-out that is not met fails the part."""

    part = models.ForeignKey(ExamPart, on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    explanation_nl = models.TextField(_("explanation (Dutch)"), blank=True)
    explanation_en = models.TextField(_("explanation (English)"), blank=True)
    points = models.PositiveSmallIntegerField(
        _("points at most"), default=10, validators=[MaxValueValidator(1000)]
    )
    is_knock_out = models.BooleanField(_("knock-out"), default=False)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_knock_out=True) | Q(points__gt=0),
                name="criterion_gives_points_or_knocks_out",
                violation_error_message=_("A criterion gives points, or it is a knock-out."),
            ),
        ]

    @property
    def explanation(self) -> str:
        """The explanation in the language of the page."""
        return said(self, "explanation")


def said(of: models.Model, name: str) -> str:
    """Return a text of a row in the language of the page, in Dutch where it has no other."""
    english = (get_language() or "nl").startswith("en")
    dutch: str = getattr(of, f"{name}_nl")
    return (getattr(of, f"{name}_en") if english else "") or dutch
