"""Reviewing what was handed in: a draft that its author alone sees, and then a verdict.

The newest review that was given counts. A coach may change their mind, or add to what they said,
until something newer was handed in; the learner reads all of it. No window of a browser overwrites
what another one kept and it did not show.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.assignments import drafts, experience, states, works
from exams.assignments.states import WorkRefused
from exams.models import HandIn, Remark, Review, Verdict, Work, WorkAct
from exams.models.review import ReviewQuerySet
from learners.models import StoredFile, User
from learners.telling import notify

ACTS = {Verdict.APPROVED: WorkAct.APPROVE, Verdict.SENT_BACK: WorkAct.SEND_BACK}
LAST_PLACE = 1_000_000  # of a file: pages, or seconds


class ReviewRefused(WorkRefused):
    """This review cannot be given; the message says why, in the user's language, and where it is
    about what was said, `is_about_feedback`."""

    def __init__(self, words: str, *, is_about_feedback: bool = False) -> None:
        super().__init__(words)
        self.is_about_feedback = is_about_feedback


class WentOn(ReviewRefused):
    """Its author went on with this review in another window; `draft` is what that kept."""

    def __init__(self, draft: Review) -> None:
        words = _("You went on in another window meanwhile. Choose which text it shall be.")
        super().__init__(words)
        self.draft = draft


@dataclass(frozen=True)
class Window:
    """The window of a browser in which somebody reviews: the revision of the feedback that it began
    from, and its name where it has one."""

    revision: int
    name: str = ""

    def may_write(self, draft: Review, feedback: str) -> bool:
        """Whether this feedback takes the place of no text that this window did not show."""
        is_known = self.revision == draft.revision or (self.name and self.name == draft.window)
        return bool(is_known) or draft.feedback.strip() in ("", feedback.strip())


@dataclass(frozen=True)
class Kept:
    """What became of feedback that was sent: `is_ahead` where it is the draft now; else the draft
    is that of another window, and it was not kept."""

    draft: Review
    is_ahead: bool = True


@dataclass(frozen=True)
class NewRemark:
    """A remark as its author says it: of a line of the text, or of a file; there of a page, a
    second or the whole."""

    text: str
    place: int | None = None
    file: StoredFile | None = None


def draft_of(hand_in: HandIn, by: User) -> Review:
    """Return a coach's review of a hand-in that is not given yet; one that is not stored where they
    have not begun."""
    found = Review.objects.filter(hand_in=hand_in, by=by, given_at=None).first()
    return found or Review(hand_in=hand_in, by=by)


def given(hand_in: HandIn) -> ReviewQuerySet:
    """Keep what was said of a hand-in, the newest first, with who said it."""
    return Review.objects.given().filter(hand_in=hand_in).select_related("by")


@transaction.atomic
def save(
    *,
    hand_in: HandIn,
    by: User,
    feedback: str,
    remarks: Collection[NewRemark] = (),
    window: Window | None = None,
) -> Kept:
    """Keep a coach's feedback, and what they remarked beside it, as a draft. What was given already
    is not kept once more. Feedback of a window that another one was ahead of is not kept, remarks
    are; without a window, it is what its author wants.

    Raises `ReviewRefused` for feedback that is too long, and for a remark that says nothing, or of
    no place of this work.
    """
    feedback = _readable(feedback)
    if not remarks and not _says_more(hand_in, by, feedback):
        return Kept(draft_of(hand_in, by))
    review = _locked_draft(hand_in, by)
    _put_all(review, remarks, timezone.now())
    if window and not window.may_write(review, feedback):
        return Kept(review, is_ahead=False)
    _write(review, feedback, window)
    return Kept(review)


def refuse_remark(hand_in: HandIn, new: NewRemark) -> None:
    """Raise `ReviewRefused` for a remark that says nothing, or of no place of this work."""
    if not new.text.strip():
        raise ReviewRefused(_("Write something."))
    _readable(new.text)
    if new.file is not None:
        if not hand_in.files.filter(file=new.file).exists():
            raise ReviewRefused(_("This file is not part of the work."))
        if new.place and new.place > LAST_PLACE:
            raise ReviewRefused(_("The file is not that long. Name a place that is in it."))
        return
    lines = len(hand_in.text.split("\n"))
    if not hand_in.text or not (new.place and 1 <= new.place <= lines):
        words = _("Name a line of the text: 1 to %(n)d.")
        raise ReviewRefused(words % {"n": lines})


@transaction.atomic
def take_remark_away(*, remark: Remark, by: User) -> None:
    """Take a remark out of a review that was not given yet."""
    Remark.objects.filter(pk=remark.pk, review__by=by, review__given_at=None).delete()


@transaction.atomic
def give(
    *,
    hand_in: HandIn,
    by: User,
    verdict: Verdict,
    feedback: str,
    seen: int | None = None,
    remarks: Collection[NewRemark] = (),
    window: Window | None = None,
    at: datetime | None = None,
) -> Review:
    """Approve a hand-in or send it back, with feedback, the remarks of the draft and these; its
    learner is told. Pressed twice, it is done once.

    `seen` is the newest review of it that its author knew of. Raises `ReviewRefused`, `WentOn`
    where its author went on in another window, and `WorkRefused` where the programme is not
    followed any more; the draft stays.
    """
    feedback, at = _readable(feedback).strip(), at or timezone.now()
    work = works.locked(hand_in.work)
    last = given(hand_in).first()
    if last and _is_the_same(last, by, verdict, feedback, remarks):
        return last
    works.refuse_unfollowed(work)
    _refuse_meanwhile(hand_in, work, last, seen)
    review = _ahead(hand_in, by, feedback, window)
    _put_all(review, remarks, at)
    _refuse_wordless(review, verdict, feedback, last)
    states.change(work, ACTS[verdict])
    _decide(review, verdict, feedback, at)
    experience.earn(work, at)
    _tell(review)
    return review


def _is_the_same(
    review: Review, by: User, verdict: str, feedback: str, remarks: Collection[NewRemark]
) -> bool:
    """Whether a review that was given says all of this, and its author made no remark since."""
    if (review.by_id, review.verdict, review.feedback) != (by.pk, verdict, feedback):
        return False
    others = Remark.objects.filter(review__hand_in=review.hand_in_id, review__given_at=None)
    if others.filter(review__by=review.by_id).exists():
        return False
    there = set(review.remarks.values_list("text", flat=True))
    return {one.text.strip() for one in remarks} <= there


def _refuse_meanwhile(hand_in: HandIn, work: Work, last: Review | None, seen: int | None) -> None:
    """Raise `ReviewRefused` where its author has not seen the newest version, or the newest
    review."""
    if work.number != hand_in.number:
        raise ReviewRefused(
            _("A newer version was handed in meanwhile; your feedback is kept. Look at it first.")
        )
    if last and last.pk != seen:
        words = _("%(name)s reviewed this meanwhile. Your feedback is kept; look at theirs first.")
        raise ReviewRefused(words % {"name": last.by.name})


def _refuse_wordless(review: Review, verdict: Verdict, feedback: str, last: Review | None) -> None:
    """Raise `ReviewRefused` where a verdict needs a word: who sends something back says why, and
    the same verdict once more says something new."""
    if feedback or review.remarks.exists():
        return
    if last and last.verdict == verdict:
        words = _("Write what you want to add; the verdict stands already.")
        raise ReviewRefused(words, is_about_feedback=True)
    if verdict == Verdict.SENT_BACK:
        words = _("Say what can be better; the learner reads it.")
        raise ReviewRefused(words, is_about_feedback=True)


def _readable(text: str) -> str:
    try:
        return drafts.refuse_too_long(text)
    except WorkRefused as refused:
        raise ReviewRefused(str(refused), is_about_feedback=True) from None


def _says_more(hand_in: HandIn, by: User, feedback: str) -> bool:
    """Whether feedback is more than what there is: so that what a window sends late, after a review
    was given, begins no draft of the next."""
    if Review.objects.filter(hand_in=hand_in, by=by, given_at=None).exists():
        return True
    last = given(hand_in).filter(by=by).first()
    return bool(feedback.strip()) and not (last and last.feedback == feedback.strip())


def _write(review: Review, feedback: str, window: Window | None) -> None:
    """Write the feedback of a locked draft, as its next revision where it says something else."""
    review.revision += feedback != review.feedback
    review.window = window.name if window else ""
    review.feedback, review.saved_at = feedback, timezone.now()
    review.save(update_fields=["feedback", "saved_at", "revision", "window"])


def _ahead(hand_in: HandIn, by: User, feedback: str, window: Window | None) -> Review:
    """Return a coach's draft, locked; raises `WentOn` where another window went on with it."""
    review = _locked_draft(hand_in, by)
    if window and not window.may_write(review, feedback):
        raise WentOn(review)
    return review


