"""XP, as a ledger."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exams.models.work import HandIn, Work


class ExperienceEntry(models.Model):
    """XP that somebody earned with an assignment: once, for good, and as many as the version gave
    that they handed in first."""

    work = models.OneToOneField(Work, on_delete=models.PROTECT, related_name="experience")
    xp = models.PositiveSmallIntegerField("XP")
    hand_in = models.ForeignKey(
        HandIn, verbose_name=_("hand-in"), on_delete=models.PROTECT, related_name="+"
    )
    earned_at = models.DateTimeField(_("earned at"), default=timezone.now)

    class Meta:
        verbose_name = _("entry of XP")
        verbose_name_plural = _("entries of XP")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.work}: {self.xp} XP"
