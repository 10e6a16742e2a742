"""Passwords: tried too often, forgotten, or never set."""

from collections.abc import Mapping
from typing import Any

import structlog
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.views import PasswordResetView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from kombu.exceptions import OperationalError

from learners.limits import Limit, client_network
from learners.models import User
from learners.names import normalised_email
from learners.telling import notify
from lms import tasks
from lms.safety import headers
from lms.safety.password_links import PasswordLinkForm

logger = structlog.get_logger(__name__)

# Beside the ten for one address (AXES_FAILURE_LIMIT): one password, tried with many addresses.
WRONG_PASSWORDS = Limit("wrong-passwords", allowed=100, window=900)
LINKS_TO_AN_ADDRESS = Limit("forgotten-password", allowed=1, window=60)
# A classroom of people who choose their first password has one address of its own.
LINKS_FROM_A_PLACE = Limit("forgotten-password-from", allowed=60, window=600)


def typed_address(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """Return under which address wrong passwords are counted: one, however it is spelled."""
    typed = (credentials or request.POST).get("username") or ""
    return normalised_email(typed)[:255]


class PasswordBackend(ModelBackend):
    """Django's, for a place from which no more than so many wrong passwords came."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        place = client_network(request) if request else ""
        if place and WRONG_PASSWORDS.is_reached(place):
            request.axes_locked_out = True  # type: ignore[union-attr]
            logger.warning("sign_in_refused")
            raise PermissionDenied
        user = super().authenticate(request, username, password, **kwargs)
        if user is None and place:
            WRONG_PASSWORDS.count(place)
            logger.warning("sign_in_failed")
        elif user is not None:
            logger.info("signed_in", user_id=user.pk)
        return user

    def get_user(self, user_id: int) -> User | None:
        """Fetch who is signed in, with the number on their bell, which every page shows."""
        user = notify.with_unread(User.objects.all()).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


class ForgottenPasswordForm(PasswordLinkForm):
    """The link, asked for by whoever types an address."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Let the worker send the link, so that the answer takes as long for any address; where it
        cannot be asked, send it now."""
        email = normalised_email(self.cleaned_data["email"])
        if not LINKS_TO_AN_ADDRESS.takes(email):
            return
        try:
            tasks.send_password_link.delay(email)
        except OperationalError:
            self.send()


class ForgottenPasswordView(PasswordResetView):
    """Asking for a link; a place that asks for very many has to wait."""

    form_class = ForgottenPasswordForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not LINKS_FROM_A_PLACE.takes(client_network(request)):
            return headers.too_many(request, wait=LINKS_FROM_A_PLACE.window)
        return super().post(request, *args, **kwargs)
