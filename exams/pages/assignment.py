"""An assignment as who makes it sees it: what is asked, what they handed in and what changed, what
was said of it, and what is expected now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Prefetch
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from exams.assignments import put_aside, works
from exams.assignments import standing as standings
from exams.assignments.standing import Asked, Standing
from exams.conversing import conversations
from exams.models import (
    AssignmentVersion,
    HandIn,
    HandInFile,
    Message,
    Remark,
    Review,
    Work,
    WorkAct,
    WorkState,
)
from exams.models.work import may_follow
from exams.pages import comparing, programme, told, way_words
from exams.pages.comparing import Comparison, Patience
from exams.pages.lines import Line, lines_of
from learners.models import Enrolment, StoredFile, User
from learners.pages import coaches
from learners.people import subscriptions
from learners.people.subscriptions import Access
from learners.telling import markdown
from learners.telling.days import when_words


@dataclass(frozen=True)
class HandedIn:
    """A version that was handed in, beside the one before it."""

    hand_in: HandIn
    before: HandIn | None
    patience: Patience

    @property
    def title(self) -> str:
        return told.nth(self.hand_in.number)

    @property
    def reviews(self) -> Sequence[Review]:
        """What was said of it, the newest first."""
        return self.hand_in.said  # type: ignore[attr-defined]

    @property
    def files(self) -> Sequence[HandInFile]:
        return list(self.hand_in.files.all())

    @cached_property
    def lines(self) -> list[Line]:
        """Its text, line by line, with the remarks on each."""
        remarks = [one for review in self.reviews for one in review.remarks.all()]
        return lines_of(self.hand_in.text, remarks)

    @property
    def has_remarked_lines(self) -> bool:
        return any(line.remarks for line in self.lines)

    @cached_property
    def changes(self) -> Comparison | None:
        """What changed since the version before; None of the first."""
        if self.before is None:
            return None
        return comparing.compare(
            self.before.text,
            self.hand_in.text,
            _files_of(self.before),
            _files_of(self.hand_in),
            self.patience,
        )


@dataclass
class AssignmentPage:
    """The page of one assignment of one learner; each part is asked for once."""

    enrolment: Enrolment
    standing: Standing
    asked: Asked

    @property
    def work(self) -> Work | None:
        return self.asked.work

    @property
    def version(self) -> AssignmentVersion:
        return self.asked.version

    @cached_property
    def access(self) -> Access:
        return subscriptions.access(self.enrolment.learner, self.enrolment.organisation)

    @cached_property
    def why_closed(self) -> str:
        return put_aside.why_closed(self.work) or works.why_closed(self.enrolment, self.access)

    @property
    def takes_answer(self) -> bool:
        """Whether its answer is shown to be made, or why it cannot be made now."""
        return may_follow(self.asked.state, WorkAct.HAND_IN)

    @property
    def may_say(self) -> bool:
        """Whether there is still somebody to talk to."""
        return self.enrolment.is_followed and not self.asked.is_put_aside

    @property
    def task(self) -> SafeString:
        return markdown.shown(self.version.task)

    @property
    def wanted(self) -> SafeString | str:
        """What a good answer has."""
        return markdown.shown(self.version.expected) if self.version.expected.strip() else ""

    @property
    def asks_something_else(self) -> bool:
        """Whether the next version answers another version of the assignment than the last."""
        return self.work is not None and self.work.version_id not in (None, self.version.pk)

    @cached_property
    def coaches(self) -> list[coaches.Coach]:
        return coaches.coaches_of(self.enrolment)

    @cached_property
    def versions(self) -> list[HandedIn]:
        """What was handed in, the newest first."""
        found = list(_hand_ins(self.work)) if self.work and self.work.number else []
        patience = Patience()
        before = [*found[1:], None]
        return [HandedIn(one, had, patience) for one, had in zip(found, before, strict=False)]

    @property
    def newest(self) -> HandedIn | None:
        return next(iter(self.versions), None)

    @property
    def reviewed(self) -> HandedIn | None:
        """The newest version of which something was said."""
        return next((one for one in self.versions if one.reviews), None)

    @cached_property
    def exemption(self) -> str:
        """On what ground nobody asks it any more."""
        if not (self.work and self.asked.is_exempt):
            return ""
        found = self.work.exemptions.filter(ended_at=None).first()
        return found.ground if found else ""

    @cached_property
    def messages(self) -> list[Message]:
        """What was said about it, the oldest first."""
        return list(conversations.messages_of(self.work)) if self.work else []

    @cached_property
    def following(self) -> Asked | None:
        """What to make after this one."""
        return self.standing.next_after(self.asked.assignment.pk)

    @property
    def following_url(self) -> str:
        return programme.address(self.enrolment, self.following) if self.following else ""

    @property
    def is_through(self) -> bool:
        """Whether its learner has nothing to do here now."""
        return self.asked.state not in (WorkState.TO_DO, WorkState.SENT_BACK)

    @property
    def expected(self) -> str:
        """Say in one sentence what is expected now."""
        if self.why_closed and not self.asked.is_finished:
            return self.why_closed
        return _EXPECTED[self.asked.state](self)

    @property
    def handed_in(self) -> str:
        """Say what was handed in, and when."""
        newest = self.newest
        if newest is None:
            return ""
        said = {"nth": newest.title, "when": when_words(newest.hand_in.handed_in_at)}
        return _("%(nth)s, handed in %(when)s") % said


def fetch(user: User, enrolment_pk: int, pk: int) -> AssignmentPage:
    """Return the page of an assignment that is asked of somebody, or that they made something of.
    Raises `Enrolment.DoesNotExist`, or `Work.DoesNotExist` where it is neither."""
    mine = Enrolment.objects.for_user(user).filter(programme__isnull=False)
    enrolment = mine.select_related("programme__organisation").get(pk=enrolment_pk)
    enrolment.learner = user
    standing = standings.briefly([enrolment])[enrolment.pk]
    if (asked := put_aside.readable(standing, pk)) is None:
        raise Work.DoesNotExist
    if asked.work:
        asked.work.enrolment, asked.work.assignment = enrolment, asked.assignment
    version = AssignmentVersion.objects.get(pk=asked.version.pk)
    return AssignmentPage(enrolment, standing, replace(asked, version=version))


def read(page: AssignmentPage, user: User) -> None:
    """Note that the conversation was read, where there is something new in it."""
    work = page.work
    if work is None or not page.messages:
        return
    read_at = page.messages[-1].conversation.learner_read_at
    news = (one for one in page.messages if one.by_id != user.pk)
    if any(read_at is None or one.at > read_at for one in news):
        conversations.read(last=page.messages[-1])


def _hand_ins(work: Work) -> Sequence[HandIn]:
    remarks = Prefetch("remarks", queryset=Remark.objects.select_related("file"))
    said = Review.objects.given().select_related("by").prefetch_related(remarks)
    files = HandInFile.objects.select_related("file")
    rows = work.hand_ins.select_related("version").prefetch_related(
        Prefetch("files", queryset=files), Prefetch("reviews", queryset=said, to_attr="said")
    )
    return list(rows)


def _files_of(hand_in: HandIn) -> list[StoredFile]:
    return [row.file for row in hand_in.files.all()]


def _to_do(page: AssignmentPage) -> str:
    if not page.version.takes_files:
        return _("Write your answer and hand it in.")
    if not page.version.takes_text:
        return _("Add your files and hand them in.")
    return _("Write your answer, add files, or both, and hand it in.")


def _with_coach(page: AssignmentPage) -> str:
    has_coach = bool(page.coaches)
    work = page.work
    assert work is not None, "it waits"
    assert work.expected_on is not None, "it waits"
    said = {"who": way_words.reviewer(has_coach), "day": told.weekday(work.expected_on)}
    if work.expected_on < page.enrolment.organisation.today():
        return _("%(who)s reviews it; that was due by %(day)s.") % said
    return _("%(who)s reviews it; expect to hear by %(day)s.") % said


def _sent_back(page: AssignmentPage) -> str:
    return _("Read the feedback, improve your answer and hand it in again.")


def _finished(page: AssignmentPage) -> str:
    approved = page.asked.state == WorkState.APPROVED
    if page.asked.earned is None:
        return _("Approved: nothing more is asked of you here.") if approved else _("Done.")
    words = _("Approved: %(xp)d XP earned.") if approved else _("Done: %(xp)d XP earned.")
    return words % {"xp": page.asked.earned}


def _exempt(page: AssignmentPage) -> str:
    return _("You are exempt from this assignment: %(ground)s") % {"ground": page.exemption}


_EXPECTED = {
    WorkState.TO_DO: _to_do,
    WorkState.HANDED_IN: _with_coach,
    WorkState.SENT_BACK: _sent_back,
    WorkState.APPROVED: _finished,
    WorkState.DONE: _finished,
    WorkState.EXEMPT: _exempt,
}
