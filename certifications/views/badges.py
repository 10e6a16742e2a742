"""The pictures of badges."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie, vary_on_headers

from certifications.certificates import badges
from certifications.models import Certification
from learners.files import pictures, serving


@login_not_required
@vary_on_cookie
@vary_on_headers("Accept-Language")
@cache_control(private=True, max_age=300)
@require_safe
def badge_show(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The badge of a certification, for anybody: it stands on public pages too. One whose picture
    cannot be drawn, or had, is drawn as if it had none."""
    known = Certification.objects.exclude(published_at=None)
    if request.user.is_staff:
        known = Certification.objects.all()
    certification = get_object_or_404(known.select_related("badge", "organisation"), pk=pk)
    badge = certification.badge
    if badge and pictures.can_be_drawn(badge):
        return serving.response_for(request, badge)
    picture = badges.badge_of(certification, (get_language() or "nl")[:2])
    response = HttpResponse(picture, content_type=badges.KIND)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
