"""Who learns what, and where they stand."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.models.coaching import Coaching, held_by, stands_in
from learners.models.organisation import Organisation
from learners.models.people import Role, User
from learners.models.place import Place
from learners.models.run import Run
from learners.models.subject import IS_ONE_SUBJECT, OfSubject


class StudyStatus(models.TextChoices):
    ENROLLED = "enrolled", _("enrolled")
    NOT_STARTED = "not_started", _("not started")
    STARTED = "started", _("started")
    RUN_CHOICE_REQUIRED = "run_choice_required", _("run choice required")
    TERM_LAPSED = "term_lapsed", _("study term lapsed")
    CANCELLED = "cancelled", _("cancelled")
    COMPLETED = "completed", _("completed")
    NOT_PASSED = "not_passed", _("not passed")
    ABSENT = "absent", _("absent")
    WITHDRAWN_INVALID = "withdrawn_invalid", _("withdrawn without a valid reason")
    WITHDRAWN_VALID = "withdrawn_valid", _("withdrawn with a valid reason")
    EXEMPT = "exempt", _("exempt")


NOT_FINAL = frozenset(
    {
        StudyStatus.ENROLLED,
        StudyStatus.NOT_STARTED,
        StudyStatus.STARTED,
        StudyStatus.RUN_CHOICE_REQUIRED,
        StudyStatus.TERM_LAPSED,
    }
)
WITHDRAWN = frozenset({StudyStatus.WITHDRAWN_INVALID, StudyStatus.WITHDRAWN_VALID})
FREES_PLACE = WITHDRAWN | {StudyStatus.EXEMPT}
DONE = frozenset({StudyStatus.COMPLETED, StudyStatus.EXEMPT})


def followed(path: str = "") -> Q:
    """Say in a query what is followed now, which is neither final nor archived; `path` leads to an
    enrolment: “enrolment__”."""
    return Q(**{f"{path}status__in": sorted(NOT_FINAL), f"{path}archived_at": None})


class Effort(models.TextChoices):
    INSUFFICIENT = "insufficient", _("insufficient")
    SUFFICIENT = "sufficient", _("sufficient")
    GOOD = "good", _("good")
    VERY_GOOD = "very_good", _("very good")


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def for_user(self, user: User) -> "EnrolmentQuerySet":
        """Keep a person's own."""
        return self.filter(learner=user)

    def coached_by(self, user: User) -> "EnrolmentQuerySet":
        """Keep the programmes in which this person coaches, or stands in for who does, as long as
        they are a coach at the institution."""
        held = [one for one in held_by(user) if one.role == Role.COACH and user.is_active]
        mine = Coaching.objects.filter(coach=user).values("enrolment")
        if stands_in(user):
            # By their keys, which two indexes find: with OR, databases went through all enrolments.
            mine = mine.union(Coaching.objects.covered_by(user, timezone.now()).values("enrolment"))
        institutions = [one.organisation_id for one in held]
        others = self.filter(programme__organisation__in=institutions, pk__in=mine)
        return others.exclude(learner=user) if held else self.none()

    def without_coach(self) -> "EnrolmentQuerySet":
        """Keep the programmes that nobody coaches who is at work as a coach at the institution."""
        coached = Coaching.objects.at_work().filter(enrolment=OuterRef("pk"))
        return self.filter(~Exists(coached), programme__isnull=False)

    def looked_after_by(self, user: User) -> "EnrolmentQuerySet":
        """Keep whom this person has on a register of theirs; administrators look after all."""
        if user.is_staff:
            return self
        mine = Place.objects.on_register().filter(run__in=Run.objects.given_by(user))
        return self.filter(pk__in=mine.values("enrolment"))

    def open(self) -> "EnrolmentQuerySet":
        """Keep those that are not final."""
        return self.filter(status__in=NOT_FINAL)

    def followed(self) -> "EnrolmentQuerySet":
        """Keep those that are followed now: neither final nor archived."""
        return self.filter(followed())

    def done(self) -> "EnrolmentQuerySet":
        """Keep what counts for a programme: completed or exempt."""
        return self.filter(status__in=DONE)

    def locked(self) -> "EnrolmentQuerySet":
        """Lock these with what the rules of their study status ask for."""
        asked = ("learner", "course__organisation", "programme__organisation", "part_of")
        return self.select_related(*asked).in_turn()

    def in_turn(self) -> "EnrolmentQuerySet":
        """Lock these, courses before programmes: as a course that is completed reaches for its
        programmes, who locks both takes them in that order too. Each in the order of keys."""
        courses_first = F("programme").asc(nulls_first=True)
        return self.select_for_update(of=("self",)).order_by(courses_first, "pk")

    def participants_of(self, run: Run) -> "EnrolmentQuerySet":
        """Keep who stands in the register of a run: who is booked, and who withdrew from it."""
        return self.filter(pk__in=Place.objects.on_register().filter(run=run).values("enrolment"))


