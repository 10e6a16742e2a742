"""Reviewing what was handed in: the work beside what is said of it. Whichever button sends the page
of a review, all that was typed comes along and is kept."""

from dataclasses import replace
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from exams.assignments import limits
from exams.assignments.states import WorkRefused
from exams.conversing import conversations
from exams.models import HandIn, Remark, Review, Verdict, Work
from exams.pages import reviewing, typed_reviews
from exams.pages.reviewing import ReviewPage
from exams.pages.saying import SayForm
from exams.pages.typed_reviews import Typed
from exams.reviewing import reviews
from exams.reviewing.reviews import Kept, ReviewRefused
from learners.keys import key_in
from learners.models import Role
from learners.people.roles import role_required
from learners.telling.days import clock

coaches_and_board = role_required(Role.COACH, Role.BOARD)
READ_OR_SEND = ["GET", "HEAD", "POST"]  # who signed in again asks for where a form was sent
PLAIN = "text/plain"  # to a script; a form gets its page again


@require_safe
@coaches_and_board
def review_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A work that I review, beside what I say of it; or that I may read, without a form."""
    try:
        page = reviewing.page(request.user, pk)
    except Work.DoesNotExist:
        raise Http404 from None
    return _shown(request, page, SayForm.new())


@require_http_methods(READ_OR_SEND)
@coaches_and_board
def review_keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what I typed, which I alone see. A script asks when, a form for the page; a script of
    whoever signed in again asks which token its forms have by now."""
    if request.method != "POST" and _is_script(request):
        _work(request, pk)
        return JsonResponse({"csrf": get_token(request)})
    if request.method != "POST":
        return _back(pk)
    hand_in = _hand_in(request, pk)
    typed = typed_reviews.read(request.POST, hand_in)
    if refused := _keep(request, hand_in, typed):
        return refused
    if _is_script(request):
        draft = reviews.draft_of(hand_in, request.user)
        return JsonResponse({"at": clock(timezone.localtime()), "revision": draft.revision})
    return _back(pk, "#review")


@require_http_methods(READ_OR_SEND)
@coaches_and_board
def remark_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a remark beside the work."""
    if request.method != "POST":
        return _back(pk)
    hand_in = _hand_in(request, pk)
    typed = typed_reviews.read(request.POST, hand_in)
    return _keep(request, hand_in, typed, is_remark=True) or _show_remarks(request, hand_in)


@require_http_methods(READ_OR_SEND)
@coaches_and_board
def remark_remove(request: HttpRequest, pk: int, remark_pk: int) -> HttpResponse:
    """Take a remark of mine away, as long as it was not given."""
    if request.method != "POST":
        return _back(pk)
    hand_in = _hand_in(request, pk)
    typed = typed_reviews.read(request.POST, hand_in)
    remark = Remark.objects.filter(pk=remark_pk).select_related("review").first()
    if remark and (remark.review.by_id, remark.review.hand_in_id) != (request.user.pk, hand_in.pk):
        raise Http404
    if remark:
        reviews.take_remark_away(remark=remark, by=request.user)
    return _keep(request, hand_in, typed, is_remark=True) or _show_remarks(request, hand_in)


@require_http_methods(READ_OR_SEND)
@coaches_and_board
def review_give(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve it or send it back; what stands in the way is said, and what I typed is kept."""
    if request.method != "POST":
        return _back(pk)
    hand_in = _hand_in(request, pk)
    typed = typed_reviews.read(request.POST, hand_in)
    if typed.is_refused:
        return _show(request, hand_in.work, typed)
    try:
        given = reviews.give(
            hand_in=hand_in,
            by=request.user,
            verdict=_verdict(request),
            feedback=typed.feedback,
            seen=_seen(request),
            remarks=typed.new_remarks,
            window=typed.window,
        )
    except WorkRefused as refused:
        return _keep_refused(request, hand_in, typed, refused)
    said = _said_of(given.verdict, was=hand_in.work.state)
    messages.success(request, said % {"name": hand_in.work.enrolment.learner})
    return _back(pk)


