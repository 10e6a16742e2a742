"""What happened: points, notifications, files and the audit log, to read."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from learners.admin.parts.base import MOST_COUNTED, QuickAdmin, ReadOnly, ReadOnlyInline
from learners.admin.parts.filters import happened
from learners.admin.parts.words import spoken, yes_no
from learners.files import file_uses
from learners.models import (
    AuditEntry,
    Notification,
    StoredFile,
    StudyPointAccount,
    StudyPointEntry,
)
from learners.studying import point_accounts
from learners.studying.point_accounts import cause_words


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
    list_display = ("name", "used_for", "kind", "shown_size", "owner", "uploaded_at", "is_claimed")
    list_select_related = ("owner",)
    list_filter = (
        "scan_state",
        happened("scanned_at", _("looked at by a scanner")),
        happened("claimed_at", _("in use")),
    )
    search_fields = ("name", "sha256")
    fields = (
        *("name", "used_for", "read_by", "kept", "owner", "scan_state", "scanned_at", "said"),
        *("kind", "size", "sha256", "uploaded_at", "claimed_at", "let_go_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return file_uses.with_uses(super().get_queryset(request))

    @admin.display(description=_("what the scanner said"))
    def said(self, stored: StoredFile) -> str:
        return stored.scan_words or "–"

    @admin.display(description=_("used for"))
    def used_for(self, stored: StoredFile) -> str:
        uses = file_uses.uses_of(stored)
        return _said(capfirst(str(use.title)) for use in uses) or gettext("Nothing")

    @admin.display(description=_("who may read it"))
    def read_by(self, stored: StoredFile) -> str:
        """Say it for each use; what may harm is for nobody."""
        if stored.is_infected:
            return gettext("Nobody: something harmful was found in it.")
        readers = _said(use.readers for use in file_uses.uses_of(stored))
        return readers or gettext("Whoever uploaded it.")

    @admin.display(description=_("kept"))
    def kept(self, stored: StoredFile) -> str:
        """Say until when, for each use."""
        kept = _said(use.kept for use in file_uses.uses_of(stored))
        return kept or gettext("A day; then it is deleted in the night.")

    @admin.display(description=_("size"), ordering="size")
    def shown_size(self, stored: StoredFile) -> str:
        return filesizeformat(stored.size)

    @admin.display(description=_("in use"))
    def is_claimed(self, stored: StoredFile) -> str:
        return yes_no(stored.claimed_at)


def _said(words: Iterable[str | Promise]) -> str:
    """Say each once, on a line of its own."""
    return format_html_join(mark_safe("<br>"), "{}", ((one,) for one in dict.fromkeys(words)))


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
