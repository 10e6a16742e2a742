"""What people study, wherever something is said of it: a course or a programme."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learners.models.catalogue import Course, Programme

IS_ONE_SUBJECT = Q(course=None, programme__isnull=False) | Q(course__isnull=False, programme=None)


class OfSubject(models.Model):
    """Something about a course or about a programme; `IS_ONE_SUBJECT` keeps it to one of them."""

    course = models.ForeignKey(
        Course,
        verbose_name=_("course"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
    )
    programme = models.ForeignKey(
        Programme,
        verbose_name=_("programme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
    )

    class Meta:
        abstract = True

    @property
    def subject(self) -> Course | Programme:
        """The course or the programme; only for what is kept to one of them."""
        subject = self.course or self.programme
        assert subject is not None, "kept by IS_ONE_SUBJECT"
        return subject
