"""What somebody sees who assesses a sample: each hand-in beside what is said of it, one at a time,
and then the decision."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch

from exams.assignments import works
from exams.models import (
    AssignmentVersion,
    Attempt,
    HandIn,
    HandInFile,
    Remark,
    Review,
    Sample,
    SampleItem,
    SampleState,
    Theme,
    Verdict,
)
from exams.pages import coached_way
from exams.pages.reviewing import Part, parts_of
from exams.sampling.samples import EXEMPT
from learners.models import User

DECISION = "decision"
RELATED = (
    "enrolment__learner",
    "enrolment__programme__organisation",
    "drawn_by",
    "decided_by",
)


@dataclass(frozen=True)
class Typed:
    """What was typed of one hand-in, or of the whole, and why it was not kept; `other` is what
    somebody else said meanwhile."""

    feedback: str
    error: str
    verdict: str = ""
    revision: int = 0
    other: SampleItem | None = None


@dataclass(frozen=True)
class ItemPage:
    """One hand-in of a sample as it was drawn, and what is said of it."""

    item: SampleItem
    is_open: bool
    typed: Typed | None = None
    may_remark: bool = False
    changes: None = None

    @property
    def hand_in(self) -> HandIn:
        return self.item.hand_in

    @property
    def version(self) -> AssignmentVersion:
        return self.hand_in.version

    @cached_property
    def parts(self) -> list[Part]:
        """What there is to look at: the text, then each file."""
        earlier = self.item.earlier
        return parts_of(self.hand_in, list(earlier.remarks.all()) if earlier else [])

    @property
    def is_outdated(self) -> bool:
        """Whether a newer version was handed in since it was drawn."""
        return self.hand_in.work.number > self.hand_in.number

    @property
    def verdict(self) -> str:
        return self.typed.verdict if self.typed else self.item.suggested

    @property
    def feedback(self) -> str:
        return self.typed.feedback if self.typed else self.item.feedback

    @property
    def revision(self) -> int:
        """Which saving this page shows: that of somebody else, where it shows that beside."""
        if self.typed is None:
            return self.item.revision
        return self.typed.other.revision if self.typed.other else self.typed.revision


@dataclass(frozen=True)
class SamplePage:
    """A sample, one of its hand-ins that is looked at, or where that is None its decision."""

    sample: Sample
    items: Sequence[SampleItem]
    shown: ItemPage | None
    may_assess: bool
    passed_over: Sequence[tuple[Theme, bool]] = ()
    typed: Typed | None = None
    may_release: bool = False
    drawn: str = field(default="")

    @property
    def judged(self) -> int:
        return sum(1 for one in self.items if one.verdict)

    @property
    def sent_back(self) -> Sequence[SampleItem]:
        return [one for one in self.items if one.verdict == Verdict.SENT_BACK]

    @property
    def is_complete(self) -> bool:
        """Whether every hand-in has a verdict."""
        return self.judged == len(self.items)

    @property
    def next(self) -> SampleItem | None:
        """The first that has no verdict yet."""
        return next((one for one in self.items if not one.verdict), None)

    @property
    def revisions(self) -> int:
        """What this page shows of savings, so that nothing is decided unseen."""
        return sum(one.revision for one in self.items)

    @property
    def feedback(self) -> str:
        return self.typed.feedback if self.typed else self.sample.feedback


def fetch(user: User, pk: int) -> Sample:
    """Return a sample that this person may look at; raises `Sample.DoesNotExist` where not."""
    return Sample.objects.seen_by(user).select_related(*RELATED).get(pk=pk)


def page_of(sample: Sample, user: User, asked: str = "", typed: Typed | None = None) -> SamplePage:
    """Return the page of a sample: the hand-in with the number that is asked, what has no verdict
    yet, or the decision."""
    items = list(sample.items.select_related("hand_in__version", "earlier", "by"))
    is_released = Attempt.objects.filter(enrolment=sample.enrolment).exists()
    may_act = coached_way.may_act(user, sample.enrolment)
    goes_on = works.goes_on(sample.enrolment)
    may_assess = may_act and sample.is_open and goes_on and not is_released
    chosen = _chosen(items, asked, may_assess)
    return SamplePage(
        sample=sample,
        items=items,
        shown=_item_page(chosen, may_assess, typed) if chosen else None,
        may_assess=may_assess,
        passed_over=_passed_over(sample),
        typed=None if chosen else typed,
        may_release=may_act and not is_released and sample.state == SampleState.APPROVED,
        drawn=coached_way.drawn(sample),
    )


def _chosen(items: Sequence[SampleItem], asked: str, may_assess: bool) -> SampleItem | None:
    """Return the hand-in that is looked at; None where it is the decision."""
    found = next((one for one in items if str(one.position) == asked), None)
    if found or asked == DECISION or not may_assess:
        return found
    return next((one for one in items if not one.verdict), None)


def _item_page(item: SampleItem, is_open: bool, typed: Typed | None) -> ItemPage:
    files = Prefetch("files", queryset=HandInFile.objects.select_related("file"))
    hand_ins = HandIn.objects.select_related("version", "work").prefetch_related(files)
    item.hand_in = hand_ins.get(pk=item.hand_in_id)
    remarks = Prefetch("remarks", queryset=Remark.objects.select_related("file"))
    said = Review.objects.select_related("by").prefetch_related(remarks)
    if is_open:  # also what was said since it was drawn
        item.earlier = said.filter(hand_in=item.hand_in, given_at__isnull=False).first()
    elif item.earlier_id:
        item.earlier = said.get(pk=item.earlier_id)
    return ItemPage(item, is_open, typed)


def _passed_over(sample: Sample) -> list[tuple[Theme, bool]]:
    """Return the themes that were passed over, and of each whether its learner was exempt."""
    why = {one["theme"]: one["why"] == EXEMPT for one in sample.passed_over}
    themes = Theme.objects.filter(pk__in=why).order_by("position", "pk") if why else ()
    return [(theme, why[theme.pk]) for theme in themes]
