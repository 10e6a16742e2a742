"""A learner's certifications: the list, the page of one, and what they do with it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from certifications import evidence
from certifications.assigning import answering, starting
from certifications.assigning.giving import AssigningRefused
from certifications.assigning.starting import StartRefused
from certifications.cycles import renewing, whose_turn
from certifications.forms import CertificationFilter, EvidenceForm
from certifications.models import Certification, Cycle
from certifications.pages import my_certifications
from learners.keys import key_in
from learners.models import User
from learners.studying.new_enrolments import EnrolmentRefused

PAGE_SIZE = 25


@require_safe
def my_certification_list(request: HttpRequest) -> HttpResponse:
    """All certifications of a learner, or those that wait, each with what is expected now."""
    form = CertificationFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = my_certifications.listed(request.user, wanted)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    offered = Certification.objects.choosable_by(request.user).select_related("organisation")
    is_narrowed = any(wanted.get(name) for name in ("text", "state"))
    context = {
        "form": form,
        "page": page,
        "mode": wanted.get("mode") or my_certifications.ALL,
        "rows": [(cycle, whose_turn.expected(cycle)) for cycle in page],
        "is_filtered": is_narrowed,
        "is_by_relevance": not wanted.get("sort"),
        "offered": [] if is_narrowed or wanted.get("mode") else list(offered[:PAGE_SIZE]),
    }
    return render(request, "certifications/pages/my_certification_list.html", context)


@require_safe
def my_certification_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One certification: what it asks, what is done, what it is worth, and what to do now."""
    context = detail_context(request.user, pk)
    return render(request, "certifications/pages/my_certification_detail.html", context)


def detail_context(user: User, pk: int, form: EvidenceForm | None = None) -> dict[str, object]:
    """Return what the page of a certification shows; `form` is evidence that is not right yet."""
    shown = my_certifications.shown(user, pk)
    if shown is None:
        raise Http404
    return {
        **vars(shown),
        "cycles": shown.past_cycles,
        "is_over": shown.is_over,
        "renewed": shown.renewed,
        "renews_on": shown.renews_on,
        "line": shown.line,
        "type_words": whose_turn.type_words(shown.version),
        "form": form or EvidenceForm(by=user),
        "most_files": evidence.MOST_FILES,
    }


@require_POST
def certification_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a certification that is open for it."""
    offered = Certification.objects.choosable_by(request.user).select_related("organisation")
    certification = offered.filter(pk=pk).first()
    if certification is None:
        return redirect(own_cycle(request, pk).certification)  # pressed twice
    answering.choose(certification=certification, learner=request.user)
    messages.success(request, _("You chose “%(title)s”.") % {"title": certification.title})
    return redirect(certification)


@require_POST
def certification_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept what was assigned."""
    cycle = own_cycle(request, pk)
    try:
        answering.accept(assignment=cycle.assignment, by=request.user)
    except AssigningRefused as refused:
        messages.error(request, str(refused))
    else:
        title = cycle.certification.title
        messages.success(request, _("You accepted “%(title)s”.") % {"title": title})
    return redirect(cycle.certification)


@require_POST
def certification_decline(request: HttpRequest, pk: int) -> HttpResponse:
    """Decline what one was nominated for."""
    cycle = own_cycle(request, pk)
    try:
        answering.decline(assignment=cycle.assignment, by=request.user)
    except AssigningRefused as refused:
        messages.error(request, str(refused))
    else:
        title = cycle.certification.title
        messages.success(request, _("You declined “%(title)s”.") % {"title": title})
    return redirect(cycle.certification)


@require_POST
def certification_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to the newest pending course, or to the one that was asked for; enrol where needed."""
    cycle = own_cycle(request, pk)
    chosen = key_in(request.POST.get("requirement", ""))
    try:
        enrolment = starting.start(cycle=cycle, by=request.user, requirement_id=chosen)
    except (StartRefused, EnrolmentRefused, AssigningRefused) as refused:
        messages.error(request, str(refused))
        return redirect(cycle.certification)
    starting.lay_trail(request.session, cycle=cycle, begun=enrolment)
    return redirect(starting.address_of(enrolment))


def own_cycle(request: HttpRequest, pk: int) -> Cycle:
    """Return the newest cycle of one's own in a certification."""
    renewing.begin_for(request.user)
    mine = my_certifications.mine(request.user).filter(assignment__certification=pk)
    cycle = mine.order_by("-assignment_id").first()
    if cycle is None:
        raise Http404
    return cycle
