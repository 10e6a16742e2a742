"""What people made of assignments, with all that happened to it, to read."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from exams.models import (
    AssignmentExemption,
    ExperienceEntry,
    HandIn,
    Message,
    Review,
    Work,
)
from learners.admin.parts.base import QuickAdmin, ReadOnly, ReadOnlyInline, TellsHistory
from learners.admin.parts.histories import Event, newest
from learners.models import User

SAID = (  # what it is called in the audit log and among messages
    gettext_noop("assignment approved"),
    gettext_noop("assignment exempted"),
    gettext_noop("assignment exemption ended"),
    gettext_noop("assignment sent back"),
    gettext_noop("late for board"),
    gettext_noop("late for coach"),
    gettext_noop("message"),
)


class HandInInline(ReadOnlyInline):
    model = HandIn
    fields = ("number", "handed_in_at", "version", "text", "shown_files", "reviews_given")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request).select_related("version", "work__enrolment__learner")
        return rows.prefetch_related("files__file", "reviews__by")

    @admin.display(description=_("files"))
    def shown_files(self, hand_in: HandIn) -> SafeString | str:
        rows = (
            (reverse("learners:file_download", args=[row.file_id]), row.file.name)
            for row in hand_in.files.all()
        )
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>', rows) or "–"

    @admin.display(description=_("reviews"))
    def reviews_given(self, hand_in: HandIn) -> SafeString | str:
        rows = (
            (review.get_verdict_display(), review.by.name)
            for review in hand_in.reviews.all()
            if review.is_given
        )
        return format_html_join(mark_safe("<br>"), "{}, {}", rows) or "–"


@admin.register(Work)
class WorkAdmin(ReadOnly, TellsHistory):
    list_display = ("learner", "asked", "state", "number", "waits_since", "expected_on")
    list_select_related = ("enrolment__learner", "assignment", "version")
    list_filter = ("state", "enrolment__programme__organisation")
    search_fields = ("enrolment__learner__search_name", "assignment__code")
    ordering = ("-pk",)
    fields = ("enrolment", "asked", "state", "number", "waits_since", "expected_on", "xp")
    readonly_fields = fields
    inlines = (HandInInline,)

    @admin.display(description=_("learner"))
    def learner(self, work: Work) -> str:
        return work.enrolment.learner.name

    @admin.display(description=_("assignment"))
    def asked(self, work: Work) -> str:
        return str(work.version or work.assignment)

    @admin.display(description="XP")
    def xp(self, work: Work) -> str:
        entry = ExperienceEntry.objects.filter(work=work).first()
        return str(entry.xp) if entry else "–"

    def events(self, row: Work) -> list[Event]:
        """Return what happened to a work: handed in, reviewed, said, exempted; in four queries."""
        return newest([*_handed_in(row), *_reviewed(row), *_said(row), *_exempted(row)])


@admin.register(ExperienceEntry)
class ExperienceEntryAdmin(ReadOnly, QuickAdmin):
    list_display = ("earned_at", "learner", "assignment", "xp")
    list_select_related = ("work__enrolment__learner", "work__assignment", "hand_in__version")
    list_filter = ("work__enrolment__programme__organisation",)
    search_fields = ("work__enrolment__learner__search_name", "work__assignment__code")
    fields = ("earned_at", "work", "hand_in", "xp")

    @admin.display(description=_("learner"))
    def learner(self, entry: ExperienceEntry) -> str:
        return entry.work.enrolment.learner.name

    @admin.display(description=_("assignment"))
    def assignment(self, entry: ExperienceEntry) -> str:
        return str(entry.hand_in.version)


def _handed_in(work: Work) -> Iterable[Event]:
    for one in work.hand_ins.all():
        words = gettext("Version %(number)d handed in") % {"number": one.number}
        yield Event(at=one.handed_in_at, who=work.enrolment.learner.name, what=words, on=work)


def _reviewed(work: Work) -> Iterable[Event]:
    rows = Review.objects.given().filter(hand_in__work=work).select_related("by", "hand_in")
    for one in rows:
        assert one.given_at is not None, "given"
        words = gettext("Version %(number)d: %(verdict)s") % {
            "number": one.hand_in.number,
            "verdict": one.get_verdict_display(),
        }
        yield Event(at=one.given_at, who=one.by.name, what=words, on=work)


def _said(work: Work) -> Iterable[Event]:
    rows = Message.objects.filter(conversation__work=work).select_related("by")
    for one in rows:
        yield Event(
            at=one.at, who=one.by.name, what=gettext("Message in the conversation"), on=work
        )


def _exempted(work: Work) -> Iterable[Event]:
    rows = AssignmentExemption.objects.filter(work=work).select_related("by", "ended_by")
    for one in rows:
        yield Event(at=one.at, who=_name(one.by), what=gettext("Exempted"), on=work, why=one.ground)
        if one.ended_at:
            words = gettext("Exemption ended")
            yield Event(at=one.ended_at, who=_name(one.ended_by), what=words, on=work)


def _name(person: User | None) -> str:
    return person.name if person else "–"
