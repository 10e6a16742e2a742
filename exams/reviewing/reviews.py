"""Reviewing what was handed in: a draft that its author alone sees, and then a verdict.

The newest review that was given counts. A coach may change their mind until something newer was
handed in; the learner reads both.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.assignments import experience, states, works
from exams.assignments.states import WorkRefused
from exams.models import LONGEST_TEXT, HandIn, Remark, Review, Verdict, WorkAct
from exams.models.review import ReviewQuerySet
from learners.models import StoredFile, User
from learners.telling import notify

ACTS = {Verdict.APPROVED: WorkAct.APPROVE, Verdict.SENT_BACK: WorkAct.SEND_BACK}


class ReviewRefused(WorkRefused):
    """This review cannot be given; the message says why, in the user's language."""


def draft_of(hand_in: HandIn, by: User) -> Review:
    """Return a coach's review of a hand-in that is not given yet; one that is not stored where they
    have not begun."""
    found = Review.objects.filter(hand_in=hand_in, by=by, given_at=None).first()
    return found or Review(hand_in=hand_in, by=by)


def given(hand_in: HandIn) -> ReviewQuerySet:
    """Keep what was said of a hand-in, the newest first, with who said it."""
    return Review.objects.given().filter(hand_in=hand_in).select_related("by")


@transaction.atomic
def save(*, hand_in: HandIn, by: User, feedback: str) -> Review:
    """Keep a coach's feedback as a draft; one that was given meanwhile, as it stood, is no draft
    again. Raises `ReviewRefused` for one that is too long."""
    feedback = _refuse_too_long(feedback)
    if (last := _said_already(hand_in, by)) and last.feedback == feedback.strip():
        return last
    review = _locked_draft(hand_in, by)
    review.feedback, review.saved_at = feedback, timezone.now()
    review.save(update_fields=["feedback", "saved_at"])
    return review


@transaction.atomic
def remark(
    *, hand_in: HandIn, by: User, text: str, place: int | None, file: StoredFile | None = None
) -> Remark:
    """Put a remark beside one place of the work: a line of its text, or a page, a second or the
    whole of one of its files; the same once more changes nothing.

    Raises `ReviewRefused` where it says nothing, or of no place of this work.
    """
    text = text.strip()
    if not text:
        raise ReviewRefused(_("Write something."))
    if file is not None and not hand_in.files.filter(file=file).exists():
        raise ReviewRefused(_("This file is not part of the work."))
    lines = len(hand_in.text.split("\n"))
    if file is None and not (place and 1 <= place <= lines):
        words = _("Name a line of the text: 1 to %(n)d.")
        raise ReviewRefused(words % {"n": lines})
    review = _locked_draft(hand_in, by)
    made, _new = Remark.objects.get_or_create(
        review=review, file=file, place=place or None, text=text[:LONGEST_TEXT]
    )
    return made


@transaction.atomic
def take_remark_away(*, remark: Remark, by: User) -> None:
    """Take a remark out of a review that was not given yet."""
    Remark.objects.filter(pk=remark.pk, review__by=by, review__given_at=None).delete()


@transaction.atomic
def give(
    *, hand_in: HandIn, by: User, verdict: Verdict, feedback: str, seen: int | None = None
) -> Review:
    """Approve a hand-in or send it back, with feedback and the remarks of the draft; its learner is
    told. Pressed twice, it is done once.

    `seen` is the newest review of it that its author knew of. Raises `ReviewRefused` where
    something newer was handed in or somebody else was first, and where it is sent back without a
    word; the draft stays.
    """
    feedback = _refuse_too_long(feedback).strip()
    work = works.locked(hand_in.work)
    same = _said_already(hand_in, by)
    if same and (same.verdict, same.feedback) == (verdict, feedback):
        return same
    last = given(hand_in).first()
    if work.number != hand_in.number:
        raise ReviewRefused(
            _("A newer version was handed in meanwhile; your feedback is kept. Look at it first.")
        )
    if last and last.pk != seen:
        words = _("%(name)s reviewed this meanwhile. Your feedback is kept; look at theirs first.")
        raise ReviewRefused(words % {"name": last.by.name})
    review = _locked_draft(hand_in, by)
    if verdict == Verdict.SENT_BACK and not (feedback or review.remarks.exists()):
        raise ReviewRefused(_("Say what can be better; the learner reads it."))
    states.change(work, ACTS[verdict])
    review.feedback, review.verdict = feedback, verdict
    review.given_at = review.saved_at = timezone.now()
    review.save()
    experience.earn(work)
    _tell(review)
    return review


def _refuse_too_long(feedback: str) -> str:
    feedback = feedback.replace("\0", "")
    if len(feedback) > LONGEST_TEXT:
        words = _("This feedback has %(n)d characters; at most %(most)d are possible.")
        raise ReviewRefused(words % {"n": len(feedback), "most": LONGEST_TEXT})
    return feedback


def _said_already(hand_in: HandIn, by: User) -> Review | None:
    """Return the newest review of a hand-in, where this coach gave it and said nothing since."""
    last = given(hand_in).first()
    if last is None or last.by_id != by.pk:
        return None
    return None if Remark.objects.filter(review__in=_drafts(hand_in, by)).exists() else last


def _drafts(hand_in: HandIn, by: User) -> ReviewQuerySet:
    return Review.objects.filter(hand_in=hand_in, by=by, given_at=None)


def _locked_draft(hand_in: HandIn, by: User) -> Review:
    """Lock a coach's draft, begun where there is none; anew where it was given meanwhile."""
    rows = _drafts(hand_in, by).select_for_update(of=("self",)).order_by("pk")
    while (found := rows.first()) is None:
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
