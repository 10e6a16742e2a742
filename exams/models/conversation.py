"""What learner and coach say to each other about one piece of work."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exams.models.work import Work


class Conversation(models.Model):
    """One conversation about a work. `asked_at` is since when a question of the learner waits for
    who coaches them."""

    work = models.OneToOneField(Work, on_delete=models.PROTECT, related_name="conversation")
    asked_at = models.DateTimeField(_("asked at"), null=True, editable=False)
    learner_read_at = models.DateTimeField(_("read by the learner at"), null=True, editable=False)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(asked_at__isnull=False), name="conversation_asked"
            ),
        ]

    def __str__(self) -> str:
        return str(self.work)


class Message(models.Model):
    """Something that was said; never changed."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.PROTECT, related_name="messages"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(_("message"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    sent_as = models.CharField(
        max_length=40,
        blank=True,
        help_text=_("The key of the form that sent it, so that it is sent once."),
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "sent_as"],
                condition=~Q(sent_as=""),
                name="message_sent_once",
                violation_error_message=_("This message was sent already."),
            ),
            models.CheckConstraint(
                condition=Q(text__gt=""),
                name="message_says_something",
                violation_error_message=_("Write something."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
