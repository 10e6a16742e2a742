"""Where somebody stands on the way to their exam, in words for who coaches them: the step, whose
turn it is since when, and what can be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from exams.assignments import works
from exams.models import Attempt, Sample, Verdict
from exams.models.reach import judged_by
from exams.releasing import releases, way
from exams.releasing.way import Step, Way
from learners.enrolling.coaches import coaches_of
from learners.hooks.pages import Look
from learners.models import Enrolment, User
from learners.telling.days import day

STEPS: Mapping[Step, tuple[str | Promise, Look]] = {
    Step.LOCKED: (gettext_lazy("not in reach yet"), Look("neutral", "lock")),
    Step.IN_REACH: (gettext_lazy("in reach"), Look("action", "star-fill")),
    Step.SAMPLE: (gettext_lazy("sample to assess"), Look("waits", "hourglass-split")),
    Step.REFUSED: (gettext_lazy("sample refused"), Look("late", "arrow-return-left")),
    Step.IMPROVED: (gettext_lazy("improved"), Look("action", "pencil-square")),
    Step.ASKED_AGAIN: (gettext_lazy("new sample asked for"), Look("waits", "hourglass-split")),
    Step.APPROVED: (gettext_lazy("sample approved"), Look("good", "check2")),
    Step.TO_RELEASE: (gettext_lazy("can be released"), Look("waits", "hourglass-split")),
    Step.RELEASED: (gettext_lazy("released"), Look("good", "unlock")),
    Step.STARTED: (gettext_lazy("started"), Look("good", "play-fill")),
}
EARLY = gettext_lazy("released early")
CAN_DRAW = frozenset({Step.LOCKED, Step.IN_REACH, Step.IMPROVED, Step.ASKED_AGAIN})


def status(found: Way) -> str:
    """Say in one or two words at which step somebody is."""
    if found.step is Step.RELEASED and found.attempt and found.attempt.is_early:
        return str(EARLY)
    return str(STEPS[found.step][0])


@dataclass(frozen=True)
class Status:
    """A step as a table shows it: its words, colour and icon."""

    text: str
    kind: str
    icon: str

    @classmethod
    def of(cls, found: Way) -> "Status":
        """The step of somebody."""
        look = STEPS[found.step][1]
        return cls(status(found), look.colour, look.icon)


@dataclass(frozen=True)
class CoachedWay:
    """Somebody's way to their exam, as who coaches them or looks after them sees it; `may_act` says
    that who reads draws, assesses and releases."""

    way: Way
    samples: Sequence[Sample]
    may_act: bool
    coaches: Sequence[User] = ()

    @property
    def enrolment(self) -> Enrolment:
        return self.way.standing.enrolment

    @property
    def attempt(self) -> Attempt | None:
        return self.way.attempt

    @property
    def status(self) -> Status:
        return Status.of(self.way)

    @property
    def text(self) -> str:
        """Say how it stands."""
        said = {
            "name": self.enrolment.learner.first_name,
            "lacking": self.way.standing.lacking,
        }
        return _sentence(self.way) % said

    @property
    def turn(self) -> str:
        """Say that it is the turn of who reads, or of whom else; '' where it is the learner's."""
        if not self.way.is_with_coach:
            return ""
        if self.may_act:
            return _("It is your turn.")
        names = ", ".join(one.name for one in self.coaches)
        return _("Next: %(who)s.") % {"who": names or _("The examination board")}

    @cached_property
    def is_late(self) -> bool:
        """Whether the learner should have heard by now."""
        expected: date | None = self.way.expected_on if self.way.is_with_coach else None
        return expected is not None and expected < self.enrolment.organisation.today()

    @property
    def open_sample(self) -> Sample | None:
        """The sample that can be assessed here and now."""
        if self.way.attempt or not self.goes_on:
            return None
        return next((one for one in self.samples if one.is_open), None)

    @cached_property
    def goes_on(self) -> bool:
        """Whether anything can still be done here: whoever applied finishes in an archive."""
        return self.may_act and works.goes_on(self.enrolment)

    @property
    def may_draw(self) -> bool:
        """Whether a sample can be drawn here and now."""
        has_work = self.way.standing.handed_in > 0
        return has_work and self.way.step in CAN_DRAW and self.goes_on

    @property
    def may_release(self) -> bool:
        """Whether the exam is released at the usual time."""
        return self.way.step is Step.TO_RELEASE and self.goes_on

    @property
    def may_release_early(self) -> bool:
        """Whether it can be released with a reason."""
        is_early = not self.way.attempt and self.way.step is not Step.TO_RELEASE
        return is_early and self.enrolment.organisation.early_release and self.goes_on

    @property
    def lacking(self) -> list[str]:
        """What is lacking for an exam that is released without a reason."""
        return [] if self.way.attempt else releases.what_is_lacking(self.way)


