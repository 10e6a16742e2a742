"""What happened: points, notifications, files and the audit log, to read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from learners import point_accounts
from learners.admin.base import MOST_COUNTED, QuickAdmin, ReadOnly, ReadOnlyInline
from learners.admin.filters import happened
from learners.admin.words import spoken, yes_no
from learners.models import (
    AuditEntry,
    Notification,
    StoredFile,
    StudyPointAccount,
    StudyPointEntry,
)
from learners.point_accounts import cause_words


class EntryInline(ReadOnlyInline):
    model = StudyPointEntry
    fields = ("at", "points", "what_for", "ignores_maximum", "reason", "by")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        related = ("by", "account__learner", "account__course")
        return super().get_queryset(request).select_related(*related)

    @admin.display(description=_("what for"))
    def what_for(self, entry: StudyPointEntry) -> str:
        return cause_words(entry)


@admin.register(StudyPointAccount)
class StudyPointAccountAdmin(ReadOnly, QuickAdmin):
    list_display = ("learner", "course", "total")
    list_select_related = ("learner", "course")
    list_filter = ("course__organisation",)
    search_fields = ("learner__search_name", "learner__email", "course__code")
    ordering = ("-pk",)
    fields = ("learner", "course", "total", "cut")
    readonly_fields = fields
    inlines = (EntryInline,)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "learner__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("learner", "course")

    @admin.display(description=_("cut by the maximum"))
    def cut(self, account: StudyPointAccount) -> str:
        """Say how much was earned that does not count, and why."""
        read = point_accounts.read(account)
        if read.cut <= 0:
            return "–"
        return ngettext(
            "%(n)d point: the course gives at most %(maximum)d",
            "%(n)d points: the course gives at most %(maximum)d",
            read.cut,
        ) % {"n": read.cut, "maximum": read.maximum}


class KindFilter(admin.SimpleListFilter):
    """The kinds of late; nobody waits for those of a whole large table."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        late = Notification.objects.order_by("-pk").values_list("kind", flat=True)[:MOST_COUNTED]
        return [(kind, capfirst(spoken(kind))) for kind in sorted(set(late))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Notification)
class NotificationAdmin(ReadOnly, QuickAdmin):
    list_display = ("created_at", "user", "what", "read_at", "mailed_at", "failures")
    list_select_related = ("user",)
    list_filter = (KindFilter, happened("mailed_at", _("mailed")))
    search_fields = ("user__search_name", "user__email")

    @admin.display(description=_("kind"), ordering="kind")
    def what(self, notification: Notification) -> str:
        return capfirst(spoken(notification.kind))


@admin.register(StoredFile)
class StoredFileAdmin(ReadOnly, QuickAdmin):
    list_display = ("name", "kind", "shown_size", "owner", "uploaded_at", "is_claimed")
    list_select_related = ("owner",)
    list_filter = (happened("claimed_at", _("in use")), "scan_state")
    search_fields = ("name", "sha256")
    exclude = ("content",)

    @admin.display(description=_("size"), ordering="size")
    def shown_size(self, stored: StoredFile) -> str:
        return filesizeformat(stored.size)

    @admin.display(description=_("in use"))
    def is_claimed(self, stored: StoredFile) -> str:
        return yes_no(stored.claimed_at)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, QuickAdmin):
    list_display = ("at", "by", "what", "label", "shown_changes", "reason")
    list_select_related = ("by",)
    list_filter = ("at",)
    search_fields = ("action", "label", "by__search_name", "by__email")
    fields = ("at", "by", "what", "label", "shown_changes", "reason", "action", "object_id")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The history of one object is asked for by its kind and number."""
        return lookup in ("object_type", "object_id") or super().lookup_allowed(
            lookup, value, request
        )

    @admin.display(description=_("what"), ordering="action")
    def what(self, entry: AuditEntry) -> str:
        return capfirst(spoken(entry.action))

    @admin.display(description=_("changes"))
    def shown_changes(self, entry: AuditEntry) -> str:
        rows = (
            (name, *(map(str, change) if isinstance(change, list) else ("", str(change))))
            for name, change in entry.changes.items()
            if not isinstance(change, list) or len(change) == 2
        )
        return format_html_join(mark_safe("<br>"), "{}: {} → {}", rows) or "–"
