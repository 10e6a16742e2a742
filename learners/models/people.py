"""People, and what they are at which institution."""

import secrets
from collections.abc import Collection
from functools import reduce
from operator import or_

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Exists, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from learners.models.organisation import (
    DEFAULT_TIME_ZONE,
    Language,
    Organisation,
    validate_time_zone,
)
from learners.names import cleaned, folded, initials, normalised_email, sort_name


class Role(models.TextChoices):
    LEARNER = "learner", _("learner")
    TEACHER = "teacher", _("teacher")
    AUTHOR = "author", _("author")
    COACH = "coach", _("coach")
    ASSESSOR = "assessor", _("assessor")
    BOARD = "board", _("examination board")


class UserQuerySet(models.QuerySet["User"]):
    def matching(self, text: str) -> "UserQuerySet":
        """Keep who has every word of the text in their name, or the text in their address."""
        by_name = Q()
        for word in folded(text).split():
            by_name &= Q(search_name__contains=word)
        return self.filter(by_name | Q(email__startswith=normalised_email(text)))


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(
        self, email: str | None, password: str | None = None, **fields: object
    ) -> "User":
        """Make a person; without an address they cannot sign in, without a password not yet."""
        user: User = self.model(email=email or None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_newcomers(self, people: Collection["User"]) -> list["User"]:
        """Make many people at once, who cannot sign in before they set a password."""
        for person in people:
            person.prepare()
            person.password = f"{UNUSABLE_PASSWORD_PREFIX}{secrets.token_hex(20)}"
        return self.bulk_create(people, batch_size=2_000)

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Make an administrator of head office, who sees all."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find somebody by what they type at the sign-in page, whatever its case."""
        return self.get(email=normalised_email(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Signs in with an e-mail address, which somebody known by a number may lack."""

    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=150)
    sort_name = models.CharField(
        _("sort name"),
        max_length=200,
        blank=True,
        help_text=_("Filled in by itself: family name first. Change it where that is wrong."),
    )
    search_name = models.CharField(max_length=200, editable=False, db_index=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.DUTCH
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, default=DEFAULT_TIME_ZONE, validators=[validate_time_zone]
    )
    is_staff = models.BooleanField(
        _("administrator"), default=False, help_text=_("Works at head office and sees all.")
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("known since"), default=timezone.now, editable=False)
    calendar_key = models.CharField(
        max_length=43, unique=True, null=True, blank=True, editable=False
    )
    pseudonymised_at = models.DateTimeField(
        _("pseudonymised at"), null=True, blank=True, editable=False
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_name", "pk"]
        indexes = [models.Index(fields=["sort_name", "id"])]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.email = normalised_email(self.email) if self.email else None

    def prepare(self) -> None:
        """Store beside the name what both databases sort and search by."""
        self.clean()
        self.name = cleaned(self.name)
        self.search_name = folded(self.name)[:200]
        self.sort_name = self.sort_name or sort_name(self.name)[:200]

    def save(self, *args: object, **kwargs: object) -> None:
        self.prepare()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def holds(self, *permissions: str) -> Q:
        """Say within a query whether this person works at head office and has one of these
        permissions: what `has_perm` says, which asks for it apart."""
        from django.contrib.auth.backends import ModelBackend  # needs this model to be there

        if not self.is_staff:
            return Q(pk__in=())
        holders = (ModelBackend().with_perm(name).filter(pk=self.pk) for name in permissions)
        return reduce(or_, (Q(Exists(each)) for each in holders))

    @property
    def first_name(self) -> str:
        """How a page greets them."""
        return self.name.split(" ", 1)[0]

    @property
    def initials(self) -> str:
        """What stands in the circle where a photo would be."""
        return initials(self.name)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.first_name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of(self, user: User, role: Role) -> "MembershipQuerySet":
        """Keep where this person has this role."""
        return self.filter(user=user, role=role)

    def at_work(self) -> "MembershipQuerySet":
        """Keep those that are more than a learner's."""
        return self.exclude(role=Role.LEARNER)

    def lacking(
        self, people: Collection["User"], role: Role, organisation: Organisation
    ) -> list["User"]:
        """Return who of these people does not have this role at the institution."""
        here = self.filter(role=role, organisation=organisation)
        having = set(here.filter(user__in=people).values_list("user", flat=True))
        return [person for person in people if person.pk not in having]


class Membership(models.Model):
    """What somebody is at an institution. Rights on one row come from a relation, not from this."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.LEARNER)
    number = models.CharField(
        _("number"),
        max_length=30,
        blank=True,
        help_text=_("By which the institution knows this learner."),
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                name="membership_once_per_role",
                violation_error_message=_("This person has this role here already."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "number"],
                condition=~Q(number=""),
                name="membership_number_once_per_organisation",
                violation_error_message=_("Somebody else has this number here."),
            ),
            models.CheckConstraint(
                condition=Q(number="") | Q(role=Role.LEARNER),
                name="membership_number_is_a_learners",
                violation_error_message=_("Only a learner has a number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.organisation}"