def of(user: User, enrolment: Enrolment) -> CoachedWay:
    """Return the way of somebody whom a user coaches or looks after."""
    return CoachedWay(
        way=way.of(enrolment),
        samples=samples_of(enrolment),
        may_act=may_act(user, enrolment),
        coaches=coaches_of([enrolment])[enrolment.pk],
    )


def may_act(user: User, enrolment: Enrolment) -> bool:
    """Whether somebody draws, assesses and releases here: as coach or stand-in, or as the board of
    who has no coach; never for themselves."""
    is_own = enrolment.learner_id == user.pk
    return not is_own and Enrolment.objects.filter(pk=enrolment.pk, pk__in=judged_by(user)).exists()


def samples_of(enrolment: Enrolment) -> list[Sample]:
    """Return the samples of somebody, the newest first, with how many assignments are in each and
    how many of those were sent back; one query."""
    rows = Sample.objects.filter(enrolment=enrolment).select_related("drawn_by", "decided_by")
    sent_back = Count("items", filter=Q(items__verdict=Verdict.SENT_BACK))
    return list(rows.annotate(n=Count("items"), n_sent_back=sent_back).order_by("-number"))


def line(sample: Sample) -> str:
    """Say of a sample that `samples_of` fetched when it was drawn and by whom, and what was
    decided."""
    number: int = sample.n  # type: ignore[attr-defined]
    words = ngettext("%(n)d assignment", "%(n)d assignments", number)
    said = [words % {"n": number}, drawn(sample)]
    if sample.decided_at and sample.decided_by:
        words = _("decided by %(name)s on %(day)s")
        said.append(words % {"name": sample.decided_by.name, "day": day(sample.decided_at)})
    return " · ".join(said)


def drawn(sample: Sample) -> str:
    """Say when a sample was drawn, and by whom."""
    if sample.drawn_by is None:
        words = _("drawn on %(day)s, when the learner applied")
        return words % {"day": day(sample.drawn_at)}
    words = _("drawn on %(day)s by %(name)s")
    return words % {"day": day(sample.drawn_at), "name": sample.drawn_by.name}


def _sentence(found: Way) -> str:
    if found.step is Step.LOCKED and found.standing.is_in_reach:
        return _("%(name)s hands in an assignment first; then a sample can be drawn.")
    return {
        Step.LOCKED: _("%(name)s has %(lacking)d XP to go before the exam is in reach."),
        Step.IN_REACH: _("%(name)s can apply for the exam. A sample can be drawn before that."),
        Step.SAMPLE: _("A sample was drawn, and is to be assessed."),
        Step.REFUSED: _("%(name)s improves what was sent back, and then asks for a new sample."),
        Step.IMPROVED: _("%(name)s improved what was sent back, and can ask for a new sample."),
        Step.ASKED_AGAIN: _("%(name)s asked for a new sample, which is to be drawn."),
        Step.APPROVED: _("The sample was approved. %(name)s has %(lacking)d XP to go."),
        Step.TO_RELEASE: _("XP and sample suffice. The exam can be released."),
        Step.RELEASED: _("The exam was released. %(name)s can start it."),
        Step.STARTED: _("%(name)s has started the exam."),
    }[found.step]
