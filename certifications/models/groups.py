"""Groups of people that somebody names by what they have in common."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certifications.models.defining import Certification
from learners.models import IS_ONE_SUBJECT, OfSubject, Organisation, Role


class GroupKind(models.TextChoices):
    """What the people of a group have in common."""

    ROLE = "role", _("everybody with a role at an institution")
    ENROLLED = "enrolled", _("everybody who is enrolled in a course or programme")
    COMPLETED = "completed", _("everybody who completed a course or programme")
    HOLDS = "holds", _("everybody who holds a certification")


_NOTHING = {"organisation": None, "role": "", "course": None, "programme": None, "held": None}
_IS_A_ROLE = Q(group=GroupKind.ROLE, organisation__isnull=False, role__gt="") & Q(
    course=None, programme=None, held=None
)
_IS_A_SUBJECT = (
    Q(group__in=[GroupKind.ENROLLED, GroupKind.COMPLETED])
    & Q(organisation=None, role="", held=None)
    & IS_ONE_SUBJECT
)
_HOLDS_ANOTHER = (
    Q(group=GroupKind.HOLDS, held__isnull=False)
    & Q(organisation=None, role="", course=None, programme=None)
    & ~Q(held=models.F("certification"))
)
IS_A_GROUP = _IS_A_ROLE | _IS_A_SUBJECT | _HOLDS_ANOTHER
IS_NO_GROUP = Q(group="", **_NOTHING)
GROUP_FIELDS = ("group", *_NOTHING)
GROUP_RELATED = ("organisation", "course", "programme", "held")  # what its words are made of


class Group(OfSubject):
    """A group of people, named by its kind and what that asks for."""

    group = models.CharField(_("whom"), max_length=9, choices=GroupKind)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("institution"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, blank=True)
    held = models.ForeignKey(
        Certification,
        verbose_name=_("certification that they hold"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        abstract = True

    @property
    def group_words(self) -> str:
        """Name the group: 'everybody who is a teacher at Academie'."""
        what = {"what": self.course or self.programme or self.held}
        match self.group:
            case GroupKind.ROLE:
                said = {"role": Role(self.role).label, "where": self.organisation}
                return gettext("everybody who is %(role)s at %(where)s") % said
            case GroupKind.ENROLLED:
                return gettext("everybody who is enrolled in “%(what)s”") % what
            case GroupKind.COMPLETED:
                return gettext("everybody who completed “%(what)s”") % what
        return gettext("everybody who holds “%(what)s”") % what
