"""Signing in, and a password that was forgotten or was never set."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import LoginView
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from learners.models import User
from learners.names import normalised_email
from lms import errors
from lms.demo.logins import LOGINS

logger = logging.getLogger(__name__)

CSRF_FIELD = "csrfmiddlewaretoken"
SALT = "what was sent after the session had ended"
KEPT = timedelta(days=1)
MAIL_PAUSE = 60  # seconds between two links to one address


def was_mailed_just_now(email: str) -> bool:
    """Whether this address got a link less than a minute ago; says no when the cache is away."""
    try:
        return not cache.add(f"forgotten-password:{normalised_email(email)}", True, MAIL_PAUSE)
    except Exception:  # whatever a cache that is away raises
        logger.warning("the cache is away: mails for a new password are not spaced out")
        return False


class SignInView(LoginView):
    """The sign-in page; in demo mode it lists who can be tried. What somebody sent after their
    session had ended goes along, signed, and is sent once more when they have signed in."""

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


class ForgottenPasswordForm(PasswordResetForm):
    """Also serves people who were enrolled by somebody else and never had a password."""

    def get_users(self, email: str) -> Iterable[User]:
        if was_mailed_just_now(email):
            return []
        return User.objects.filter(email=normalised_email(email), is_active=True)

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """Write in the receiver's language, with a link to our own address whatever was asked."""
        path = reverse("password_reset_confirm", args=[context["uid"], context["token"]])
        context["address"] = f"{settings.PUBLIC_URL}{path}"
        with translation.override(context["user"].language):
            super().send_mail(subject_template_name, email_template_name, context, *args, **kwargs)