@require_http_methods(READ_OR_SEND)
@coaches_and_board
def review_say(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something to the learner, who is told."""
    if request.method != "POST":
        return _back(pk, "#conversation")
    work = _work(request, pk)
    form = SayForm(request.POST)
    if not form.is_valid():
        return _show(request, work, form=form)
    try:
        limits.refuse_more_messages(by=request.user)
        conversations.say(work=work, by=request.user, seen=_seen(request) or 0, **form.cleaned_data)
    except WorkRefused as refused:
        form.add_error("text", str(refused))
        return _show(request, work, form=form)
    return _back(pk, "#conversation")


@require_http_methods(READ_OR_SEND)
@coaches_and_board
def review_no_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that what the learner said last needs no answer; what I typed stays in its field."""
    if request.method != "POST":
        return _back(pk, "#conversation")
    work, typed = _work(request, pk), request.POST.get("text", "")
    try:
        conversations.needs_no_answer(work=work, by=request.user, seen=_seen(request) or 0)
    except WorkRefused as refused:
        messages.error(request, str(refused))
        return _show(request, work, form=SayForm.new(typed))
    messages.success(request, _("This conversation does not wait for an answer any more."))
    if not typed.strip():
        return _back(pk)
    messages.info(request, _("What you typed was not sent; it is still in its field."))
    return _show(request, _work(request, pk), form=SayForm.new(typed))


def _work(request: HttpRequest, pk: int) -> Work:
    try:
        return reviewing.fetch(request.user, pk)
    except Work.DoesNotExist:
        raise Http404 from None


def _hand_in(request: HttpRequest, pk: int) -> HandIn:
    """Return the version that was on the page: there may be a newer one by now."""
    work = _work(request, pk)
    number = request.POST.get("number", "")
    found = get_object_or_404(work.hand_ins, number=key_in(number) or 0)
    found.work = work
    return found


def _verdict(request: HttpRequest) -> Verdict:
    try:
        return Verdict(request.POST.get("verdict"))
    except ValueError:
        raise Http404 from None


def _seen(request: HttpRequest) -> int | None:
    """Return the review, or the message, that was the newest on the page."""
    return key_in(request.POST.get("seen", ""))


def _said_of(verdict: str, was: str) -> str:
    if verdict == was:
        return _("Your feedback was added. %(name)s has been told.")
    if verdict == Verdict.APPROVED:
        return _("Approved. %(name)s has been told.")
    return _("Sent back. %(name)s has been told.")


def _keep(
    request: HttpRequest, hand_in: HandIn, typed: Typed, *, is_remark: bool = False
) -> HttpResponse | None:
    """Keep what was typed; where some of it cannot be, return what to answer. A script that sent a
    remark is answered with the remarks, and hears of another window as it keeps the feedback."""
    error = next((one.error for one in typed.remarks.values() if one.error), "")
    try:
        if not error:
            kept = _save(request, hand_in, typed)
            if kept.is_ahead or (is_remark and _is_script(request)):
                return None
            return _beside(request, hand_in, typed, kept.draft)
    except ReviewRefused as refused:
        error = str(refused)
        typed = typed.with_error(error)
    if _is_script(request):
        return HttpResponse(error, status=HTTPStatus.UNPROCESSABLE_ENTITY, content_type=PLAIN)
    return _show(request, hand_in.work, typed)


def _save(request: HttpRequest, hand_in: HandIn, typed: Typed) -> Kept:
    """Keep what was typed; of who wants what another window kept, the remarks alone."""
    feedback = typed.feedback
    if typed.is_left:
        feedback = reviews.draft_of(hand_in, request.user).feedback
    return reviews.save(
        hand_in=hand_in,
        by=request.user,
        feedback=feedback,
        remarks=typed.new_remarks,
        window=typed.window,
    )


def _beside(request: HttpRequest, hand_in: HandIn, typed: Typed, other: Review) -> HttpResponse:
    """Answer with both texts, where another window went on."""
    if not _is_script(request):
        return _show(request, hand_in.work, typed.beside(other))
    said = {"said": reviewing.went_on(other), "revision": other.revision, "text": other.feedback}
    return JsonResponse(said, status=HTTPStatus.CONFLICT)


def _keep_refused(
    request: HttpRequest, hand_in: HandIn, typed: Typed, refused: WorkRefused
) -> HttpResponse:
    """Keep what was typed for a review that cannot be given, and say why it cannot."""
    if not_kept := _keep(request, hand_in, typed):
        return not_kept
    if isinstance(refused, ReviewRefused) and refused.is_about_feedback:
        said = replace(typed, remarks={})
        return _show(request, hand_in.work, said.with_error(str(refused)))
    messages.error(request, str(refused))
    return _back(hand_in.work_id)


def _show(
    request: HttpRequest, work: Work, typed: Typed | None = None, form: SayForm | None = None
) -> HttpResponse:
    page = reviewing.page_of(work, request.user, typed)
    return _shown(request, page, form or SayForm.new())


def _shown(request: HttpRequest, page: ReviewPage, form: SayForm) -> HttpResponse:
    context = {"page": page, "work": page.work, "row": page.row, "form": form}
    return render(request, "exams/reviewing/review_detail.html", context)


def _show_remarks(request: HttpRequest, hand_in: HandIn) -> HttpResponse:
    """Answer with the remarks that are not given yet; a form gets the page."""
    if not _is_script(request):
        return _back(hand_in.work_id, "#remarks")
    draft = reviews.draft_of(hand_in, request.user)
    remarks = draft.remarks.select_related("file") if draft.pk else ()
    context = {"work": hand_in.work, "remarks": remarks}
    return render(request, "exams/reviewing/_remarks.html", context)


def _back(pk: int, where: str = "") -> HttpResponse:
    return redirect(reverse("exams:review_detail", args=[pk]) + where)


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"
