"""Assigning to many at once: a rule that keeps applying, the work of it, and each person in it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certifications.models.defining import Certification
from certifications.models.groups import IS_A_GROUP, IS_NO_GROUP, Group
from learners.models import ImportState, StoredFile, User
from learners.models.importing import AT_WORK


class ModeForOthers(models.TextChoices):
    """How somebody else assigns it; choosing is for oneself."""

    MANDATORY = "mandatory", _("mandatory")
    NOMINATED = "nominated", _("nominated")


class Refusal(models.TextChoices):
    """Why assigning would do nothing for somebody."""

    INACTIVE = "inactive", _("may not sign in any more")
    COMPLETED = "completed", _("has completed it already")
    EXEMPT = "exempt", _("is exempt")
    REVOKED = "revoked", _("it was withdrawn from them; assign it apart to who is to earn it anew")
    SAME = "same", _("has it already, with this date")
    KEPT = "kept", _("has it already; that stays as it is")
    DECLINED = "declined", _("declined it before")
    TAKEN = "withdrawn", _("it was taken from them before")
    TWICE = "twice", _("stands in the file twice, with the same")


class Problem(models.TextChoices):
    """What is wrong with a line of a file; `%(value)s` is what stands there."""

    PERSON_MISSING = "missing", _("There is no e-mail address or number here.")
    EMAIL_UNKNOWN = "no_email", _("Nobody has the e-mail address “%(value)s”.")
    NUMBER_UNKNOWN = "no_number", _("Nobody at this institution has the number “%(value)s”.")
    DATE_WRONG = "date", _("“%(value)s” is not a day; write it as 31-12-2026 or 2026-12-31.")
    DATE_OVER = "past", _("%(value)s is over already.")
    MODE_UNKNOWN = "mode", _("“%(value)s” is not a way to assign: write mandatory or nominated.")
    DIFFERS = "differs", _("Line %(value)s says something else about this person.")
    IMPOSSIBLE = "refused", "%(value)s"


class Column(models.TextChoices):
    """The columns that a file of people may have."""

    LEARNER = "learner", _("learner")
    DUE_ON = "due_on", _("to be completed by")
    MODE = "mode", _("how")


class Outcome(models.TextChoices):
    """What happens to somebody."""

    BEGINS = "begins", _("is assigned")
    MOVES = "moves", _("changes")
    NOTHING = "nothing", _("nothing happens")
    ERROR = "error", _("error")


ACTS = (Outcome.BEGINS, Outcome.MOVES)


class RuleQuerySet(models.QuerySet["AssigningRule"]):
    def on(self) -> "RuleQuerySet":
        """Keep those that apply now."""
        return self.filter(switched_on_at__isnull=False, switched_off_at=None)


class AssigningRule(Group):
    """Who is to get a certification as soon as they fit, for as long as it is switched on."""

    certification = models.ForeignKey(
        Certification,
        verbose_name=_("certification"),
        on_delete=models.PROTECT,
        related_name="rules",
    )
    mode = models.CharField(_("how"), max_length=9, choices=ModeForOthers)
    due_days = models.PositiveSmallIntegerField(
        _("days in which to complete it"), null=True, blank=True
    )
    withdraws = models.BooleanField(_("take it from who stops fitting"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("made at"), default=timezone.now)
    switched_on_at = models.DateTimeField(_("applies since"), null=True, blank=True)
    switched_off_at = models.DateTimeField(_("switched off at"), null=True, blank=True)
    switched_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("switched off by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule that assigns")
        verbose_name_plural = _("rules that assign")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=IS_A_GROUP,
                name="rule_names_its_group",
                violation_error_message=_("Say of whom, and only that."),
            ),
            models.CheckConstraint(
                condition=Q(switched_off_at=None, switched_off_by=None)
                | Q(switched_off_at__isnull=False, switched_off_by__isnull=False),
                name="rule_switched_off_says_by_whom",
                violation_error_message=_("Say who switched it off."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certification} · {self.group_words}"

    @property
    def is_on(self) -> bool:
        """Whether it applies now."""
        return self.switched_on_at is not None and self.switched_off_at is None


class AssigningJob(Group):
    """Assigning to a group or to the people of a file: looked at first, then done batch by batch.

    What was done stays done where its worker is killed; the next one goes on with the rest.
    `attempt` fences off a worker that was thought lost: only the newest attempt may write.
    """

    certification = models.ForeignKey(
        Certification,
        verbose_name=_("certification"),
        on_delete=models.PROTECT,
        related_name="jobs",
    )
    group = models.CharField(
        _("whom"), max_length=9, choices=Group._meta.get_field("group").choices, blank=True
    )
    file = models.OneToOneField(
        StoredFile,
        verbose_name=_("file"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    mode = models.CharField(_("how"), max_length=9, choices=ModeForOthers)
    due_on = models.DateField(_("to be completed by"), null=True, blank=True)
    due_days = models.PositiveSmallIntegerField(
        _("days in which to complete it"), null=True, blank=True
    )
    leaves = models.BooleanField(_("leave who has it already as they are"), default=True)
    keeps = models.BooleanField(_("keep applying it"), default=False)
    withdraws = models.BooleanField(_("take it from who stops fitting"), default=False)
    rule = models.OneToOneField(
        AssigningRule,
        verbose_name=_("rule"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="job",
    )
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

    class Meta:
        verbose_name = _("assigning to many")
        verbose_name_plural = _("assigning to many")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(file=None) & IS_A_GROUP) | (Q(file__isnull=False) & IS_NO_GROUP),
                name="job_has_a_group_or_a_file",
                violation_error_message=_("Choose a group or a file, not both."),
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_days=None),
                name="job_has_a_day_or_a_number_of_days",
                violation_error_message=_("Give a day or a number of days, not both."),
            ),
            models.CheckConstraint(
                condition=Q(keeps=True, file=None, due_on=None, leaves=True)
                | Q(keeps=False, withdraws=False, rule=None),
                name="job_that_keeps_applying_is_a_rule",
                violation_error_message=_("A rule has a group, and days instead of a day."),
            ),
            models.CheckConstraint(
                condition=Q(state=ImportState.DONE, applied_at__isnull=False)
                | (~Q(state=ImportState.DONE) & Q(applied_at=None)),
                name="job_applied_says_when",
                violation_error_message=_("What was applied says when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certification} · {self.whom}"

    @property
    def whom(self) -> str:
        """Name the group or the file."""
        return self.file.name if self.file else self.group_words

    @property
    def is_at_work(self) -> bool:
        """Whether the worker has it, or will."""
        return self.state in AT_WORK

    def count(self, name: str) -> int:
        """Return one of its counts; none counted is 0."""
        return self.counts.get(name, 0)


class LineQuerySet(models.QuerySet["AssigningLine"]):
    def to_do(self) -> "LineQuerySet":
        """Keep what is to be written still."""
        return self.filter(outcome__in=ACTS, done_at=None)

    def matching(self, text: str) -> "LineQuerySet":
        """Keep whose name or address fits, and lines of a file with this in them."""
        found = User.objects.matching(text).order_by().values("pk")
        return self.filter(Q(learner__in=found) | Q(learner=None, value__icontains=text))


class AssigningLine(models.Model):
    """What assigning does for one person, or what is wrong with a line; worded when it is shown."""

    job = models.ForeignKey(AssigningJob, on_delete=models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField(_("line"), default=0)
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("learner"),
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    outcome = models.CharField(_("what"), max_length=7, choices=Outcome)
    mode = models.CharField(_("how"), max_length=9, choices=ModeForOthers, blank=True)
    due_before = models.DateField(_("date before"), null=True)
    due_on = models.DateField(_("new date"), null=True)
    why = models.CharField(_("why"), max_length=9, blank=True)
    column = models.CharField(_("column"), max_length=7, choices=Column, blank=True)
    value = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("person who is assigned it")
        verbose_name_plural = _("people who are assigned it")
        ordering = ["pk"]
        indexes = [  # a page of one outcome, under the name that it always had
            models.Index(fields=["job", "outcome", "id"], name="certificati_job_id_a2aa15_idx")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["job", "learner"],
                condition=Q(outcome__in=[str(act) for act in ACTS]),
                name="line_does_something_once_per_person",
                violation_error_message=_("This person is there already."),
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.ERROR) | Q(learner__isnull=False),
                name="line_has_a_person_or_an_error",
                violation_error_message=_("Say whom, or what is wrong."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner or self.line} · {self.get_outcome_display()}"

    @property
    def because(self) -> str:
        """Say why nothing happens, or what is wrong, in the language of the page."""
        if not self.why:
            return ""
        if self.outcome == Outcome.ERROR:
            return str(Problem(self.why).label) % {"value": self.value}
        return str(Refusal(self.why).label)
