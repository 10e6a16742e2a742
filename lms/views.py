"""Pages of the roof: home, my learning, search, the language, the demo's mail, and health."""

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST, require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from learners.content import knowledge_centre
from learners.enrolling import changing, withdrawing
from learners.forms import CodeForm
from learners.models import Enrolment
from learners.pages import course_page, programme_page
from learners.studying import point_accounts, reopening, whose_turn
from lms.demo import mailbox
from lms.frame import home, my_learning, programme_pages, searching
from lms.frame.home import Cards
from lms.health import findings as checks
from lms.health import metrics

CLOSED = ("base-uri", "form-action", "frame-ancestors")  # which a policy has to name
WAITING_SHOWN = 6
SHOWN_UNDER_A_HEADING = 4
CALENDAR_SHOWN = 5
ACCOUNTS_SHOWN = 25


@login_not_required
@cache_control(public=True, max_age=86_400)
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon, where browsers look for it when a page (a PDF, say) does not name one."""
    return redirect(static("img/favicon.ico"))


@require_safe
def show_home(request: HttpRequest) -> HttpResponse:
    """The home page: what is most urgent first, and one click away."""
    waiting = home.waiting_for(request.user)
    calendar = home.calendar(request.user)
    expiring = home.expiring(request.user)
    return render(
        request,
        "lms/home.html",
        {
            "greeting": home.greeting(request.user),
            "summary": home.summary(request.user, waiting, calendar, expiring),
            "tiles": home.tiles(request.user),
            "waiting": [item for item in waiting if not item.under][:WAITING_SHOWN],
            "groups": [
                (under, items[:SHOWN_UNDER_A_HEADING])
                for under, items in home.under_headings(waiting).items()
            ],
            "calendar": calendar[:CALENDAR_SHOWN],
            "expiring": expiring,
        },
    )


@require_safe
def show_my_learning(request: HttpRequest) -> HttpResponse:
    """Everything that somebody learns and earned, with what is expected now on top."""
    return render(request, "lms/my_learning.html", vars(my_learning.of(request.user)))


@require_safe
def course_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One course that somebody follows: what is expected now, and what every app knows of it."""
    now = timezone.now()
    mine = Enrolment.objects.for_user(request.user).filter(course__isnull=False)
    mine = mine.select_related(*knowledge_centre.RELATED)
    try:
        enrolment = course_page.fetch(mine, now, pk)
    except Enrolment.DoesNotExist:
        raise Http404 from None
    enrolment.learner = request.user  # type: ignore[assignment]
    offered = home.gathered(lambda offer: offer.course_sections(request.user, enrolment))
    stands = [(enrolment, whose_turn.expected(enrolment, now))]
    ((_same, expected),) = reopening.opened(request.user, stands)
    return render(
        request,
        "lms/course_detail.html",
        {
            "enrolment": enrolment,
            "course": enrolment.course,
            "expected": expected,
            "run": whose_turn.run_of(enrolment),
            "can_change_run": changing.may_change(enrolment, whose_turn.run_of(enrolment), now),
            "can_withdraw": withdrawing.may_withdraw(enrolment, whose_turn.run_of(enrolment)),
            "cards": Cards.of(offered),
        },
    )


@require_safe
def programme_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One programme that somebody follows: its courses in order, what is expected in each, coach
    and term, and what every app knows of it."""
    try:
        enrolment = programme_page.fetch(request.user, timezone.now(), pk)
    except Enrolment.DoesNotExist:
        raise Http404 from None
    page = programme_pages.of(request.user, enrolment, request.GET.get("tab", ""))
    return render(
        request,
        "lms/programme_detail.html",
        {
            "enrolment": enrolment,
            "programme": enrolment.programme,
            "next_line": programme_page.next_line(enrolment.lines),  # type: ignore[attr-defined]
            "coaches": enrolment.coached,  # type: ignore[attr-defined]
            "access": enrolment.access,  # type: ignore[attr-defined]
            "lacks_subscription": programme_page.lacks_subscription(enrolment),
            "code_form": CodeForm(),
            "page": page,
        },
    )


@require_safe
def my_points(request: HttpRequest) -> HttpResponse:
    """Somebody's study points, course by course and in total."""
    # a list: nobody has points of so many courses that counting them apart is worth a query
    mine = list(point_accounts.of_person(request.user))
    page = Paginator(mine, ACCOUNTS_SHOWN).get_page(request.GET.get("page"))
    accounts = list(page)
    words = home.point_words([entry for account in accounts for entry in account.entries.all()])
    context = {
        "page": page,
        "accounts": [point_accounts.read(account, words) for account in accounts],
        "total": sum(account.total for account in mine),
    }
    return render(request, "lms/my_points.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was found, by kind."""
    text = request.GET.get("q", "").strip()
    return render(
        request,
        "lms/search.html",
        {
            "query": text,
            "groups": searching.search(request.user, text),
            "is_too_short": 0 < len(text) < searching.SHORTEST,
        },
    )


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Show pages in this language from now on; for who signed in, on every device."""
    language = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.SESSION_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
        if request.user.is_authenticated:
            request.user.language = language
            request.user.save(update_fields=["language"])
    return response


@login_not_required
@require_safe
def show_demo_mail(request: HttpRequest) -> HttpResponse:
    """The mail that the demo would have sent."""
    if not settings.DEMO:
        raise Http404
    return render(request, "lms/demo_mail.html", {"mails": mailbox.mails()})


@login_not_required
@require_safe
@csp({"default-src": NONE, "style-src": UNSAFE_INLINE, **dict.fromkeys(CLOSED, NONE)})
def show_demo_mail_look(request: HttpRequest, key: str) -> HttpResponse:
    """A mail of the demo as mail programs show it: it has style of its own, and fetches nothing."""
    mail = mailbox.mail_of(key) if settings.DEMO else None
    if mail is None or not mail.html:
        raise Http404
    return HttpResponse(mail.html)


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Whether database, broker and storage answer; 503 when one that pages need does not."""
    findings = checks.findings()
    is_well = all(finding.is_well for finding in findings if finding.is_needed)
    return JsonResponse(
        {"ok": is_well, **{finding.name: finding.text for finding in findings}},
        status=200 if is_well else 503,
    )


@login_not_required
@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """That this process answers, whatever became of the parts it stands on."""
    return JsonResponse({"ok": True})


@login_not_required
@never_cache
@require_safe
def show_metrics(request: HttpRequest) -> HttpResponse:
    """Figures for a monitor that shows the token; for everybody else there is nothing here."""
    if not metrics.may_read(request):
        raise Http404
    return HttpResponse(metrics.page(), content_type=CONTENT_TYPE_LATEST)
