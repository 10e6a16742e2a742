"""The answer to an assignment: kept as it is typed, put together from two windows, handed in.

Every button of its form sends all of it, and that is kept before anything else is done.
"""

from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from exams.assignments import drafts, hand_ins, in_time, limits, put_aside, standing, works
from exams.assignments.drafts import Saved
from exams.assignments.states import WorkIncomplete, WorkRefused
from exams.models import Assignment, DraftCopy, HandIn, Work
from exams.pages import answering
from exams.pages.answer_form import AnswerForm
from learners.keys import key_in
from learners.models import Enrolment

READ_OR_SEND = ["GET", "HEAD", "POST"]
RELATED = ("learner", "programme__organisation")


@dataclass(frozen=True)
class Came:
    """What came with a form: `saved` is None where something in it has to be mended."""

    work: Work
    form: AnswerForm
    saved: Saved | None


@require_http_methods(READ_OR_SEND)
def draft_keep(request: HttpRequest, enrolment_pk: int, pk: int) -> HttpResponse:
    """Keep a draft; a script is told how it stands, and may ask so."""
    is_script = not request.accepts("text/html")
    if request.method != "POST":
        return _how_it_is(request, enrolment_pk, pk) if is_script else _back(enrolment_pk, pk)
    came = _take_in(request, enrolment_pk, pk)
    if is_script:
        return _tell(request, came)
    if came.saved is None:
        return _show_again(request, came)
    if _says_ahead(request, came.saved):
        return _back(enrolment_pk, pk, "#answer-others")
    messages.success(request, _("Your draft is kept. It is not handed in yet."))
    return _back(enrolment_pk, pk)


@require_http_methods(READ_OR_SEND)
def draft_copy_take(request: HttpRequest, enrolment_pk: int, pk: int, copy_pk: int) -> HttpResponse:
    """Let the text of another window be the draft; what was the draft is kept beside it."""
    if request.method != "POST":
        return _back(enrolment_pk, pk)
    came = _take_in(request, enrolment_pk, pk)
    if came.saved is None:
        return _show_again(request, came)
    copy = DraftCopy.objects.filter(draft__work=came.work, pk=copy_pk).first()
    if copy:
        drafts.take_copy(copy=copy, by=request.user)
        messages.success(request, _("This text is your draft now; the other is kept beside it."))
    return _back(enrolment_pk, pk, "#answer")


@require_http_methods(READ_OR_SEND)
def draft_copy_forget(
    request: HttpRequest, enrolment_pk: int, pk: int, copy_pk: int
) -> HttpResponse:
    """Forget the text of another window, as it was shown."""
    if request.method != "POST":
        return _back(enrolment_pk, pk)
    came = _take_in(request, enrolment_pk, pk)
    if came.saved is None:
        return _show_again(request, came)
    copy = DraftCopy.objects.filter(draft__work=came.work, pk=copy_pk).first()
    try:
        if copy:
            drafts.let_copy_go(copy=copy, seen=request.GET.get("seen", ""), by=request.user)
    except WorkRefused as refused:
        messages.error(request, str(refused))
    return _back(enrolment_pk, pk, "#answer")


@require_http_methods(READ_OR_SEND)
def draft_file_remove(
    request: HttpRequest, enrolment_pk: int, pk: int, file_pk: int
) -> HttpResponse:
    """Take a file out of a draft; what was handed in keeps it."""
    if request.method != "POST":
        return _back(enrolment_pk, pk)
    came = _take_in(request, enrolment_pk, pk)
    if came.work.pk:
        drafts.remove_file(work=came.work, file=file_pk, by=request.user)
    if came.saved is None:
        return _show_again(request, came)
    _says_ahead(request, came.saved)
    return _back(enrolment_pk, pk, "#answer")


@require_http_methods(READ_OR_SEND)
def assignment_hand_in(request: HttpRequest, enrolment_pk: int, pk: int) -> HttpResponse:
    """Hand in what came with the form; where another window is ahead, both texts are shown."""
    if request.method != "POST":
        return _back(enrolment_pk, pk)
    came = _take_in(request, enrolment_pk, pk)
    if came.saved is None:
        return _show_again(request, came)
    if not came.saved.is_ahead:
        messages.warning(request, _("Nothing was handed in: choose which text it shall be first."))
        return _back(enrolment_pk, pk, "#answer-others")
    try:
        made = _hand_in(request, came, came.saved)
    except WorkIncomplete as refused:
        return _show_again(request, came, str(refused))
    except WorkRefused as refused:
        messages.error(request, str(refused))
        return _back(enrolment_pk, pk)
    messages.success(request, _handed_in(made))
    return _back(enrolment_pk, pk)


