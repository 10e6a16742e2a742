"""What is open in enrolments that are to end, and what becomes of it: named before that happens.

The apps that know say it; where none does, nothing is asked of the database.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learners.hooks import asking
from learners.hooks.pages import Section
from learners.hooks.questions import Closing, Open
from learners.models import Enrolment, StudyStatus
from learners.studying import term_dates

RELATED = ("learner", "course__organisation", "programme__organisation")


@dataclass(frozen=True)
class Line:
    """Something that is open, of whom it is, and what becomes of it."""

    enrolment: Enrolment
    open: Open

    @property
    def becomes(self) -> str:
        return _("goes on") if self.open.goes_on else _("is closed")

    @property
    def words(self) -> str:
        """All of it: 'Exam first aid goes on: you hear the result'."""
        return f"{self.open.what} {self.becomes}: {self.open.text}"


def of(enrolments: Iterable[Enrolment], closing: Closing) -> list[Line]:
    """Return what is open in these enrolments, in their order; they are fetched only where an app
    answers."""
    if not asking.who_say_what_is_open():
        return []
    rows = list(enrolments)
    found = asking.what_is_open(rows, closing)
    return [Line(row, one) for row in rows for one in found.get(row.pk, ())]


def with_courses(enrolments: Iterable[Enrolment], closing: Closing) -> list[Line]:
    """Return what is open in these enrolments, and in the courses that go along with a programme
    among them: one query more, where an app answers."""
    if not asking.who_say_what_is_open():
        return []
    rows = list(enrolments)
    known, wholes = {e.pk for e in rows}, [e.pk for e in rows if e.programme_id]
    parts = Enrolment.objects.open().filter(part_of__in=wholes).exclude(pk__in=known)
    along = parts.select_related(*RELATED).order_by("part_of", "pk") if wholes else ()
    return of([*rows, *along], closing)


def in_words(lines: Iterable[Line]) -> dict[int, str]:
    """Say it in one line, by the enrolment in a programme or a course that it is in."""
    found: dict[int, list[str]] = defaultdict(list)
    for line in lines:
        found[line.enrolment.part_of_id or line.enrolment.pk].append(line.words)
    return {pk: "; ".join(words) for pk, words in found.items()}


def after_lapsing(enrolments: Iterable[Enrolment]) -> Mapping[int, str]:
    """Say, of those of these programmes whose study term lapsed, what is open in them."""
    lapsed = [e for e in enrolments if e.status == StudyStatus.TERM_LAPSED]
    return in_words(with_courses(lapsed, Closing.LAPSING)) if lapsed else {}


def section(enrolment: Enrolment) -> Section | None:
    """What is open where a study term lapsed or is to end soon, on the page of what it is of."""
    if not (title := _title(enrolment)):
        return None
    lines = with_courses([enrolment], Closing.LAPSING)
    if not lines:
        return None
    return Section(
        title=title,
        template="learners/_open_work_section.html",
        context={"lines": lines},
        order=2,
    )


def _title(enrolment: Enrolment) -> str | Promise:
    if enrolment.status == StudyStatus.TERM_LAPSED:
        return gettext_lazy("What was open when your study term lapsed")
    ends_on = enrolment.term_ends_on
    if not enrolment.is_open or ends_on is None:
        return ""
    is_near = ends_on - enrolment.organisation.today() <= term_dates.IS_NEAR
    return gettext_lazy("What is open when your study term ends") if is_near else ""
