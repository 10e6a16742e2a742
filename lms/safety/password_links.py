"""Mailing somebody a link to choose a password, whoever asked for it and whoever sends it."""

from collections.abc import Iterable
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.urls import reverse
from django.utils import translation

from learners.models import User
from learners.names import normalised_email
from learners.telling import mails, wording

logger = structlog.get_logger(__name__)


class PasswordLinkForm(PasswordResetForm):
    """Also serves people who were enrolled by somebody else and never had a password."""

    def send(self) -> None:
        """Mail the link, if there is somebody with this address who may sign in."""
        super().save(domain_override=settings.PUBLIC_URL)

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
        user = context["user"]
        path = reverse("password_reset_confirm", args=[context["uid"], context["token"]])
        said = {"name": user.first_name, "path": path}
        with translation.override(user.language):
            words = wording.read("registration/password_reset_mail.txt", said)
            mail = mails.write(words, to=user.email)
        try:
            mail.send()
        except OSError:
            logger.exception("password_link_not_mailed", user_id=user.pk)
