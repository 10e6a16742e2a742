"""What was saved of registers, and the history of marks, to read."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from attendance.marking.values import MarkValue
from attendance.models import Attendance, AttendanceChange, RegisterSaving
from learners.admin.parts.base import QuickAdmin, ReadOnly
from learners.admin.parts.filters import happened

SAID = (gettext_noop("noted"),)  # what it is called in the audit log


@admin.register(RegisterSaving)
class RegisterSavingAdmin(ReadOnly, QuickAdmin):
    list_display = ("at", "run", "by", "undone_at", "page")
    list_select_related = ("run__course", "by")
    list_filter = ("at", happened("undone_at", _("undone")))
    search_fields = ("run__code", "run__course__code", "by__search_name")
    fields = ("at", "run", "by", "undone_at", "page")

    @admin.display(description=_("what was saved"))
    def page(self, saving: RegisterSaving) -> str:
        address = reverse("attendance:saving_detail", args=[saving.pk])
        return format_html('<a href="{}">{}</a>', address, _("Show"))


@admin.register(Attendance)
class AttendanceAdmin(ReadOnly, QuickAdmin):
    list_display = ("learner", "meeting", "said", "by", "at")
    list_select_related = ("enrolment__learner", "meeting__run__course", "by")
    list_filter = ("presence", "is_excused", "at")
    search_fields = ("enrolment__learner__search_name", "meeting__run__code")
    ordering = ("-pk",)
    fields = ("enrolment", "meeting", "said", "by", "at")

    @admin.display(description=_("participant"))
    def learner(self, mark: Attendance) -> str:
        return str(mark.enrolment.learner)

    @admin.display(description=_("mark"), ordering="presence")
    def said(self, mark: Attendance) -> str:
        return MarkValue.of(mark).words


@admin.register(AttendanceChange)
class AttendanceChangeAdmin(ReadOnly, QuickAdmin):
    list_display = ("at", "learner", "meeting", "before", "after", "by")
    list_select_related = ("enrolment__learner", "meeting__run__course", "by")
    list_filter = ("at",)
    search_fields = ("enrolment__learner__search_name", "meeting__run__code")
    fields = ("at", "enrolment", "meeting", "before", "after", "by", "saving")

    @admin.display(description=_("participant"))
    def learner(self, change: AttendanceChange) -> str:
        return str(change.enrolment.learner)

    @admin.display(description=_("from"))
    def before(self, change: AttendanceChange) -> str:
        return MarkValue.of(change, "from_").words

    @admin.display(description=_("to"))
    def after(self, change: AttendanceChange) -> str:
        return MarkValue.of(change, "to_").words
