"""How often somebody may hand in, or say something, in an hour."""

from django.conf import settings
from django.utils.translation import gettext as _

from exams.assignments.states import WorkRefused
from learners.limits import Limit
from learners.models import User

HOUR = 3600  # seconds


def refuse_more_hand_ins(*, by: User) -> None:
    """Count that somebody hands in; raises `WorkRefused` where they did so as often as they may."""
    allowed = settings.HAND_INS_PER_HOUR
    if not _takes(Limit("hand-ins", allowed=allowed, window=HOUR), by):
        raise WorkRefused(
            _(
                "You handed in very often within an hour. Wait a while and press it again; what "
                "you typed is kept."
            )
        )


def refuse_more_messages(*, by: User) -> None:
    """Count that somebody says something; raises `WorkRefused` where they did so as often as they
    may."""
    allowed = settings.MESSAGES_PER_HOUR
    if not _takes(Limit("messages", allowed=allowed, window=HOUR), by):
        raise WorkRefused(
            _("You sent very many messages within an hour. Wait a while and send this one again.")
        )


def _takes(limit: Limit, by: User) -> bool:
    return not limit.allowed or limit.takes(str(by.pk))
