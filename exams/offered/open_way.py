"""What is open on the way to the exam of a programme that ends: exams, samples and applications."""

from collections.abc import Iterator, Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from exams.models import Application, Attempt, AttemptState, Sample, SampleState
from learners.hooks.questions import Closing, Open
from learners.models import Enrolment


def of(enrolments: Mapping[int, Enrolment], closing: Closing) -> Iterator[tuple[int, Open]]:
    """Yield what is open of these enrolments, with whose it is, in three queries; whose exam was
    released waits for no sample any more."""
    attempts = Attempt.objects.filter(enrolment__in=enrolments).select_related("exam")
    released = set()
    for attempt in attempts.order_by("pk"):
        released.add(attempt.enrolment_id)
        yield attempt.enrolment_id, _exam(attempt)
    waiting = {pk: one for pk, one in enrolments.items() if pk not in released}
    for sample in _samples(waiting):
        goes_on = closing is Closing.LAPSING or (closing is Closing.ARCHIVING and sample.applied)
        yield sample.enrolment_id, _sample(sample, waiting[sample.enrolment_id], goes_on)
    asked = Application.objects.filter(enrolment__in=waiting, sample=None).order_by("pk")
    for application in asked:
        goes_on = closing in (Closing.LAPSING, Closing.ARCHIVING)
        yield application.enrolment_id, _asked(waiting[application.enrolment_id], goes_on)


def _samples(enrolments: Mapping[int, Enrolment]) -> QuerySet:
    """Return the samples that wait for a decision, or for the release that follows."""
    applied = Application.objects.filter(enrolment=OuterRef("enrolment"))
    is_left = ~Q(state=SampleState.REFUSED)
    rows = Sample.objects.filter(is_left, enrolment__in=enrolments).order_by("pk")
    return rows.annotate(applied=Exists(applied))


def _exam(attempt: Attempt) -> Open:
    if attempt.state == AttemptState.RELEASED:
        what = _("The exam “%(title)s” that was released")
        text = _("it can still be started")
    else:
        what = _("The exam “%(title)s” that was started")
        text = _("it can still be made")
    title = {"title": attempt.exam.title}
    return Open(what % title, text, goes_on=True, url=attempt.get_absolute_url())


def _sample(sample: Sample, enrolment: Enrolment, goes_on: bool) -> Open:
    if sample.state == SampleState.APPROVED:
        what = _("The sample that was approved")
        text = _("the exam can still be released") if goes_on else _("no exam is released any more")
    else:
        what = _("The sample that is assessed")
        text = _("a coach still decides it") if goes_on else _("nobody decides it any more")
    return Open(what, text, goes_on=goes_on, url=enrolment.get_absolute_url())


def _asked(enrolment: Enrolment, goes_on: bool) -> Open:
    what = _("The new sample that was asked for")
    text = _("a coach still draws it") if goes_on else _("nobody draws it any more")
    return Open(what, text, goes_on=goes_on, url=enrolment.get_absolute_url())
