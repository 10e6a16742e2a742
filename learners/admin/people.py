"""People: who they are, where they belong, and what they may do."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from learners import audit
from learners.admin.parts import histories
from learners.admin.parts.base import HouseAdmin, TellsHistory, link_to_list
from learners.admin.parts.filters import MembersOfFilter
from learners.admin.parts.histories import Event
from learners.admin.parts.inlines import EditedInline, KnownRowForm
from learners.admin.parts.removing import RemovalFormSet
from learners.admin.parts.words import SaysPermissions, yes_no
from learners.counting import number_of
from learners.models import (
    Enrolment,
    Membership,
    Role,
    StudyPointAccount,
    Subscription,
    SubscriptionKind,
    User,
)
from learners.names import normalised_email
from learners.studying import point_accounts
from learners.telling.days import days_span

GIVES_POWER = ("is_staff", "is_superuser", "groups", "user_permissions")


class PersonAddForm(forms.ModelForm):
    """Somebody new, who chooses a password through 'forgotten password'."""

    class Meta:
        model = User
        fields = ("name", "email", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for an address: without one, they could not choose a password."""
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True

    def clean_email(self) -> str | None:
        return _free_address(self.cleaned_data["email"], self.instance)

    def save(self, commit: bool = True) -> User:
        self.instance.set_unusable_password()
        return super().save(commit)


class PersonForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"

    def clean_email(self) -> str | None:
        return _free_address(self.cleaned_data["email"], self.instance)


def _free_address(address: str | None, person: User) -> str | None:
    """Return the address as it is stored; refuse one that somebody else has in another spelling."""
    email = normalised_email(address) if address else None
    if email and User.objects.filter(email=email).exclude(pk=person.pk).exists():
        raise forms.ValidationError(_("Somebody else has this e-mail address."))
    return email


class MembershipFormSet(RemovalFormSet):
    def follows(self, row: Membership) -> str:
        return gettext(
            "they lose this role and what it shows them. Enrolments, marks and certificates stay."
        )


