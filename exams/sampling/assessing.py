"""Assessing a sample: what a coach says of each hand-in in it, and then their decision.

Source: the exam design. Each gets a verdict; work that was reviewed before shows its earlier one,
which is confirmed or changed. Everything approved, the sample can be approved; something sent back,
it can be refused, and that work is to be improved. A decision is final; the learner hears of it.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.assignments import drafts, experience, states, works
from exams.models import (
    Review,
    Sample,
    SampleAct,
    SampleItem,
    Verdict,
    Work,
    WorkAct,
    WorkState,
)
from exams.models.sample import SAMPLE_LEADS_TO
from exams.sampling import samples
from exams.sampling import states as sample_states
from exams.sampling.states import SampleRefused
from exams.sampling.telling import tell_learner
from learners import audit
from learners.models import User

ACTS = {
    Verdict.APPROVED: WorkAct.APPROVE_IN_SAMPLE,
    Verdict.SENT_BACK: WorkAct.REFUSE_IN_SAMPLE,
}


class JudgedMeanwhile(SampleRefused):
    """Another window, or somebody else, judged this meanwhile; `item` is what they said."""

    def __init__(self, item: SampleItem, by: User) -> None:
        assert item.by is not None, "somebody judged it"
        words = _("%(name)s judged this meanwhile. Look at that first; your text is still here.")
        if item.by == by:
            words = _(
                "You judged this in another window meanwhile. Look at that first; your text is "
                "still here."
            )
        super().__init__(words % {"name": item.by.name})
        self.item = item


@transaction.atomic
def judge(
    *,
    item: SampleItem,
    by: User,
    verdict: str,
    feedback: str,
    revision: int,
    at: datetime | None = None,
) -> SampleItem:
    """Keep what a coach says of one hand-in of a sample; nobody else sees it before the decision.

    `revision` is the one that they saw. The same once more changes nothing. Raises `SampleRefused`
    where the sample was decided, without a verdict, for one that sends back without a word, and for
    too long a text; `JudgedMeanwhile` where somebody said something else since.
    """
    sample = _locked(item.sample)
    item = SampleItem.objects.select_related("by", "hand_in__version").get(pk=item.pk)
    feedback = drafts.refuse_too_long(feedback).strip()
    if (item.verdict, item.feedback) == (verdict, feedback) and not reviewed_since(item):
        return item
    _refuse(sample, SampleAct.ASSESS)
    if item.revision != revision:
        raise JudgedMeanwhile(item, by)
    _refuse_wordless(item, verdict, feedback)
    item.verdict, item.feedback, item.by = Verdict(verdict), feedback, by
    item.saved_at, item.revision = at or timezone.now(), item.revision + 1
    item.save(update_fields=["verdict", "feedback", "by", "saved_at", "revision"])
    sample_states.change(sample, SampleAct.ASSESS)
    return item


@transaction.atomic
def decide(
    *,
    sample: Sample,
    by: User,
    act: SampleAct,
    feedback: str = "",
    revisions: int | None = None,
    at: datetime | None = None,
) -> Sample:
    """Approve a sample or refuse it; its learner is told, and what was refused is theirs to
    improve. Decided so already by the same person, it stays as it is.

    `revisions` is the sum of those of its items that they saw. Raises `SampleRefused` where it was
    decided otherwise, where not every hand-in has a verdict or the verdicts say something else,
    where somebody judged meanwhile or reviewed one of them otherwise, and for a programme that is
    not followed any more.
    """
    feedback, at = drafts.refuse_too_long(feedback).strip(), at or timezone.now()
    sample = _locked(sample)
    if sample.decided_by_id == by.pk and sample.state == SAMPLE_LEADS_TO[act]:
        return sample
    _refuse(sample, act)
    items = list(sample.items.select_related("hand_in__version", "earlier", "by"))
    if revisions not in (None, sum(one.revision for one in items)):
        raise SampleRefused(_("Somebody judged meanwhile. Look at it before you decide."))
    refuse_verdicts(items, act)
    _lock_works(items)
    sample.feedback, sample.decided_at, sample.decided_by = feedback, at, by
    for item in items:
        _say(item, at)
    sample_states.change(sample, act)
    audit.record(action=f"exams.sample_{sample.state}", on=sample, by=by)
    tell_learner(sample)
    return sample


def refuse_verdicts(items: list[SampleItem], act: SampleAct) -> None:
    """Raise `SampleRefused` where the verdicts do not carry this decision."""
    if missing := [one for one in items if not one.verdict]:
        words = _("“%(title)s” has no verdict yet.")
        raise SampleRefused(words % {"title": missing[0].hand_in.version.title})
    for item in items:
        if review := reviewed_since(item):
            words = _("%(name)s reviewed “%(title)s” meanwhile. Look at that, and judge it again.")
            said = {"name": review.by.name, "title": item.hand_in.version.title}
            raise SampleRefused(words % said)
    sent_back = [one for one in items if one.verdict == Verdict.SENT_BACK]
    if act is SampleAct.APPROVE and sent_back:
        words = _("“%(title)s” is sent back, so the sample cannot be approved.")
        raise SampleRefused(words % {"title": sent_back[0].hand_in.version.title})
    if act is SampleAct.REFUSE and not sent_back:
        words = _("Everything is approved. Send back what has to be better, then refuse it.")
        raise SampleRefused(words)


def reviewed_since(item: SampleItem) -> Review | None:
    """Return the review that was given of a hand-in after it was judged here, where that says
    something else; None where none was."""
    if item.saved_at is None:
        return None
    since = item.hand_in.reviews.given().filter(given_at__gt=item.saved_at)
    return since.exclude(verdict=item.verdict).select_related("by").first()


def _refuse(sample: Sample, act: SampleAct) -> None:
    """Raise `SampleRefused` where a sample was decided, no sample matters any more, or its learner
    does not follow the programme any more."""
    sample_states.refuse(sample, act)
    samples.refuse_released(sample.enrolment)
    if not works.goes_on(sample.enrolment) or sample.enrolment.learner.pseudonymised_at:
        raise SampleRefused(_("This programme is not followed any more."))


def _lock_works(items: list[SampleItem]) -> None:
    """Lock the works of a sample in the order in which everything locks many."""
    works_of = [one.hand_in.work_id for one in items]
    list(Work.objects.select_for_update(of=("self",)).filter(pk__in=works_of).order_by("pk"))


def _locked(sample: Sample) -> Sample:
    """Lock a sample after its enrolment."""
    samples.locked(sample.enrolment)
    rows = Sample.objects.select_for_update(of=("self",))
    related = rows.select_related("enrolment__learner", "enrolment__programme__organisation")
    return related.get(pk=sample.pk)


def _refuse_wordless(item: SampleItem, verdict: str, feedback: str) -> None:
    if verdict not in Verdict.values:
        raise SampleRefused(_("Approve it or send it back."))
    had_words = item.earlier and item.earlier.verdict == Verdict.SENT_BACK
    if verdict == Verdict.SENT_BACK and not (feedback or had_words):
        raise SampleRefused(_("Say what can be better; the learner reads it."))


def _say(item: SampleItem, at: datetime) -> None:
    """Say of a hand-in what its sample said, where that is more than was said by now; and let the
    work stand so, where nothing newer was handed in and nobody was exempt since."""
    last = item.hand_in.reviews.given().first()
    said = last.verdict if last else ""
    is_unread = not item.hand_in.version.is_reviewed and item.verdict == Verdict.APPROVED
    if not item.feedback and (said == item.verdict or (not said and is_unread)):
        return
    assert item.by is not None, "it was judged"
    Review.objects.create(
        hand_in=item.hand_in,
        by=item.by,
        verdict=item.verdict,
        feedback=item.feedback,
        saved_at=at,
        given_at=at,
    )
    work = works.locked(item.hand_in.work)
    if work.number == item.hand_in.number and work.state != WorkState.EXEMPT:
        states.change(work, ACTS[Verdict(item.verdict)])
    experience.earn(work, at)
