"""Enrolments that come from a file: the work, how far it is, and what was found in it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from learners.models.organisation import Organisation
from learners.models.stored_file import StoredFile


class ImportState(models.TextChoices):
    CHECKING = "checking", _("is being checked")
    READY = "ready", _("waits for your consent")
    REFUSED = "refused", _("has errors")
    APPLYING = "applying", _("is being applied")
    DONE = "done", _("applied")
    FAILED = "failed", _("came to a halt")


AT_WORK = frozenset({ImportState.CHECKING, ImportState.APPLYING})


class ImportKind(models.TextChoices):
    ENROLMENTS = "enrolments", _("enrolments")
    EXEMPTIONS = "exemptions", _("exemptions")


class LineOutcome(models.TextChoices):
    """What becomes of a line; a job keeps a letter for each of its lines."""

    NEW = "n", _("new")
    CHANGED = "c", _("changes")
    UNCHANGED = "u", _("stays as it is")
    ERROR = "e", _("error")


class ImportColumn(models.TextChoices):
    """The columns that a file may have, each once."""

    COURSE = "course", _("course")
    RUN = "run", _("run")
    LEARNER = "learner", _("learner")
    NAME = "name", _("name")
    REGISTERED_ON = "registered_on", _("registered on")
    WITHDRAWN_ON = "withdrawn_on", _("withdrawn on")
    RESULT = "result", _("result")
    GROUND = "ground", _("ground")
    COACH = "coach", _("coach")


class FindingKind(models.TextChoices):
    """What can be said of a line; `%(value)s` is what stands there, `%(hint)s` helps."""

    FILE_UNREADABLE = "file_unreadable", "%(hint)s"
    COURSE_MISSING = "course_missing", _("There is no course here.")
    COURSE_UNKNOWN = "course_unknown", _("No course of this institution has the code “%(value)s”.")
    RUN_UNKNOWN = "run_unknown", _("No run of this course has the code “%(value)s”.")
    RUN_CANCELLED = "run_cancelled", _("The run “%(value)s” was cancelled.")
    RUN_FULL = "run_full", _("The run “%(value)s” is full: it has %(hint)s places.")
    NO_RUN_FOR = "no_run_for", _("This enrolment is “%(hint)s”; it cannot get a run.")
    LEARNER_MISSING = "learner_missing", _("There is no e-mail address or number here.")
    EMAIL_WRONG = "email_wrong", _("“%(value)s” is not an e-mail address.")
    NUMBER_TOO_LONG = "number_too_long", _("“%(value)s” is longer than the 30 characters allowed.")
    NAME_MISSING = "name_missing", _("“%(value)s” is not known yet: give the name as well.")
    NAME_TOO_LONG = "name_too_long", _("This name is longer than the 150 characters allowed.")
    DATE_WRONG = "date_wrong", _("“%(value)s” is not a day; write it as 31-12-2026 or 2026-12-31.")
    DATE_IN_FUTURE = "date_in_future", _("%(value)s has yet to come.")
    RESULT_UNKNOWN = "result_unknown", _("“%(value)s” is not a result.")
    GROUND_MISSING = "ground_missing", _("There is no ground for the exemption here.")
    GROUND_TOO_LONG = (
        "ground_too_long",
        _("This ground is longer than the 500 characters allowed."),
    )
    COACH_UNKNOWN = "coach_unknown", _("Nobody has the e-mail address “%(value)s”.")
    COACH_NO_ROLE = (
        "coach_no_role",
        _("“%(value)s” is no coach at this institution. Give them that role first."),
    )
    COACH_THEMSELVES = (
        "coach_themselves",
        _("“%(value)s” is the learner of this line. Somebody else coaches them."),
    )
    COACH_OF_COURSE = (
        "coach_of_course",
        _("Only a programme has coaches, and this is a course. Leave the coach empty here."),
    )
    NOT_OF_PROGRAMME = (
        "not_of_programme",
        _("A line about a programme leaves “%(hint)s” empty."),
    )
    STATUS_REFUSED = "status_refused", "%(hint)s"
    TWICE_DIFFERENT = (
        "twice_different",
        _("Line %(hint)s says something else about this learner and run."),
    )
    OPEN_ELSEWHERE = (
        "open_elsewhere",
        _("This learner follows this course already, in another run: %(hint)s."),
    )
    OPEN_EARLIER = (
        "open_earlier",
        _("Line %(hint)s enrols this learner in this course; put what is finished before it."),
    )

    ALREADY_COMPLETED = (
        "already_completed",
        _("Has completed this course; that stays, and needs no exemption."),
    )
    TWICE_SAME = "twice_same", _("The same as line %(hint)s; passed over.")
    RESULT_WINS = (
        "result_wins",
        _("The result “%(hint)s” counts; the withdrawal day %(value)s is passed over."),
    )
    WITHDRAWN_WITHOUT_DAY = (
        "withdrawn_without_day",
        _("Withdrawn, but nobody knows when: %(hint)s."),
    )
    WITHDRAWN_BEFORE_REGISTERED = (
        "withdrawn_before_registered",
        _("Withdrew on %(value)s, before the day of registration."),
    )
    STATUS_KEPT = "status_kept", _("The study status stays “%(hint)s”.")
    NAME_KEPT = "name_kept", _("We know this person as “%(hint)s”; that name stays.")
    DAY_KEPT = "day_kept", _("The day of registration stays %(hint)s.")
    COLUMN_PASSED_OVER = "column_passed_over", _("The column “%(value)s” is not used.")

    STATUS_CHANGES = "status_changes", _("The study status becomes: %(hint)s.")
    DAY_FILLED_IN = "day_filled_in", _("The day of registration becomes %(value)s.")
    RUN_BOOKED = "run_booked", _("Gets a place in the run “%(value)s”.")
    COACH_ADDED = "coach_added", _("Gets the coach “%(value)s”.")
    STILL_OPEN = "still_open", _("Still open here: %(hint)s")


class Severity(models.TextChoices):
    ERROR = "error", _("error")
    NOTICE = "notice", _("notice")
    CHANGE = "change", _("change")


K = FindingKind
NOTICES = frozenset(
    {
        K.ALREADY_COMPLETED,
        K.TWICE_SAME,
        K.RESULT_WINS,
        K.WITHDRAWN_WITHOUT_DAY,
        K.WITHDRAWN_BEFORE_REGISTERED,
        K.STATUS_KEPT,
        K.NAME_KEPT,
        K.DAY_KEPT,
        K.COLUMN_PASSED_OVER,
        K.STILL_OPEN,
    }
)
CHANGES = frozenset({K.STATUS_CHANGES, K.DAY_FILLED_IN, K.RUN_BOOKED, K.COACH_ADDED})


def severity_of(kind: FindingKind) -> Severity:
    """Return whether something is an error, worth knowing, or a change of what was there."""
    if kind in NOTICES:
        return Severity.NOTICE
    return Severity.CHANGE if kind in CHANGES else Severity.ERROR


class ImportJob(models.Model):
    """One file of enrolments or exemptions, from its check to its end; all of it is applied, or
    nothing.

    `attempt` fences off a worker that was thought lost: only the newest attempt may write.
    """

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("institution"), on_delete=models.PROTECT, related_name="+"
    )
    file = models.OneToOneField(
        StoredFile, verbose_name=_("file"), on_delete=models.PROTECT, related_name="import_job"
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=ImportKind, default=ImportKind.ENROLMENTS
    )
    with_certificates = models.BooleanField(
        _("make certificates"),
        default=True,
        help_text=_("Untick this where the people in the file have their certificates already."),
    )
    tells = models.BooleanField(_("tell people"), default=False)
    state = models.CharField(
        _("state"), max_length=8, choices=ImportState, default=ImportState.CHECKING
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("at"), default=timezone.now)
    queued_at = models.DateTimeField(_("queued at"), default=timezone.now)
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    counts = models.JSONField(_("counts"), default=dict)
    run_ids = models.JSONField(default=list)
    outcomes = models.TextField(
        blank=True, editable=False, help_text=_("A letter for each line: what becomes of it.")
    )

    class Meta:
        verbose_name = _("import of enrolments")
        verbose_name_plural = _("imports of enrolments")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ImportState.DONE, applied_at__isnull=False)
                | (~Q(state=ImportState.DONE) & Q(applied_at=None)),
                name="import_applied_says_when",
                violation_error_message=_("What was applied says when."),
            ),
        ]

    def __str__(self) -> str:
        return self.file.name

    @property
    def is_at_work(self) -> bool:
        """Whether the worker has it, or will."""
        return self.state in AT_WORK

    def count(self, name: str) -> int:
        """Return one of its counts; none counted is 0."""
        return self.counts.get(name, 0)


class ExemptionImportManager(models.Manager["ExemptionImport"]):
    def get_queryset(self) -> models.QuerySet["ExemptionImport"]:
        """Keep files of exemptions."""
        return super().get_queryset().filter(kind=ImportKind.EXEMPTIONS)


class ExemptionImport(ImportJob):
    """A base list or an exemption file, as a list of its own in the administration."""

    objects = ExemptionImportManager()  # type: ignore[misc]

    class Meta:
        proxy = True
        verbose_name = _("import of exemptions")
        verbose_name_plural = _("imports of exemptions")


class ImportBlock(models.Model):
    """Some hundreds of lines of a checked file, in the order of the file: read once, so that any
    page of them costs the same. They go away with the job."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="blocks")
    number = models.PositiveIntegerField(_("number"))
    lines = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["job", "number"],
                name="import_block_once",
                violation_error_message=_("These lines of the file are kept already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.number}"


class ImportFinding(models.Model):
    """Something to know about one line and column; its words are made when it is shown."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="findings")
    severity = models.CharField(_("what"), max_length=6, choices=Severity)
    line = models.PositiveIntegerField(_("line"))
    column = models.CharField(_("column"), max_length=13, choices=ImportColumn, blank=True)
    kind = models.CharField(max_length=27)
    value = models.CharField(max_length=200, blank=True)
    hint = models.CharField(max_length=300, blank=True)
    suggestion = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["pk"]
        indexes = [models.Index(fields=["job", "severity"])]

    def __str__(self) -> str:
        return self.message

    @property
    def message(self) -> str:
        """Say it, in the language of the page."""
        words = str(FindingKind(self.kind).label) % {"value": self.value, "hint": self.hint}
        if not self.suggestion:
            return words
        meant = gettext("Did you mean “%(code)s”?") % {"code": self.suggestion}
        return f"{words} {meant}"