class MembershipInline(EditedInline):
    model = Membership
    formset = MembershipFormSet
    known = ("user", "organisation")
    listed = ("organisation",)
    fields = ("organisation", "role", "number")

    def get_min_num(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> int:
        """Ask where somebody new belongs: one line stands ready, and is needed."""
        return 0 if obj else 1


class SubscriptionForm(KnownRowForm):
    def clean(self) -> dict[str, Any]:
        """A new paid one names its institution; what was there before for all of them stays so."""
        cleaned = super().clean() or {}
        is_paid = cleaned.get("kind") == SubscriptionKind.PAID
        was_for_all = self.instance.pk is not None and "organisation" not in self.changed_data
        if is_paid and not cleaned.get("organisation") and not was_for_all:
            self.add_error("organisation", _("Say at which institution it holds."))
        if cleaned.get("kind") == SubscriptionKind.TRIAL and cleaned.get("organisation"):
            self.add_error("organisation", _("The free trial is for all institutions."))
        return cleaned


class SubscriptionFormSet(RemovalFormSet):
    def clean(self) -> None:
        """Refuse days that somebody has at that institution already: they would be paid twice."""
        super().clean()
        if any(self.errors):
            return
        rows = [form for form in self.forms if form.cleaned_data and not self._is_leaving(form)]
        for form in rows:
            others = [other.instance for other in rows if other is not form]
            if form.has_changed() and (same := _on_the_same_days(form.instance, others)):
                words = _("These days overlap %(days)s at the same institution. Choose other days.")
                said = {"days": days_span(same.starts_on, same.ends_on)}
                form.add_error("starts_on", words % said)

    def _is_leaving(self, form: forms.ModelForm) -> bool:
        return form in self.deleted_forms

    def refuses(self, row: Subscription) -> str:
        """What has begun is history: it can end earlier, and stays to be seen."""
        if row.starts_on > timezone.localdate():
            return ""
        return gettext(
            "This subscription has begun, so it stays. Give it an earlier last day instead."
        )

    def follows(self, row: Subscription) -> str:
        return gettext("it will not begin. Programmes that ask for a subscription stay closed.")


def _on_the_same_days(row: Subscription, others: Sequence[Subscription]) -> Subscription | None:
    """Return a paid subscription among these that holds on some of the same days as this one."""
    alike = (
        other
        for other in others
        if other.kind == row.kind == SubscriptionKind.PAID
        and other.organisation_id == row.organisation_id
        and other.starts_on <= row.ends_on
        and other.ends_on >= row.starts_on
    )
    return next(alike, None)


class SubscriptionInline(EditedInline):
    model = Subscription
    form = SubscriptionForm
    formset = SubscriptionFormSet
    known = ("user", "organisation")
    listed = ("organisation",)
    fields = ("kind", "organisation", "starts_on", "ends_on")


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in Role.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in Role.values:
            return queryset
        having = Membership.objects.filter(role=self.value())
        return queryset.filter(pk__in=having.values("user"))


@admin.register(User)
class PersonAdmin(SaysPermissions, TellsHistory, HouseAdmin, UserAdmin):
    tells_of_several = True
    form = PersonForm
    add_form = PersonAddForm
    add_form_template = "admin/learners/change_form.html"
    inlines = (MembershipInline, SubscriptionInline)
    list_display = ("name", "email", "enrolments", "may_sign_in", "administers", "last_login")
    list_filter = (MembersOfFilter, RoleFilter, "is_active", "is_staff")
    search_fields = ("search_name", "email")
    search_help_text = _("Name or e-mail address")
    ordering = ("sort_name", "pk")
    readonly_fields = ("last_login", "date_joined", "enrolments", "points")
    filter_horizontal = ("groups", "user_permissions")
    fieldsets = (
        (None, {"fields": ("name", "sort_name", "email", "password", "enrolments", "points")}),
        (_("How Mijlpaal speaks to them"), {"fields": ("language", "time_zone")}),
        (
            _("What they may do"),
            {
                "description": _(
                    "What somebody may do as a teacher or a coach follows from the runs and people "
                    "that they are given. Administrators see all; the permissions below add to "
                    "that, such as ignoring the maximum of study points."
                ),
                "fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions"),
            },
        ),
        (_("History"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "description": _(
                    "Who is new chooses a password with “Forgotten your password?” where one signs "
                    "in. Once you saved, you can also give them one yourself."
                ),
                "fields": ("name", "email", "language"),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(n_enrolments=number_of(Enrolment, "learner"))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only who has all power changes an administrator: who may give another a password or an
        address could sign in as them, and have their power."""
        allowed = super().has_change_permission(request, obj)
        has_power = obj is not None and (obj.is_staff or obj.is_superuser)
        return allowed and (request.user.is_superuser or not has_power)

    def events(self, row: User) -> list[Event]:
        """Return what happened to somebody, and to all their enrolments."""
        return histories.of_person(row)

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Set a password for somebody, which stands in the audit log."""
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            person = User.objects.get(pk=unquote(id))
            audit.record(action="learners.user_password_set", on=person, by=request.user)  # type: ignore[arg-type]
        return response

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple:
        """Only who has all power gives power away."""
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else (*fields, *GIVES_POWER)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Find by words of the name without accents, or by the address; each person once."""
        found = User.objects.matching(search_term).values("pk") if search_term.strip() else None
        return (queryset.filter(pk__in=found) if found is not None else queryset), True

    @admin.display(description=_("may sign in"), ordering="is_active")
    def may_sign_in(self, person: User) -> str:
        return yes_no(person.is_active)

    @admin.display(description=_("administrator"), ordering="is_staff")
    def administers(self, person: User) -> str:
        return yes_no(person.is_staff)

    @admin.display(description=_("enrolments"), ordering="n_enrolments")
    def enrolments(self, person: User) -> str:
        return link_to_list(person.n_enrolments, Enrolment, learner__id__exact=person.pk)  # type: ignore[attr-defined]

    @admin.display(description=_("study points"))
    def points(self, person: User) -> str:
        total = point_accounts.total_of(person)
        return link_to_list(total, StudyPointAccount, learner__id__exact=person.pk)


admin.site.unregister(Group)


@admin.register(Group)
class PermissionGroupAdmin(SaysPermissions, HouseAdmin, GroupAdmin):  # type: ignore[misc]
    """Permissions that several people have; only who has all power gives power away."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return request.user.is_superuser and super().has_change_permission(request, obj)
