"""What somebody makes of an assignment: what they hand in, version after version, and its state."""

from collections.abc import Mapping
from enum import Enum

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exams.models.assignment import Assignment, AssignmentVersion
from exams.models.reach import OfEnrolment
from learners.models import Enrolment, Membership, Role, StoredFile, User
from learners.models.enrolment import followed


class WorkState(models.TextChoices):
    TO_DO = "to_do", _("to do")
    HANDED_IN = "handed_in", _("handed in")
    SENT_BACK = "sent_back", _("sent back")
    APPROVED = "approved", _("approved")
    DONE = "done", _("done")
    EXEMPT = "exempt", _("exempt")


class WorkAct(Enum):
    """What changes the state of a work."""

    HAND_IN = "hand in"  # what a coach will review
    FINISH = "finish"  # hand in what nobody reviews
    APPROVE = "approve"
    SEND_BACK = "send back"
    APPROVE_IN_SAMPLE = "approve in a sample"
    REFUSE_IN_SAMPLE = "refuse in a sample"
    EXEMPT = "exempt"
    RESTORE = "restore"  # end an exemption


MAY_SEE = ("exams.view_work", "exams.change_work")
S, A = WorkState, WorkAct
UNREAD = frozenset({S.TO_DO, S.HANDED_IN, S.SENT_BACK, S.DONE})
REVIEWED = frozenset({S.HANDED_IN, S.SENT_BACK, S.APPROVED})
SAMPLED = REVIEWED | {S.DONE}

# act → the states from which it may be done. A coach may change their mind, or add to what they
# said, until something newer was handed in; what was approved is handed in again only once it was
# sent back. A sample also judges what nobody reviews otherwise.
ALLOWED: Mapping[WorkAct, frozenset[WorkState]] = {
    A.HAND_IN: UNREAD,
    A.FINISH: UNREAD,
    A.APPROVE: REVIEWED,
    A.SEND_BACK: REVIEWED,
    A.APPROVE_IN_SAMPLE: SAMPLED,
    A.REFUSE_IN_SAMPLE: SAMPLED,
    A.EXEMPT: frozenset(S) - {S.EXEMPT},
    A.RESTORE: frozenset({S.EXEMPT}),
}
# act → the state that it leads to; an exemption that ends gives back what it hid.
LEADS_TO: Mapping[WorkAct, WorkState] = {
    A.HAND_IN: S.HANDED_IN,
    A.FINISH: S.DONE,
    A.APPROVE: S.APPROVED,
    A.SEND_BACK: S.SENT_BACK,
    A.APPROVE_IN_SAMPLE: S.APPROVED,
    A.REFUSE_IN_SAMPLE: S.SENT_BACK,
    A.EXEMPT: S.EXEMPT,
}
FINISHED = frozenset({S.APPROVED, S.DONE, S.EXEMPT})  # nothing more is asked


def may_follow(state: str, act: WorkAct) -> bool:
    """Whether the table lets this be done in this state."""
    return WorkState(state) in ALLOWED[act]


class WorkQuerySet(OfEnrolment):
    def read_by(self, user: User) -> "WorkQuerySet":
        """Keep what this person may look at: their own, that of whom they coach, for the board all
        of its institution, and all for administrators who may see works."""
        boards = Membership.objects.of(user, Role.BOARD).values("organisation")
        coached = Enrolment.objects.coached_by(user).values("pk")
        return self.filter(
            Q(enrolment__learner=user)
            | Q(enrolment__in=coached)
            | Q(enrolment__programme__organisation__in=boards)
            | user.holds(*MAY_SEE)
        )

    def waiting(self) -> "WorkQuerySet":
        """Keep what waits for a review, in programmes that are followed."""
        return self.filter(followed("enrolment__"), state=WorkState.HANDED_IN)