def _decide(review: Review, verdict: Verdict, feedback: str, at: datetime) -> None:
    """Let a draft be what is said to the learner."""
    review.feedback, review.verdict = feedback, verdict
    review.given_at = review.saved_at = at
    review.save()


def _put_all(review: Review, remarks: Collection[NewRemark], at: datetime) -> None:
    """Put remarks into a draft; the same once more changes nothing."""
    for new in remarks:
        refuse_remark(review.hand_in, new)
        Remark.objects.get_or_create(
            review=review,
            file=new.file,
            place=new.place or None,
            text=_readable(new.text).strip(),
            defaults={"at": at},
        )


def _locked_draft(hand_in: HandIn, by: User) -> Review:
    """Lock a coach's draft, begun where there is none; anew where it was given meanwhile."""
    rows = Review.objects.filter(hand_in=hand_in, by=by, given_at=None).order_by("pk")
    while (found := rows.select_for_update(of=("self",)).first()) is None:
        Review.objects.bulk_create([Review(hand_in=hand_in, by=by)], ignore_conflicts=True)
    return found


def _tell(review: Review) -> None:
    """Tell a learner what became of their work; the mail says that there is feedback, not what."""
    work = review.hand_in.work
    version = review.hand_in.version
    message = notify.Message(
        user_id=work.enrolment.learner_id,
        organisation_id=work.enrolment.subject.organisation_id,
        key=f"review:{review.pk}",
        params={
            "title_nl": version.title_nl,
            "title_en": version.title_in("en"),
            "programme_nl": work.enrolment.subject.title_nl,
            "programme_en": work.enrolment.subject.title_in("en"),
            "coach": review.by.name,
        },
        url=work.get_absolute_url(),
    )
    notify.tell(kind=f"exams/assignment_{review.verdict}", messages=[message])
