"""The bell: what somebody was told, and that they read it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from learners.models import Notification
from learners.telling import notify

PAGE_SIZE = 25


@require_safe
def notification_list(request: HttpRequest) -> HttpResponse:
    """Everything that somebody was told, the newest first."""
    mine = Notification.objects.for_user(request.user)
    page = Paginator(mine, PAGE_SIZE).get_page(request.GET.get("page"))
    told = [(notification, notify.words(notification)) for notification in page]
    return render(
        request,
        "learners/telling/notification_list.html",
        {"page": page, "told": told, "has_unread": mine.unread().exists()},
    )


@require_POST
def notification_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read, and go where it points."""
    notification = get_object_or_404(Notification.objects.for_user(request.user), pk=pk)
    Notification.objects.filter(pk=pk).unread().update(read_at=timezone.now())
    if notification.url and url_has_allowed_host_and_scheme(notification.url, None):
        return redirect(notification.url)
    return redirect("learners:notification_list")


@require_POST
def notification_read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    Notification.objects.for_user(request.user).unread().update(read_at=timezone.now())
    return redirect("learners:notification_list")