def _hand_in(request: HttpRequest, came: Came, saved: Saved) -> HandIn:
    """Hand in what was kept, as the page showed it."""
    limits.refuse_more_hand_ins(by=request.user)
    return hand_ins.hand_in(
        work=came.work,
        by=request.user,
        number=came.form.seen.number,
        revision=saved.draft.revision,
        read=came.form.seen.read,
        shown=came.form.shown_in(came.work),
    )


def _take_in(request: HttpRequest, enrolment_pk: int, pk: int) -> Came:
    """Keep what came with any button of somebody's own answer."""
    mine = Enrolment.objects.for_user(request.user).select_related(*RELATED)
    enrolment = get_object_or_404(mine, pk=enrolment_pk)
    assignment = get_object_or_404(Assignment, pk=pk, programme=enrolment.programme_id)
    work, why_closed = _begun(request, enrolment, assignment)
    form = AnswerForm(request.POST, request.FILES, by=request.user)
    return Came(work, form, form.keep(work, why_closed))


def _begun(request: HttpRequest, enrolment: Enrolment, assignment: Assignment) -> tuple[Work, str]:
    """Return a work, and why nobody can work on it now; then it is not begun where it was not."""
    work = Work.objects.filter(enrolment=enrolment, assignment=assignment).first()
    work = work or Work(enrolment=enrolment, assignment=assignment)
    work.enrolment, work.assignment = enrolment, assignment
    if work.pk is None and works.asked_of(enrolment, assignment, None) is None:
        raise Http404
    why = works.why_closed(enrolment)
    if why and in_time.finishing(work):
        why = ""
    if why := why or put_aside.why_closed(work):
        return work, why
    return works.begin(enrolment=enrolment, assignment=assignment, by=request.user), ""


def _how_it_is(request: HttpRequest, enrolment_pk: int, pk: int) -> JsonResponse:
    """Tell a window how the draft stands, and which token its forms have by now."""
    mine = Enrolment.objects.for_user(request.user)
    enrolment = get_object_or_404(mine, pk=enrolment_pk)
    get_object_or_404(Assignment, pk=pk, programme=enrolment.programme_id)
    work = Work.objects.for_user(request.user).filter(enrolment=enrolment, assignment=pk).first()
    known = request.GET.get("revision", "")
    told = answering.now(drafts.of(work), known=key_in(known))
    files = _files_shown(request, work) if work else {}
    return JsonResponse({**told, **files, "csrf": get_token(request)})


def _tell(request: HttpRequest, came: Came) -> JsonResponse:
    """Tell a script what became of what it sent."""
    if came.saved is None:
        words = " ".join(str(error) for errors in came.form.errors.values() for error in errors)
        return JsonResponse({"said": words}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    copy, work = came.saved.copy, came.work
    where = [work.enrolment_id, work.assignment_id]
    take = reverse("exams:draft_copy_take", args=[*where, copy.pk]) if copy else ""
    files = _files_shown(request, work) if came.form.names_files else {}
    return JsonResponse({**answering.after(came.saved, take), **files})


def _files_shown(request: HttpRequest, work: Work) -> dict[str, str]:
    """Return the files of a draft as its form shows them."""
    context = {
        "files": answering.files_of(drafts.of(work)),
        "enrolment": work.enrolment,
        "assignment": work.assignment,
    }
    shown = render_to_string("exams/assignments/_answer_files.html", context, request)
    return {"files": shown}


def _show_again(request: HttpRequest, came: Came, refusal: str = "") -> HttpResponse:
    """Show the form with what was typed and chosen, and what has to be mended beside it."""
    enrolment = came.work.enrolment
    asked = put_aside.readable(standing.of(enrolment), came.work.assignment_id)
    if asked is None:
        raise Http404
    form, read = None if came.saved else came.form, came.form.seen.read
    shown = answering.of(request.user, enrolment, asked, form=form, refusal=refusal, read=read)
    return render(request, "exams/assignments/answer_again.html", {"answering": shown})


def _says_ahead(request: HttpRequest, saved: Saved) -> bool:
    """Say that another window went on, where it did, and return whether it did."""
    if not saved.is_ahead:
        messages.warning(request, answering.ahead_words(saved.draft))
    return not saved.is_ahead


def _handed_in(made: HandIn) -> str:
    words = _("You handed in version %(n)d of “%(title)s”.")
    return words % {"n": made.number, "title": made.version.title}


def _back(enrolment_pk: int, pk: int, where: str = "") -> HttpResponse:
    return redirect(reverse("exams:assignment_detail", args=[enrolment_pk, pk]) + where)
