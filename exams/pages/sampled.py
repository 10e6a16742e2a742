"""The samples of somebody as they see them: what was drawn, and once it was decided what a coach
said. Nothing that was said of a sample that is not decided yet is here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from exams.models import Remark, Review, Sample, SampleItem, SampleState, Theme, Verdict, Work
from exams.models.sample import OPEN
from exams.pages import told
from exams.sampling.samples import EXEMPT
from learners.models import Enrolment


@dataclass(frozen=True)
class SampledWork:
    """An assignment of a sample in the version that was drawn; `earlier` is the review that it had
    then. `verdict` and `feedback` are empty until the sample is decided."""

    title: str
    theme: str
    version: str
    handed_in_at: datetime
    url: str
    earlier: Review | None
    verdict: str = ""
    feedback: str = ""
    judged_by: str = ""

    @property
    def verdict_label(self) -> str:
        return str(Verdict(self.verdict).label) if self.verdict else ""

    @property
    def repeats(self) -> Review | None:
        """The earlier review, where it has something to read."""
        has_words = self.earlier and (self.earlier.feedback or self.earlier.remarks.all())
        return self.earlier if has_words else None


@dataclass(frozen=True)
class PassedOver:
    """A theme of which nothing could be drawn, and why."""

    theme: str
    why: str


@dataclass(frozen=True)
class Shown:
    """A sample; one that was open when the exam was released is not needed any more."""

    sample: Sample
    works: Sequence[SampledWork]
    passed_over: Sequence[PassedOver]
    is_needed: bool = True

    @property
    def is_decided(self) -> bool:
        return not self.sample.is_open

    @property
    def drawn_by(self) -> str:
        """Who drew it, in words for the middle of a sentence."""
        return self.sample.drawn_by.name if self.sample.drawn_by else _("the system")


def of(enrolment: Enrolment, *, has_exam: bool = False) -> list[Shown]:
    """Return all samples of somebody, the newest first; `has_exam` once it was released. As many
    queries for any number of them."""
    return _shown(Sample.objects.filter(enrolment=enrolment), enrolment, has_exam)


def last_decided(enrolment: Enrolment) -> Shown | None:
    """Return the newest sample that was decided; None where none was."""
    decided = Sample.objects.filter(enrolment=enrolment).exclude(state__in=sorted(OPEN))
    return next(iter(_shown(decided[:1], enrolment, has_exam=False)), None)


def _shown(rows: QuerySet[Sample], enrolment: Enrolment, has_exam: bool) -> list[Shown]:
    items = SampleItem.objects.select_related(
        "by", "hand_in__version", "hand_in__work__assignment__theme", "earlier__by"
    ).prefetch_related(
        Prefetch("earlier__remarks", Remark.objects.select_related("file").order_by("pk"))
    )
    samples = list(
        rows.select_related("drawn_by", "decided_by").prefetch_related(Prefetch("items", items))
    )
    themes = Theme.objects.in_bulk({one["theme"] for each in samples for one in each.passed_over})
    return [
        Shown(
            each,
            [_work(one, each, enrolment) for one in each.items.all()],
            list(_passed_over(each, themes)),
            is_needed=not (has_exam and each.is_open),
        )
        for each in samples
    ]


def _work(item: SampleItem, sample: Sample, enrolment: Enrolment) -> SampledWork:
    hand_in = item.hand_in
    assignment = hand_in.work.assignment
    said = {}
    if sample.state in (SampleState.APPROVED, SampleState.REFUSED):
        judged_by = item.by.name if item.by else ""
        said = {"verdict": item.verdict, "feedback": item.feedback, "judged_by": judged_by}
    return SampledWork(
        title=hand_in.version.title,
        theme=assignment.theme.title,
        version=told.nth(hand_in.number),
        handed_in_at=hand_in.handed_in_at,
        url=Work(enrolment=enrolment, assignment=assignment).get_absolute_url(),
        earlier=item.earlier,
        **said,
    )


def _passed_over(sample: Sample, themes: dict[int, Theme]) -> Iterable[PassedOver]:
    """Name the themes that were passed over; one that was put away since has no name any more."""
    for one in sample.passed_over:
        if theme := themes.get(one["theme"]):
            exempt, empty = _("you are exempt of it"), _("nothing was handed in")
            yield PassedOver(theme.title, exempt if one["why"] == EXEMPT else empty)