class Work(models.Model):
    """What one learner makes of one assignment, in one enrolment in its programme.

    `state` is written by `exams/assignments/states.py` alone. `number` and `version` are of the
    newest that was handed in; `waits_since` and `expected_on` say since when a coach has it, and by
    when the learner may expect to hear.
    """

    enrolment = models.ForeignKey(
        Enrolment, verbose_name=_("enrolment"), on_delete=models.PROTECT, related_name="works"
    )
    assignment = models.ForeignKey(
        Assignment, verbose_name=_("assignment"), on_delete=models.PROTECT, related_name="works"
    )
    state = models.CharField(
        _("state"), max_length=9, choices=WorkState, default=WorkState.TO_DO, editable=False
    )
    number = models.PositiveSmallIntegerField(_("versions handed in"), default=0, editable=False)
    version = models.ForeignKey(
        AssignmentVersion,
        verbose_name=_("version of the assignment"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    waits_since = models.DateTimeField(_("waits since"), null=True, editable=False)
    expected_on = models.DateField(_("to be reviewed by"), null=True, editable=False)
    created_at = models.DateTimeField(_("begun at"), default=timezone.now, editable=False)

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("piece of work")
        verbose_name_plural = _("pieces of work")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["waits_since", "id"],
                condition=Q(state="handed_in"),
                name="work_waiting",
            ),
            models.Index(
                fields=["enrolment", "waits_since"],
                condition=Q(state="handed_in"),
                name="work_waiting_by_enrolment",
            ),
            models.Index(
                fields=["expected_on"], condition=Q(state="handed_in"), name="work_expected"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "assignment"],
                name="work_once_per_assignment",
                violation_error_message=_("This assignment was begun already."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(WorkState.values)),
                name="work_state_is_known",
                violation_error_message=_("This is not a state of an assignment."),
            ),
            models.CheckConstraint(
                condition=Q(state="handed_in", waits_since__isnull=False, expected_on__isnull=False)
                | Q(~Q(state="handed_in"), waits_since=None, expected_on=None),
                name="work_waits_while_it_is_handed_in",
                violation_error_message=_("What waits for a coach says since when."),
            ),
            models.CheckConstraint(
                condition=Q(number=0, version=None) | Q(number__gt=0, version__isnull=False),
                name="work_handed_in_says_which_version",
                violation_error_message=_("Say which version of the assignment was handed in."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["exempt", "to_do"]) | Q(number__gt=0),
                name="work_state_rests_on_a_hand_in",
                violation_error_message=_("Nothing was handed in yet."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment.learner} · {self.version or self.assignment}"

    def get_absolute_url(self) -> str:
        """The page on which its learner makes it."""
        return reverse("exams:assignment_detail", args=[self.enrolment_id, self.assignment_id])

    def get_review_url(self) -> str:
        """The page on which it is reviewed."""
        return reverse("exams:review_detail", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        """Whether nothing more is asked of its learner."""
        return self.state in FINISHED


class HandIn(models.Model):
    """One version of somebody's work, as it was handed in; never changed."""

    work = models.ForeignKey(
        Work, verbose_name=_("piece of work"), on_delete=models.PROTECT, related_name="hand_ins"
    )
    number = models.PositiveSmallIntegerField(_("version"))
    version = models.ForeignKey(
        AssignmentVersion,
        verbose_name=_("version of the assignment"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    text = models.TextField(_("text"), blank=True)
    handed_in_at = models.DateTimeField(_("handed in at"), default=timezone.now)

    class Meta:
        verbose_name = _("hand-in")
        verbose_name_plural = _("hand-ins")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["work", "number"],
                name="hand_in_number_once",
                violation_error_message=_("This version was handed in already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.work}, {self.number}"


class HandInFile(models.Model):
    """A file of a hand-in; the next version may have it too."""

    hand_in = models.ForeignKey(HandIn, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("file of a hand-in")
        verbose_name_plural = _("files of hand-ins")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["hand_in", "file"],
                name="hand_in_has_a_file_once",
                violation_error_message=_("This file is there already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.file)
