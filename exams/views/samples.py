"""Drawing and assessing samples, as a coach does: one hand-in after the other, and a decision."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from exams.assignments.states import WorkRefused
from exams.models import Sample, SampleAct, SampleState, Verdict
from exams.pages import coached_way, progress, sample_page
from exams.pages.sample_page import DECISION, Typed
from exams.sampling import assessing, samples
from exams.sampling.assessing import JudgedMeanwhile
from learners.keys import key_in
from learners.models import Enrolment, Role
from learners.people.roles import role_required

coaches_and_board = role_required(Role.COACH, Role.BOARD)
READ_OR_SEND = ["GET", "HEAD", "POST"]  # who signed in again asks for where a form was sent
RELATED = ("learner", "programme__organisation")


@require_http_methods(READ_OR_SEND)
@coaches_and_board
def sample_draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw a sample, whether somebody applied or not; one that is open is shown instead."""
    enrolment = theirs(request, pk, to_act=request.method == "POST")
    if request.method != "POST":
        return redirect("exams:learner_exam", pk=pk)
    try:
        return redirect(samples.draw(enrolment=enrolment, by=request.user))
    except WorkRefused as refused:
        messages.error(request, str(refused))
        return redirect("exams:learner_exam", pk=pk)


@require_safe
@coaches_and_board
def sample_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A sample: each hand-in beside what I say of it, then the decision; decided, to be read."""
    return _show(request, _sample(request, pk), request.GET.get("item", ""))


@require_http_methods(READ_OR_SEND)
@coaches_and_board
def sample_judge(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """Keep what I say of one hand-in, and go on to the next; what was typed stays where it cannot
    be kept."""
    sample = _sample(request, pk, to_act=request.method == "POST")
    item = get_object_or_404(sample.items, pk=item_pk)
    if request.method != "POST":
        return _back(sample, str(item.position))
    sent = request.POST
    verdict, feedback = sent.get("verdict", ""), sent.get("feedback", "")
    revision = key_in(sent.get("revision", "")) or 0
    try:
        assessing.judge(
            item=item, by=request.user, verdict=verdict, feedback=feedback, revision=revision
        )
    except WorkRefused as refused:
        other = refused.item if isinstance(refused, JudgedMeanwhile) else None
        typed = Typed(feedback, str(refused), verdict, revision, other)
        return _show(request, sample, str(item.position), typed)
    return _back(sample, _after(sample, item.position))


@require_http_methods(READ_OR_SEND)
@coaches_and_board
def sample_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a sample or refuse it; what stands in the way is said, and what I typed stays."""
    sample = _sample(request, pk, to_act=request.method == "POST")
    if request.method != "POST":
        return _back(sample, DECISION)
    feedback = request.POST.get("feedback", "")
    try:
        decided = assessing.decide(
            sample=sample,
            by=request.user,
            act=_act(request),
            feedback=feedback,
            revisions=key_in(request.POST.get("revisions", "")) or 0,
        )
    except WorkRefused as refused:
        return _show(request, sample, DECISION, Typed(feedback, str(refused)))
    messages.success(request, _said_of(decided) % {"name": sample.enrolment.learner})
    return _back(decided, DECISION)


def theirs(request: HttpRequest, pk: int, *, to_act: bool) -> Enrolment:
    """Return the programme of somebody whom the user looks after; to act, whom they coach, or whom
    nobody coaches."""
    people = progress.people_of(request.user).select_related(*RELATED)
    enrolment = get_object_or_404(people, pk=pk)
    if to_act and not coached_way.may_act(request.user, enrolment):
        raise Http404
    return enrolment


def _sample(request: HttpRequest, pk: int, *, to_act: bool = False) -> Sample:
    try:
        sample = sample_page.fetch(request.user, pk)
    except Sample.DoesNotExist:
        raise Http404 from None
    if to_act and not coached_way.may_act(request.user, sample.enrolment):
        raise Http404
    return sample


def _act(request: HttpRequest) -> SampleAct:
    try:
        act = SampleAct(request.POST.get("act"))
    except ValueError:
        raise Http404 from None
    if act is SampleAct.ASSESS:
        raise Http404
    return act


def _after(sample: Sample, position: int) -> str:
    """Return what is looked at after one hand-in: the next without a verdict, else the decision."""
    open_ones = sample.items.filter(verdict="").order_by("position")
    following = open_ones.filter(position__gt=position).first() or open_ones.first()
    return str(following.position) if following else DECISION


def _said_of(sample: Sample) -> str:
    if sample.state == SampleState.APPROVED:
        return _("The sample is approved. %(name)s has been told.")
    return _("The sample is refused. %(name)s has been told.")


def _show(
    request: HttpRequest, sample: Sample, asked: str, typed: Typed | None = None
) -> HttpResponse:
    # What was fetched may be older than what refused it.
    sample = sample_page.fetch(request.user, sample.pk) if typed else sample
    page = sample_page.page_of(sample, request.user, asked, typed)
    context = {"page": page, "sample": sample, "verdicts": Verdict}
    return render(request, "exams/sampling/sample_detail.html", context)


def _back(sample: Sample, asked: str) -> HttpResponse:
    return redirect(f"{reverse('exams:sample_detail', args=[sample.pk])}?item={asked}")
