"""The catalogue, and enrolling by the learner: what will happen first, then the act."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from learners.catalogue import on_offer
from learners.catalogue.on_offer import Offer
from learners.enrolling import entering, waiting_lists
from learners.enrolling.preview import preview
from learners.keys import key_in
from learners.models import Course, CourseKind, Enrolment, Run, StudyStatus
from learners.pages.filters import CatalogueFilter
from learners.studying import reopening
from learners.studying.new_enrolments import EnrolmentRefused
from learners.studying.whose_turn import turn_words

PAGE_SIZE = 25
WAIT = "wait-"  # before the key of a full run, whose waiting list is chosen


@require_safe
def catalogue_list(request: HttpRequest) -> HttpResponse:
    """The courses in which somebody can enrol, with their coming runs."""
    now = timezone.now()
    form = CatalogueFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    runs = _wanted_runs(on_offer.runs_for(request.user, now), wanted)
    courses = _wanted_courses(on_offer.courses_for(request.user, now), wanted, runs)
    page = Paginator(courses, PAGE_SIZE).get_page(request.GET.get("page"))
    listings = on_offer.listings(request.user, list(page), runs)
    return render(
        request,
        "learners/catalogue/catalogue_list.html",
        {"form": form, "page": page, "listings": listings, "is_filtered": form.has_changed()},
    )


@require_safe
def course_runs(request: HttpRequest, pk: int) -> HttpResponse:
    """All coming runs of one course of the catalogue."""
    now = timezone.now()
    courses = on_offer.courses_for(request.user, now).select_related("organisation")
    course = get_object_or_404(courses, pk=pk)
    runs = on_offer.runs_for(request.user, now).filter(course=course).order_by("starts_at", "pk")
    page = Paginator(runs, PAGE_SIZE).get_page(request.GET.get("page"))
    listing = on_offer.listing_of(request.user, course, page.object_list)
    return render(
        request, "learners/catalogue/course_runs.html", {"page": page, "listing": listing}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def run_enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Enrol in a run: GET says exactly what will happen, POST does it."""
    runs = on_offer.runs_for(request.user, timezone.now()).select_related("course__organisation")
    run = get_object_or_404(runs, pk=pk)
    if request.method != "POST":
        shown = preview(user=request.user, course=run.course, run=run)
        return render(request, "learners/catalogue/enrol.html", {"preview": shown})
    try:
        enrolment = entering.enrol_in_open_run(learner=request.user, run=run)
    except EnrolmentRefused as refused:
        messages.error(request, str(refused))
        return redirect("learners:run_enrol", pk=pk)
    return enrolled(request, enrolment)


@require_http_methods(["GET", "HEAD", "POST"])
def course_enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Enrol in an e-learning: GET says what will happen, POST does it."""
    courses = on_offer.courses_for(request.user, timezone.now()).filter(kind=CourseKind.ELEARNING)
    course = get_object_or_404(courses.select_related("organisation"), pk=pk)
    if request.method != "POST":
        shown = preview(user=request.user, course=course, run=None)
        return render(request, "learners/catalogue/enrol.html", {"preview": shown})
    try:
        enrolment = entering.enrol_in_open_course(learner=request.user, course=course)
    except EnrolmentRefused as refused:
        messages.error(request, str(refused))
        return redirect("learners:course_enrol", pk=pk)
    return enrolled(request, enrolment)


@require_http_methods(["GET", "HEAD", "POST"])
def run_choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a run for a course of a programme: GET shows them, POST books one."""
    mine = Enrolment.objects.for_user(request.user).filter(course__isnull=False)
    related = ("learner", "course__organisation", "part_of__programme__organisation")
    enrolment = get_object_or_404(mine.select_related(*related), pk=pk)
    runs = on_offer.runs_to_choose(enrolment, timezone.now()).prefetch_related("meetings")
    if request.method == "POST":
        return _choose(request, enrolment, runs)
    if enrolment.status != StudyStatus.RUN_CHOICE_REQUIRED:
        return redirect(enrolment)
    if enrolment.part_of and reopening.lacks_subscription(enrolment):
        messages.warning(request, reopening.needed_words())
        return redirect(reopening.address(enrolment.part_of))
    waits = waiting_lists.place_of(enrolment)
    offers: list[Offer] = [
        offer for offer in on_offer.offers(runs) if not waits or offer.run.pk != waits.run_id
    ]
    context = {"enrolment": enrolment, "course": enrolment.course, "offers": offers}
    return render(request, "learners/catalogue/run_choose.html", {**context, "waits": waits})


def _choose(request: HttpRequest, enrolment: Enrolment, runs: QuerySet[Run]) -> HttpResponse:
    chosen = request.POST.get("run", "")
    key = key_in(chosen.removeprefix(WAIT))
    run = None if key is None else runs.filter(pk=key).first()
    if run is None:
        messages.error(request, _("Choose one of these runs."))
        return redirect("learners:run_choose", pk=enrolment.pk)
    try:
        if chosen.startswith(WAIT):
            waiting_lists.join(enrolment=enrolment, run=run, by=request.user)
        else:
            entering.choose_run(enrolment=enrolment, run=run, by=request.user)
    except EnrolmentRefused as refused:
        messages.error(request, str(refused))
        return redirect("learners:run_choose", pk=enrolment.pk)
    return enrolled(request, enrolment)


def enrolled(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    """Say what became of it: a place, or a turn on a waiting list."""
    title = {"course": enrolment.subject.title}
    said = _("You are enrolled in “%(course)s”.") % title
    if waits := waiting_lists.place_of(enrolment):
        said = _("You wait for a place in “%(course)s”. %(turn)s.") % {
            **title,
            "turn": turn_words(waits.ahead),  # type: ignore[attr-defined]
        }
    messages.success(request, said)
    return redirect(enrolment)


def _wanted_runs(runs: QuerySet[Run], wanted: dict) -> QuerySet[Run]:
    if place := wanted.get("place"):
        runs = runs.filter(Q(place__icontains=place) | Q(meetings__place__icontains=place))
        runs = Run.objects.filter(pk__in=runs.values("pk"))
    return on_offer.with_room(runs) if wanted.get("room") else runs


def _wanted_courses(
    courses: QuerySet[Course], wanted: dict, runs: QuerySet[Run]
) -> QuerySet[Course]:
    if text := wanted.get("text"):
        courses = courses.filter(
            Q(title_nl__icontains=text) | Q(title_en__icontains=text) | Q(code__istartswith=text)
        )
    if kind := wanted.get("kind"):
        courses = courses.filter(kind=kind)
    if wanted.get("place") or wanted.get("room"):
        with_such_runs = Exists(runs.filter(course=OuterRef("pk")))
        is_online = Q(kind=CourseKind.ELEARNING) if not wanted.get("place") else Q(pk__in=[])
        courses = courses.filter(is_online | with_such_runs)
    return courses
