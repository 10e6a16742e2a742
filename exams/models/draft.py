"""What somebody is writing and has not handed in: theirs alone."""

from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exams.models.assignment import AnswerKind
from exams.models.work import HandIn, HandInFile, Work
from learners.models import StoredFile

LONGEST_TEXT = 200_000  # characters: some seventy pages


class DraftQuerySet(models.QuerySet["Draft"]):
    def unsent(self) -> "DraftQuerySet":
        """Keep those that say something else than what was handed in last, as far as the version of
        the assignment that was handed in takes it; where nothing was, those that say anything."""
        last = HandIn.objects.filter(work=OuterRef("work"), number=OuterRef("work__number"))
        rows = self.alias(
            said=_stripped(F("text")),
            said_last=_of(last.values(said=_stripped(F("text"))), ""),
            takes=_of(last.values("version__answer"), AnswerKind.BOTH),
        )
        says_else = ~Q(said=F("said_last")) & ~Q(takes=AnswerKind.FILES)
        has_others = (Exists(_added()) | Exists(_taken_away())) & ~Q(takes=AnswerKind.TEXT)
        return rows.filter(says_else | has_others)


def _stripped(text: F) -> Func:
    """Return a text without what is empty around it."""
    return Func(text, Value(" \n\t"), function="TRIM", output_field=TextField())


def _of(last: models.QuerySet, otherwise: str) -> Coalesce:
    return Coalesce(Subquery(last[:1]), Value(otherwise), output_field=TextField())


def _added() -> models.QuerySet:
    """Return the files of a draft that were not handed in last."""
    had = HandInFile.objects.filter(
        file=OuterRef("file"),
        hand_in__work=OuterRef("draft__work"),
        hand_in__number=OuterRef("draft__work__number"),
    )
    return DraftFile.objects.filter(~Exists(had), draft=OuterRef("pk"))


def _taken_away() -> models.QuerySet:
    """Return the files that were handed in last and are not in a draft any more."""
    there = DraftFile.objects.filter(file=OuterRef("file"), draft__work=OuterRef("hand_in__work"))
    return HandInFile.objects.filter(
        ~Exists(there),
        hand_in__work=OuterRef("work"),
        hand_in__number=OuterRef("work__number"),
    )


class Draft(models.Model):
    """The newest text of an answer. `revision` counts its savings: who saves says which one they
    had, so that a second window never overwrites what it did not see."""

    work = models.OneToOneField(Work, on_delete=models.CASCADE, related_name="draft")
    text = models.TextField(_("text"), blank=True)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(_("saved at"), default=timezone.now)
    window = models.CharField(
        max_length=40, blank=True, help_text=_("The window of a browser that saved it last.")
    )
    turn = models.PositiveIntegerField(
        default=0, help_text=_("Counts what that window sent: what arrives late is passed over.")
    )

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self) -> str:
        return str(self.work)


class DraftFile(models.Model):
    """A file that is to be handed in."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("file of a draft")
        verbose_name_plural = _("files of drafts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "file"],
                name="draft_has_a_file_once",
                violation_error_message=_("This file is there already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.file)


class DraftCopy(models.Model):
    """A text that another window was ahead of, kept beside the draft until its writer chose."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="copies")
    text = models.TextField(_("text"))
    window = models.CharField(max_length=40, blank=True)
    turn = models.PositiveIntegerField(default=0)
    typed_at = models.DateTimeField(_("typed at"), default=timezone.now)

    class Meta:
        verbose_name = _("other text of a draft")
        verbose_name_plural = _("other texts of drafts")
        ordering = ["-typed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "window"],
                name="draft_one_copy_per_window",
                violation_error_message=_("This window has kept a text already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.draft)

    @property
    def seen(self) -> str:
        """What a page says to have shown, so that nobody forgets what they did not see."""
        return f"{self.typed_at.timestamp():.6f}"
