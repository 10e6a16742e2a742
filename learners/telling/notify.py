"""Telling people something once, in the product and by mail, in their own language.

`kind` is '<app>/<name>'; its words are in `templates/<app>/notifications/<name>.txt`, in the parts
that `learners/telling/wording.py` knows.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPNotSupportedError, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q, QuerySet
from django.utils import timezone, translation

from learners.counting import number_of
from learners.models import Notification, User
from learners.models.notification import ATTEMPTS
from learners.telling import mails, wording
from learners.telling.wording import Words

logger = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=10)  # after which a claim counts as lost with its worker
# All other errors of a mail server are about the server, also its refusing us as the sender.
OF_THIS_MAIL = (SMTPRecipientsRefused, SMTPDataError, SMTPNotSupportedError)


@dataclass(frozen=True, kw_only=True)
class Message:
    """One thing to tell one person, as an institution or as the product; the same key is told to
    the same person once."""

    user_id: int
    key: str
    organisation_id: int | None
    params: Mapping[str, object] = field(default_factory=dict)
    url: str = ""


def tell(*, kind: str, messages: Iterable[Message]) -> None:
    """Write a notification for each message that was not told before, in one query."""
    Notification.objects.bulk_create(
        [
            Notification(
                user_id=m.user_id,
                organisation_id=m.organisation_id,
                kind=kind,
                key=m.key,
                params=dict(m.params),
                url=m.url,
            )
            for m in messages
        ],
        ignore_conflicts=True,
    )


def with_unread(people: QuerySet[User]) -> QuerySet[User]:
    """Count with each person what they have not read, as `unread`."""
    return people.annotate(unread=number_of(Notification, "user", Q(read_at=None)))


def words(notification: Notification, language: str | None = None) -> Words:
    """Return what it says in this language, else in that of the page."""
    app, name = notification.kind.split("/", 1)
    said = {**notification.params, "url": notification.url}
    with translation.override(language or translation.get_language()):
        return wording.read(f"{app}/notifications/{name}.txt", said)


def send_due(*, limit: int = 100) -> int:
    """Mail what was not mailed yet and return how many mails went out.

    A row is claimed before it is sent, so that two workers never send the same one; a claim whose
    worker died is taken over after a while. What a server does not take of one person is tried
    again ever more rarely, for three days and a half; a server that takes nothing is not asked for
    the others, until the next sweep.
    """
    now = timezone.now()
    ids = list(
        Notification.objects.to_mail()
        .filter(_free(now))
        .order_by("created_at")
        .values_list("pk", flat=True)[:limit]
    )
    if not ids:
        return 0
    sent = 0
    try:
        with get_connection() as connection:
            for pk in ids:
                sent += _send(pk, _free(now), connection)
    except OSError:
        logger.warning("mail waits: the server does not take it", exc_info=True)
    return sent


def _free(now: datetime) -> Q:
    """Keep what nobody claimed, or claimed so long ago that it may be tried again."""
    free = Q(claimed_at=None)
    for failures in range(ATTEMPTS):
        free |= Q(failures=failures, claimed_at__lt=now - PATIENCE * 2**failures)
    return free


def _send(pk: int, free: Q, connection: BaseEmailBackend) -> bool:
    """Mail one; raises what says that the server takes none at all now."""
    claimed = Notification.objects.filter(free, pk=pk, mailed_at=None)
    if not claimed.update(claimed_at=timezone.now()):
        return False
    notification = Notification.objects.select_related("user", "organisation").get(pk=pk)
    row = Notification.objects.filter(pk=pk)
    try:
        _mail(notification, connection)
    except Exception as error:
        if isinstance(error, OSError) and not isinstance(error, OF_THIS_MAIL):
            raise
        # An address that is refused, or words that cannot be made: others must go out.
        logger.warning("notification %s could not be mailed", pk, exc_info=True)
        row.update(failures=F("failures") + 1)
        return False
    row.update(mailed_at=timezone.now())
    return True


def _mail(notification: Notification, connection: BaseEmailBackend) -> None:
    user = notification.user
    with translation.override(user.language):
        mail = mails.write(
            words(notification), to=user.email or "", organisation=notification.organisation
        )
    mail.connection = connection
    mail.extra_headers["Message-ID"] = f"<notification-{notification.pk}@{settings.MAIL_DOMAIN}>"
    mail.send()
