"""What somebody sees who reviews a work: the work, what was said of it, what they are saying."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.conversing import conversations
from exams.models import AssignmentVersion, HandIn, HandInFile, Message, Remark, Review, Work
from exams.models.review import PLAYED
from exams.models.work import WorkAct, may_follow
from exams.pages import queue
from exams.pages.comparing import Comparison, compare
from exams.pages.lines import Line, lines_of
from exams.pages.queue import Row
from exams.pages.typed_reviews import TEXT, Typed, TypedRemark
from exams.reviewing import queues
from exams.reviewing.queues import Next
from learners.files import file_kinds, showing
from learners.files.showing import Shown
from learners.models import StoredFile, User
from learners.telling import days


@dataclass(frozen=True)
class Part:
    """One thing of a work to look at: its text, or a file; with what is being remarked on it."""

    key: str
    lines: Sequence[Line] = ()
    file: StoredFile | None = None
    typed: TypedRemark | None = None
    remarks: Sequence[Remark] = ()

    @property
    def anchor(self) -> str:
        return f"file-{self.key}" if self.file else TEXT

    @cached_property
    def shown(self) -> Shown:
        """As what a browser shows its file."""
        return showing.of_stored(self.file) if self.file else Shown(None)

    @property
    def is_played(self) -> bool:
        return self.file is not None and self.file.kind in PLAYED

    @property
    def is_paged(self) -> bool:
        return self.file is not None and self.file.kind == file_kinds.PDF.mime


@dataclass(frozen=True)
class ReviewPage:
    """The page of one work, for one person who reviews it, or reads it alone."""

    row: Row
    next: Next
    hand_ins: Sequence[HandIn]
    draft: Review | None
    left_behind: Review | None
    said: Sequence[Message]
    window: str
    typed: Typed | None = None
    may_review: bool = True

    @property
    def work(self) -> Work:
        return self.row.work

    @property
    def hand_in(self) -> HandIn | None:
        """The newest that was handed in."""
        return self.hand_ins[0] if self.hand_ins else None

    @property
    def earlier(self) -> Sequence[HandIn]:
        return self.hand_ins[1:]

    @cached_property
    def changes(self) -> Comparison | None:
        """What changed since the version before, where there is one."""
        if len(self.hand_ins) < 2:
            return None
        newest, before = self.hand_ins[:2]
        return compare(before.text, newest.text, _files(before), _files(newest))

    @property
    def given(self) -> Sequence[Review]:
        """What was said of the newest, the newest first."""
        return self.hand_in.said if self.hand_in else ()  # type: ignore[attr-defined]

    @cached_property
    def version(self) -> AssignmentVersion | None:
        """What the assignment asked of who handed this in, or asks now."""
        return self.hand_in.version if self.hand_in else queue.asked_of(self.work)

    @property
    def remarks(self) -> Sequence[Remark]:
        """What its reader remarked and has not given yet."""
        return list(self.draft.remarks.all()) if self.draft and self.draft.pk else ()

    @property
    def feedback(self) -> str:
        """What stands in the field: what was typed, kept, or said of a version that was replaced
        before it was given."""
        if self.typed:
            return self.typed.feedback
        kept = self.draft.feedback if self.draft else ""
        return kept or (self.left_behind.feedback if self.left_behind else "")

    @property
    def revision(self) -> int:
        """From which saving of the feedback this page begins."""
        kept = self.draft.revision if self.draft else 0
        return self.typed.window.revision if self.typed and self.other else kept

    @property
    def other(self) -> Review | None:
        """What another window went on with, beside what was typed in this one."""
        return self.typed.other if self.typed else None

    @property
    def went_on(self) -> str:
        return went_on(self.other) if self.other else ""

    @property
    def may_approve(self) -> bool:
        return self._may(WorkAct.APPROVE)

    @property
    def may_send_back(self) -> bool:
        return self._may(WorkAct.SEND_BACK)

    @property
    def may_remark(self) -> bool:
        """Whether something can be said of it that becomes a review."""
        return self.may_approve or self.may_send_back

    @property
    def is_decided(self) -> bool:
        """Whether a verdict of this version stands, which can be changed."""
        return bool(self.given) and not self.row.is_to_review

    @property
    def is_being_changed(self) -> bool:
        """Whether somebody is writing another review of what was reviewed."""
        return bool(self.typed or self.remarks or self.feedback)

    @cached_property
    def parts(self) -> list[Part]:
        """What there is to look at: the text, then each file."""
        if self.hand_in is None:
            return []
        remarks = [*self.remarks, *(one for each in self.given for one in each.remarks.all())]
        return parts_of(self.hand_in, remarks, self.typed.remarks if self.typed else {})

    @property
    def last_said(self) -> int:
        """The key of the last message that is shown, 0 where there is none."""
        return self.said[-1].pk if self.said else 0

    def _may(self, act: WorkAct) -> bool:
        is_open = self.may_review and bool(self.given or self.row.is_to_review)
        return is_open and self.work.enrolment.is_followed and may_follow(self.work.state, act)


def parts_of(
    hand_in: HandIn, remarks: Sequence[Remark], typed: Mapping[str, TypedRemark] | None = None
) -> list[Part]:
    """Return what there is to look at of a hand-in, whose files were fetched: its text, then each
    file, with what was remarked on it."""
    typed = typed or {}
    parts = [
        Part(
            str(file.pk),
            file=file,
            typed=typed.get(str(file.pk)),
            remarks=[one for one in remarks if one.file_id == file.pk],
        )
        for file in _files(hand_in)
    ]
    if not hand_in.text:
        return parts
    of_text = [one for one in remarks if not one.file_id]
    lines = lines_of(hand_in.text, of_text)
    return [Part(TEXT, lines=lines, typed=typed.get(TEXT), remarks=of_text), *parts]


def fetch(user: User, pk: int) -> Work:
    """Return a work that this person reviews, as `page_of` needs it; raises `Work.DoesNotExist`
    where they do not."""
    return queue.with_what_it_is(Work.objects.judged_by(user), user).get(pk=pk)


def fetch_to_read(user: User, pk: int) -> Work:
    """Return a work of somebody else that this person may look at, as `page_to_read` needs it;
    raises `Work.DoesNotExist` where they may not."""
    theirs = Work.objects.read_by(user).exclude(enrolment__learner=user)
    return queue.with_what_it_is(theirs, user).get(pk=pk)


def page(user: User, pk: int) -> ReviewPage:
    """Return the page of a work for who reviews it, or may look at it; raises `Work.DoesNotExist`
    for who may not."""
    try:
        return page_of(fetch(user, pk), user)
    except Work.DoesNotExist:
        return page_to_read(fetch_to_read(user, pk), user)


def page_of(work: Work, user: User, typed: Typed | None = None) -> ReviewPage:
    """Return the page of a work that was fetched here, for who reviews it."""
    hand_ins = list(_hand_ins(work))
    drafts = list(_drafts(work, user)) if hand_ins else []
    row = queue.rows_of([work], user)[0]
    return ReviewPage(
        row=row,
        next=queues.after(user, work, row.since),
        hand_ins=hand_ins,
        draft=next((one for one in drafts if one.hand_in.number == work.number), None),
        left_behind=next((one for one in drafts if one.hand_in.number != work.number), None),
        said=list(conversations.messages_of(work)),
        window=(typed.window.name if typed else "") or secrets.token_urlsafe(12),
        typed=typed,
    )


def page_to_read(work: Work, user: User) -> ReviewPage:
    """Return the page of a work that was fetched to be read, for who does not review it: without
    what anybody is still writing."""
    return ReviewPage(
        row=queue.rows_of([work], user)[0],
        next=Next(None, 0),
        hand_ins=list(_hand_ins(work)),
        draft=None,
        left_behind=None,
        said=list(conversations.messages_of(work)),
        window="",
        may_review=False,
    )


def went_on(other: Review) -> str:
    """Say when somebody went on in another window."""
    moment = timezone.localtime(other.saved_at)
    said = {"day": days.day(moment), "time": days.clock(moment)}
    if moment.date() == timezone.localdate():
        return _("You went on in another window at %(time)s") % said
    return _("You went on in another window on %(day)s at %(time)s") % said


def _files(hand_in: HandIn) -> list[StoredFile]:
    return [row.file for row in hand_in.files.all()]


def _hand_ins(work: Work) -> QuerySet[HandIn]:
    """Return what was handed in, the newest first, with its files and what was said of it."""
    files = HandInFile.objects.select_related("file")
    said = Review.objects.given().select_related("by").prefetch_related(_remarks())
    return work.hand_ins.select_related("version").prefetch_related(
        Prefetch("files", queryset=files), Prefetch("reviews", queryset=said, to_attr="said")
    )


def _drafts(work: Work, user: User) -> QuerySet[Review]:
    """Return what somebody is saying of a work, of the newest version first; what they were saying
    of an earlier one was replaced before they said it."""
    drafts = Review.objects.filter(hand_in__work=work, by=user, given_at=None)
    found = drafts.select_related("hand_in").prefetch_related(_remarks())
    return found.order_by("-hand_in__number")


def _remarks() -> Prefetch:
    return Prefetch("remarks", queryset=Remark.objects.select_related("file"))
