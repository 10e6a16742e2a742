"""The register of a run: one page, one form, one button 'Continue'."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from attendance.marking import registers
from attendance.models import RegisterSaving
from attendance.register import answers, checks, drafts, plans, register_pages, savings
from attendance.register.drafts import Typed
from attendance.register.problems import Problems
from attendance.register.questions import Questions
from attendance.register.register_pages import DEFAULT_SIZE, SIZES, Asked
from learners.keys import key_in
from learners.models import Role, Run
from learners.people.roles import role_required

SIZE_KEY = "register_size"


@require_safe
@role_required(Role.TEACHER)
def run_register(request: HttpRequest, run_pk: int) -> HttpResponse:
    """The participants of a run, with what was typed and not saved laid over them."""
    run = _run(request, run_pk)
    token = _token(request.GET.get("form", ""))
    typed = drafts.find(run=run, by=request.user, token=token)
    typed = replace(typed or Typed(token=token or uuid4()), ignore_maximum=False, reason="")
    return _show(request, run, _asked(request, request.GET), typed)


@require_POST
@role_required(Role.TEACHER)
def register_keep(request: HttpRequest, run_pk: int) -> HttpResponse:
    """Filter, turn a page or fill in all, and keep what was typed."""
    run = _run(request, run_pk)
    typed = _typed(request, run)
    if typed.is_worth_keeping:
        drafts.keep(run=run, by=request.user, typed=typed)
    else:
        drafts.forget(run=run, by=request.user, token=typed.token)
    if (size := request.POST.get("size", "")) in map(str, SIZES):
        request.session[SIZE_KEY] = int(size)
    return redirect(_address(request, run, typed))


@require_POST
@role_required(Role.TEACHER)
def register_forget(request: HttpRequest, run_pk: int) -> HttpResponse:
    """Throw away what was typed and not saved."""
    run = _run(request, run_pk)
    drafts.forget(run=run, by=request.user)
    messages.info(request, _("What you had filled in and not saved is gone."))
    return redirect("attendance:run_register", run.pk)


@require_POST
@role_required(Role.TEACHER)
def register_continue(request: HttpRequest, run_pk: int) -> HttpResponse:
    """Save what was typed, or first ask about what others will see."""
    run = _run(request, run_pk)
    typed = _typed(request, run)
    plan = plans.make(run=run, typed=typed, by=request.user)
    if problems := checks.find_problems(plan, by=request.user):
        drafts.keep(run=run, by=request.user, typed=typed)
        return _show(request, run, _asked(request, request.POST), typed, problems)
    if Questions(plan=plan):
        drafts.keep(run=run, by=request.user, typed=typed)
        return redirect(_question(request, run, typed))
    return _save(request, run, typed)


@require_safe
@role_required(Role.TEACHER)
def register_question(request: HttpRequest, run_pk: int) -> HttpResponse:
    """Say what exactly will happen, before it does."""
    run = _run(request, run_pk)
    typed = drafts.find(run=run, by=request.user, token=_token(request.GET.get("form", "")))
    if typed is None:
        return redirect("attendance:run_register", run.pk)
    plan = plans.make(run=run, typed=typed, by=request.user)
    back = f"{reverse('attendance:run_register', args=[run.pk])}?form={typed.token}"
    if checks.find_problems(plan, by=request.user):
        return redirect(back)
    context = {
        "run": run,
        "course": run.course,
        "plan": plan,
        "questions": Questions(plan=plan),
        "back_url": back,
        "then": request.GET.get("then", ""),
    }
    return render(request, "attendance/questions/register_question.html", context)


@require_POST
@role_required(Role.TEACHER)
def register_save(request: HttpRequest, run_pk: int) -> HttpResponse:
    """Save after the question; what was asked must be what is saved."""
    run = _run(request, run_pk)
    token = _token(request.POST.get("token", ""))
    typed = drafts.find(run=run, by=request.user, token=token)
    if typed is None:
        return _saved_before(request, run, token)
    if typed.digest != request.POST.get("digest"):
        messages.warning(request, _("You changed something meanwhile. Look at it once more."))
        return redirect(_question(request, run, typed))
    return _save(request, run, typed)


def _save(request: HttpRequest, run: Run, typed: Typed) -> HttpResponse:
    given = answers.read_form(request.POST)
    try:
        saving = savings.save_register(run=run, typed=typed, answers=given, by=request.user)
    except savings.RegisterRefused as refused:
        drafts.keep(run=run, by=request.user, typed=typed)
        return _show(request, run, _asked(request, request.POST), typed, refused.problems)
    drafts.forget(run=run, by=request.user, token=typed.token)
    if saving is not None:
        return _saved(request, saving)
    if given.leave_something:
        messages.info(request, _("Nothing is changed: all of it stays as it was."))
        return redirect("attendance:run_register", run.pk)
    return _saved_before(request, run, typed.token)


def _saved(request: HttpRequest, saving: RegisterSaving) -> HttpResponse:
    """Go to what was saved, or on with the next page."""
    if then := _then(request):
        messages.success(request, _("Your changes are saved."))
        register = reverse("attendance:run_register", args=[saving.run_id])
        return redirect(f"{register}?page={then}")
    return redirect("attendance:saving_detail", saving.pk)


def _question(request: HttpRequest, run: Run, typed: Typed) -> str:
    address = reverse("attendance:register_question", args=[run.pk])
    query = {"form": str(typed.token), **({"then": then} if (then := _then(request)) else {})}
    return f"{address}?{urlencode(query)}"


def _then(request: HttpRequest) -> str:
    """Return the page that somebody wants to go on with after saving."""
    page = request.POST.get("then", "")
    return page if page.isascii() and page.isdigit() else ""


def _saved_before(request: HttpRequest, run: Run, token: UUID | None) -> HttpResponse:
    """Show the saving of a form that comes a second time, or says what was saved already."""
    saving = savings.of_form(run=run, by=request.user, token=token)
    if saving is None:
        messages.info(request, _("There was nothing to save: all of this stood there already."))
        return redirect("attendance:run_register", run.pk)
    return redirect("attendance:saving_detail", saving.pk)


def _show(
    request: HttpRequest, run: Run, asked: Asked, typed: Typed, problems: Problems | None = None
) -> HttpResponse:
    register = register_pages.read_page(
        run,
        user=request.user,
        asked=asked,
        typed=typed,
        now=timezone.now(),
        errors=problems.cell_errors if problems else None,
    )
    context = {"register": register, "run": run, "course": run.course, "problems": problems}
    status = 422 if problems else 200
    return render(request, "attendance/register/register.html", context, status=status)


def _run(request: HttpRequest, pk: int) -> Run:
    return get_object_or_404(registers.runs_for(request.user), pk=pk)


def _typed(request: HttpRequest, run: Run) -> Typed:
    token = _token(request.POST.get("token", "")) or uuid4()
    earlier = drafts.find(run=run, by=request.user, token=token) or Typed(token=token)
    return drafts.read_form(request.POST, earlier)


def _asked(request: HttpRequest, data: Mapping) -> Asked:
    meetings = data.getlist("meeting")  # type: ignore[attr-defined]
    return Asked(
        text=data.get("q", "").strip()[:100],
        page=data.get("page", "1"),
        size=request.session.get(SIZE_KEY, DEFAULT_SIZE),
        meetings=tuple(pk for text in meetings if (pk := key_in(text)) is not None),
    )


def _address(request: HttpRequest, run: Run, typed: Typed) -> str:
    """Return where to go on: the filter, the page that was turned to, and this form."""
    text = "" if request.POST.get("filter") == "all" else request.POST.get("q", "").strip()
    page = request.POST.get("turn") or ("1" if "filter" in request.POST else "")
    wanted = {
        "q": text,
        "page": page or request.POST.get("page", ""),
        "meeting": [] if typed.all_meetings else list(typed.meetings),
        "form": str(typed.token),
    }
    query = urlencode({name: value for name, value in wanted.items() if value}, doseq=True)
    return f"{reverse('attendance:run_register', args=[run.pk])}?{query}"


def _token(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
