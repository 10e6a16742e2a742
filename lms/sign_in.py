"""Signing in, and a password that was forgotten or was never set."""

import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.views import LoginView
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation

from learners.models import User
from learners.names import normalised_email
from lms.demo.logins import LOGINS

logger = logging.getLogger(__name__)

MAIL_PAUSE = 60  # seconds between two links to one address


def was_mailed_just_now(email: str) -> bool:
    """Whether this address got a link less than a minute ago; says no when the cache is away."""
    try:
        return not cache.add(f"forgotten-password:{normalised_email(email)}", True, MAIL_PAUSE)
    except Exception:  # whatever a cache that is away raises
        logger.warning("the cache is away: mails for a new password are not spaced out")
        return False


class SignInView(LoginView):
    """The sign-in page; in demo mode it lists who can be tried."""

    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        logins = LOGINS if settings.DEMO else ()
        return super().get_context_data(demo_logins=logins, **kwargs)


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
