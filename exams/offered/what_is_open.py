"""What is open in a programme that ends, among its assignments and on the way to its exam.

An exam that was released goes on, whatever ends. Who waits for a sample is still answered where
only the study term ended, and where the programme was archived after they applied. A draft stays to
be read and is not handed in any more. Work that waits for a coach is still reviewed where only the
study term ended, as the learner's page says; else nobody reviews it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from exams.models import FINISHED, AnswerKind, DraftFile, HandIn, Work, WorkState
from exams.offered import open_way
from learners.hooks.questions import Closing, Open
from learners.models import Enrolment


def what_is_open(enrolments: Sequence[Enrolment], closing: Closing) -> Mapping[int, Sequence[Open]]:
    """Return the exams, samples and applications, the work that waits for a coach, and the drafts
    that were not handed in, of each of these programmes; in five queries for any number of them."""
    programmes = {e.pk: e for e in enrolments if e.programme_id}
    if not programmes:
        return {}
    found: dict[int, list[Open]] = defaultdict(list)
    for pk, one in open_way.of(programmes, closing):
        found[pk].append(one)
    works = Work.objects.filter(enrolment__in=programmes)
    for pk, number in _counted(works.filter(state=WorkState.HANDED_IN)):
        found[pk].append(_waiting(programmes[pk], number, closing))
    for pk, number in _counted(_unsent(works)):
        found[pk].append(_drafts(programmes[pk], number))
    return found


def _counted(works: QuerySet[Work]) -> Iterable[tuple[int, int]]:
    """Return how many of these works are of each enrolment."""
    return works.order_by().values_list("enrolment").annotate(n=Count("pk"))


def _unsent(works: QuerySet[Work]) -> QuerySet[Work]:
    """Keep unfinished works with a draft that says something else than what was handed in last."""
    said = Q(text=OuterRef("draft__text")) | Q(version__answer=AnswerKind.FILES)
    newest = HandIn.objects.filter(said, work=OuterRef("pk"), number=OuterRef("number"))
    files = DraftFile.objects.filter(draft__work=OuterRef("pk"))
    is_new = Q(number=0) & (~Q(draft__text="") | Exists(files))
    is_newer = Q(number__gt=0) & ~Q(draft__text="") & ~Exists(newest)
    unfinished = works.filter(draft__isnull=False).exclude(state__in=sorted(FINISHED))
    return unfinished.filter(is_new | is_newer)


def _waiting(enrolment: Enrolment, number: int, closing: Closing) -> Open:
    goes_on = closing is Closing.LAPSING
    what = ngettext(
        "%(n)d assignment that was handed in", "%(n)d assignments that were handed in", number
    )
    text = _("a coach still reviews it") if goes_on else _("it leaves the list of whoever reviews")
    return Open(what % {"n": number}, text, goes_on=goes_on, url=enrolment.get_absolute_url())


def _drafts(enrolment: Enrolment, number: int) -> Open:
    what = ngettext(
        "%(n)d answer that was not handed in", "%(n)d answers that were not handed in", number
    )
    text = _("it stays to be read, and cannot be handed in any more")
    return Open(what % {"n": number}, text, url=enrolment.get_absolute_url())
