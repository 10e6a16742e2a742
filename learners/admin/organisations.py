"""Institutions and their policies."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from learners.admin.parts.base import HouseAdmin, link_to, link_to_list
from learners.admin.parts.words import with_state
from learners.counting import number_of
from learners.files import file_kinds, keeping
from learners.models import Course, Membership, Organisation, Subscription, User
from learners.uploading.fields import UploadField

LARGEST_LOGO = 2 * keeping.MEGABYTE
FIELDSETS: tuple[Any, ...] = (
    (None, {"fields": ("name", "code", "language", "time_zone")}),
    (
        _("Certificates"),
        {"fields": ("colour", "shown_logo", "new_logo", "signatory_name", "signatory_title")},
    ),
    (
        _("Policies"),
        {
            "fields": (
                "register_open_days",
                "proof_days",
                "enrol_closes_days",
                "programmes_need_subscription",
                "subscription_url",
                "subscriptions",
            )
        },
    ),
    (
        _("Assignments and exams"),
        {
            "fields": (
                "holidays",
                "review_days",
                "sample_days",
                "board_days",
                "grade_scale",
                "resits",
                "reopening",
                "early_release",
                "assessors_per_exam",
            )
        },
    ),
    (
        _("How long data is kept"),
        {
            "fields": (
                "attendance_kept_years",
                "personal_data_kept_years",
                "clears_personal_data",
            )
        },
    ),
)


class OrganisationForm(forms.ModelForm):
    """The policies of an institution, with a new logo if there is one."""

    by: User | None = None
    new_logo = UploadField(
        label=_("new logo"),
        required=False,
        kinds=(file_kinds.PNG, file_kinds.JPEG),
        max_size=LARGEST_LOGO,
        help_text=Organisation._meta.get_field("logo").help_text,
    )

    class Meta:
        model = Organisation
        fields = tuple(
            name
            for _title, options in FIELDSETS
            for name in options["fields"]
            if name not in ("shown_logo", "new_logo", "subscriptions")
        )

    def save(self, commit: bool = True) -> Organisation:
        """Claim the logo, and point the institution to it."""
        if stored := self.cleaned_data.get("new_logo"):
            self.instance.logo = keeping.claim(stored=stored)
        return super().save(commit)


def _runs_today() -> Q:
    today = timezone.localdate()
    return Q(starts_on__lte=today, ends_on__gte=today)


@admin.register(Organisation)
class OrganisationAdmin(HouseAdmin):
    form = OrganisationForm
    list_display = ("name", "code", "courses", "members")
    search_fields = ("name", "code")
    readonly_fields = ("shown_logo", "subscriptions")
    fieldsets = FIELDSETS

    def get_form(self, request: HttpRequest, *args: object, **kwargs: object) -> type:
        form = super().get_form(request, *args, **kwargs)  # type: ignore[arg-type]
        form.by = request.user  # type: ignore[attr-defined]
        return form

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return (
            super()
            .get_queryset(request)
            .annotate(
                n_courses=number_of(Course, "organisation"),
                n_members=number_of(Membership, "organisation"),
                n_subscriptions=number_of(Subscription, "organisation", _runs_today()),
            )
        )

    @admin.display(description=_("logo"))
    def shown_logo(self, organisation: Organisation) -> SafeString | str:
        """Return its name, and whether anybody will see it on a certificate."""
        return with_state(link_to(organisation.logo), organisation.logo)

    @admin.display(description=_("courses"), ordering="n_courses")
    def courses(self, organisation: Organisation) -> str:
        shown = organisation.n_courses  # type: ignore[attr-defined]
        return link_to_list(shown, Course, organisation__id__exact=organisation.pk)

    @admin.display(description=_("subscriptions that run today"))
    def subscriptions(self, organisation: Organisation) -> str:
        """Say how many name this institution; those for all of them count here besides."""
        own = getattr(organisation, "n_subscriptions", 0)
        return gettext("%(n)d for this institution; those for all hold here too") % {"n": own}

    @admin.display(description=_("people"), ordering="n_members")
    def members(self, organisation: Organisation) -> str:
        shown = organisation.n_members  # type: ignore[attr-defined]
        return link_to_list(shown, User, organisation=organisation.pk)
