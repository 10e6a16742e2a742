"""Signing in, and a password that was forgotten or was never set."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.views import LoginView
from django.urls import reverse
from django.utils import translation

from learners.models import User
from learners.names import normalised_email
from lms.demo.logins import LOGINS


class SignInView(LoginView):
    """The sign-in page; in demo mode it lists who can be tried."""

    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        logins = LOGINS if settings.DEMO else ()
        return super().get_context_data(demo_logins=logins, **kwargs)


class ForgottenPasswordForm(PasswordResetForm):
    """Also serves people who were enrolled by somebody else and never had a password."""

    def get_users(self, email: str) -> Iterable[User]:
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
