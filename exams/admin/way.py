"""How people went to their exams, to read: applications, samples with what was said, attempts."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from exams.models import Application, Attempt, Sample, SampleItem, Theme, Verdict
from exams.sampling.samples import EXEMPT
from learners.admin.parts.base import QuickAdmin, ReadOnly, ReadOnlyInline, TellsHistory
from learners.admin.parts.histories import Event, newest
from learners.models import User

SAID = (  # what it is called in the audit log and among messages
    gettext_noop("applied"),
    gettext_noop("exam released"),
    gettext_noop("new sample asked"),
    gettext_noop("sample approved"),
    gettext_noop("sample drawn"),
    gettext_noop("sample refused"),
)
WHOSE = ("enrolment__learner", "enrolment__programme")
SEARCHED = ("enrolment__learner__search_name", "enrolment__programme__code")
INSTITUTION = "enrolment__programme__organisation"


class OfSomebody(ReadOnly, QuickAdmin):
    """Rows about an enrolment in a programme; each names its learner and the programme."""

    search_fields = SEARCHED
    ordering = ("-pk",)

    @admin.display(description=_("learner"), ordering="enrolment__learner__sort_name")
    def learner(self, row: Application | Sample | Attempt) -> str:
        return row.enrolment.learner.name

    @admin.display(description=_("programme"))
    def programme(self, row: Application | Sample | Attempt) -> str:
        return str(row.enrolment.programme)


class SampleItemInline(ReadOnlyInline):
    model = SampleItem
    fields = ("position", "hand_in", "said_earlier", "verdict", "feedback", "by", "saved_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        related = ("hand_in__version", "hand_in__work__enrolment__learner", "earlier", "by")
        return super().get_queryset(request).select_related(*related)

    @admin.display(description=_("earlier review"))
    def said_earlier(self, item: SampleItem) -> str:
        return str(Verdict(item.earlier.verdict).label) if item.earlier else "–"


@admin.register(Sample)
class SampleAdmin(OfSomebody, TellsHistory):
    list_display = ("learner", "programme", "number", "state", "drawn_at", "drawn_by", "decided_at")
    list_select_related = (*WHOSE, "drawn_by")
    list_filter = ("state", INSTITUTION)
    date_hierarchy = "drawn_at"
    fields = (
        *("enrolment", "number", "state", "drawn_at", "drawn_by", "expected_on"),
        *("seed", "size", "number_in_list", "themes_passed_over"),
        *("feedback", "decided_at", "decided_by"),
    )
    readonly_fields = fields
    inlines = (SampleItemInline,)

    @admin.display(description=_("hand-ins that could be drawn"))
    def number_in_list(self, sample: Sample) -> int:
        return len(sample.drawn_from)

    @admin.display(description=_("themes passed over"))
    def themes_passed_over(self, sample: Sample) -> SafeString | str:
        themes = Theme.objects.in_bulk([one["theme"] for one in sample.passed_over])
        rows = ((themes.get(one["theme"], "–"), _why(one["why"])) for one in sample.passed_over)
        return format_html_join(mark_safe("<br>"), "{}: {}", rows) or "–"

    def events(self, row: Sample) -> list[Event]:
        """Return what happened to a sample: applied for, drawn, judged, decided; in two queries."""
        return newest([*_drawn(row), *_judged(row), *_decided(row)])


@admin.register(Application)
class ApplicationAdmin(OfSomebody):
    list_display = ("learner", "programme", "applied_at", "expected_on", "sample_number")
    list_select_related = (*WHOSE, "sample")
    list_filter = (INSTITUTION,)
    date_hierarchy = "applied_at"
    fields = ("enrolment", "applied_at", "expected_on", "sample")

    @admin.display(description=_("sample"), empty_value="–")
    def sample_number(self, application: Application) -> int | None:
        return application.sample.number if application.sample else None


@admin.register(Attempt)
class AttemptAdmin(OfSomebody, TellsHistory):
    list_display = ("learner", "exam", "number", "state", "released_at", "released_by", "early")
    list_select_related = (*WHOSE, "exam", "released_by")
    list_filter = ("state", INSTITUTION, ("reason", admin.EmptyFieldListFilter))
    date_hierarchy = "released_at"
    fields = (
        *("enrolment", "number", "exam", "state", "sample", "earned_xp", "needed_xp", "reason"),
        *("scale", "assessors", "resits", "reopening"),
        *("released_at", "released_by", "started_at"),
    )
    readonly_fields = fields

    @admin.display(description=_("early"), boolean=True)
    def early(self, attempt: Attempt) -> bool:
        return attempt.is_early

    def events(self, row: Attempt) -> list[Event]:
        """Return what happened to an attempt: released, and started."""
        words = gettext("Released early") if row.is_early else gettext("Released")
        who = row.enrolment.learner.name
        found = [
            Event(at=row.released_at, who=row.released_by.name, what=words, on=row, why=row.reason)
        ]
        if row.started_at:
            found.append(Event(at=row.started_at, who=who, what=gettext("Started"), on=row))
        return newest(found)


def _why(code: str) -> str:
    if code == EXEMPT:
        return gettext("exempt of all of it")
    return gettext("nothing was handed in")


def _drawn(sample: Sample) -> Iterable[Event]:
    who = _name(sample.drawn_by) if sample.drawn_by else gettext("the system")
    yield Event(at=sample.drawn_at, who=who, what=gettext("Drawn"), on=sample)
    if application := Application.objects.filter(sample=sample).first():
        who = sample.enrolment.learner.name
        yield Event(at=application.applied_at, who=who, what=gettext("Applied"), on=application)


def _judged(sample: Sample) -> Iterable[Event]:
    for item in sample.items.exclude(by=None).select_related("by", "hand_in__version"):
        assert item.saved_at is not None, "somebody judged it"
        words = gettext("%(title)s: %(verdict)s") % {
            "title": item.hand_in.version.title,
            "verdict": item.get_verdict_display(),
        }
        yield Event(at=item.saved_at, who=_name(item.by), what=words, on=sample)


def _decided(sample: Sample) -> Iterable[Event]:
    if sample.decided_at:
        words = sample.get_state_display()
        yield Event(at=sample.decided_at, who=_name(sample.decided_by), what=words, on=sample)


def _name(person: User | None) -> str:
    return person.name if person else "–"
