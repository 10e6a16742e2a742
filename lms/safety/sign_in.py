"""Signing in, also in the middle of what somebody was doing."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import LoginView
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from lms.demo.logins import LOGINS
from lms.frame import errors

CSRF_FIELD = "csrfmiddlewaretoken"
SALT = "what was sent after the session had ended"
KEPT = timedelta(days=1)


class SignInForm(AuthenticationForm):
    """Does not say which of the two was wrong, nor that capitals matter in an address."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": _(
            "This address and this password do not belong together. In the password capitals count."
        )
    }


class SignInView(LoginView):
    """The sign-in page; in demo mode it lists who can be tried. What somebody sent after their
    session had ended goes along, signed, and is sent once more when they have signed in."""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        logins = LOGINS if settings.DEMO else ()
        kept = self.request.POST.get("kept", "")
        return super().get_context_data(demo_logins=logins, **{"kept": kept, **kwargs})

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        fields = _unpack(self.request.POST.get("kept", ""))
        if not fields:
            return response
        context = {"address": self.get_success_url(), "fields": fields}
        return render(self.request, "registration/send_again.html", context)


class LoginRequired(LoginRequiredMiddleware):
    """Leads to the door; who sent a form is let in where they are, and loses nothing of it."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable
    ) -> HttpResponseBase:
        fields = [field for field in errors.sent(request) if field[0] != CSRF_FIELD]
        if not fields or request.htmx:  # type: ignore[attr-defined]
            return super().handle_no_permission(request, view_func)
        kept = signing.dumps(fields, salt=SALT, compress=True)
        view = SignInView(extra_context={"kept": kept, "next": request.get_full_path()})
        view.setup(request)
        door = view.get(request)
        door.status_code = HTTPStatus.UNAUTHORIZED
        return door


def _unpack(kept: str) -> list[tuple[str, str]]:
    """Return the fields that were sent; none where they are not ours or too old."""
    try:
        fields: list[tuple[str, str]] = signing.loads(kept, salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return []
    return fields