class Enrolment(OfSubject):
    """A learner in a course or in a programme, exactly one of the two.

    `status` is written by `study_status.change_statuses` and, at its birth, by `enrolling`; nowhere
    else.
    """

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("learner"),
        on_delete=models.PROTECT,
        related_name="enrolments",
    )
    part_of = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
        help_text=_("The programme enrolment that brought this one."),
    )
    coaches = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("coaches"),
        through="Coaching",
        related_name="coached_enrolments",
    )
    status = models.CharField(_("study status"), max_length=20, choices=StudyStatus, editable=False)
    registered_on = models.DateField(
        _("registered on"), null=True, blank=True, help_text=_("Empty where nobody knows.")
    )
    results_from = models.DateField(
        _("results count from"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("For who follows a programme anew: what was done before counts no more."),
    )
    term_ends_on = models.DateField(
        _("study term ends on"), null=True, blank=True, help_text=_("The last day of the term.")
    )
    last_attended_on = models.DateField(
        _("last attended on"), null=True, blank=True, editable=False
    )
    effort = models.CharField(_("effort"), max_length=12, choices=Effort, blank=True)
    remark = models.CharField(_("remark for staff"), max_length=500, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["term_ends_on"],
                condition=Q(
                    term_ends_on__isnull=False,
                    status__in=sorted(NOT_FINAL - {StudyStatus.TERM_LAPSED}),
                ),
                name="enrolment_term_running",
            ),
            models.Index(fields=["course", "status"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=IS_ONE_SUBJECT,
                name="enrolment_in_a_course_or_a_programme",
                violation_error_message=_("Choose a course or a programme, not both."),
            ),
            models.CheckConstraint(
                condition=Q(part_of=None) | Q(course__isnull=False),
                name="enrolment_part_of_a_programme_is_a_course",
                violation_error_message=_("Only a course can be part of a programme."),
            ),
            models.CheckConstraint(
                condition=Q(results_from=None) | Q(programme__isnull=False),
                name="enrolment_only_a_programme_begins_anew",
                violation_error_message=_("Only results of a programme count from a day on."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=sorted(StudyStatus.values)),
                name="enrolment_status_is_known",
                violation_error_message=_("This is not a study status."),
            ),
            models.UniqueConstraint(
                fields=["learner", "course"],
                condition=Q(status__in=sorted(NOT_FINAL)),
                name="enrolment_open_once_per_course",
                violation_error_message=_("This learner is enrolled in this course already."),
            ),
            models.UniqueConstraint(
                fields=["learner", "programme"],
                condition=Q(status__in=sorted(NOT_FINAL)),
                name="enrolment_open_once_per_programme",
                violation_error_message=_("This learner is enrolled in this programme already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner} · {self.subject}"

    def get_absolute_url(self) -> str:
        """The page on which its learner follows it."""
        name = "my_course_detail" if self.course_id else "my_programme_detail"
        return reverse(f"learners:{name}", args=[self.pk])

    @property
    def organisation(self) -> Organisation:
        """The institution whose policies and time zone apply."""
        return self.subject.organisation

    @property
    def shown_status(self) -> str:
        """What people see in words: archived, or else where the learner stands."""
        return str(_("archived") if self.archived_at else StudyStatus(self.status).label)

    @property
    def shown_value(self) -> str:
        """The value behind what people see, by which a page picks colour and icon."""
        return "archived" if self.archived_at else self.status

    @property
    def is_open(self) -> bool:
        """Whether something can still become of it."""
        return self.status in NOT_FINAL

    @property
    def is_followed(self) -> bool:
        """Whether it is followed now: neither final nor archived."""
        return self.is_open and self.archived_at is None

    def is_within_term(self, day: date) -> bool:
        """Whether its content is open on this day, as far as the term goes."""
        return self.term_ends_on is None or day <= self.term_ends_on
