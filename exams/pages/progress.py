"""How far the people are whom somebody coaches, or looks after as the board of an institution."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from exams.assignments import standing, sums
from exams.assignments.standing import Standing
from exams.assignments.sums import Scale, Share
from exams.models import HandIn, Work, WorkState
from exams.pages.coached_way import Status
from exams.releasing import way
from exams.releasing.way import Way
from learners.models import Enrolment, Programme, Role, User
from learners.models.enrolment import EnrolmentQuerySet, followed
from learners.people.roles import memberships_of

PAGE_SIZE = 25
READ_AT_ONCE = 500  # people in a file


def boards_of(user: User) -> list[int]:
    """Return the institutions of whose examination board this person is."""
    return [one.organisation_id for one in memberships_of(user) if one.role == Role.BOARD]


def people_of(user: User) -> EnrolmentQuerySet:
    """Keep the programmes of people whom this person coaches or stands in for, and for the board
    all of its institution; never their own."""
    coached = Enrolment.objects.coached_by(user)
    if not (boards := boards_of(user)):
        return coached
    theirs = Q(programme__in=Programme.objects.filter(organisation__in=boards).values("pk"))
    theirs |= Q(pk__in=coached.values("pk"))
    return Enrolment.objects.filter(theirs, programme__isnull=False).exclude(learner=user)


def coaches(user: User, enrolment: Enrolment) -> bool:
    """Whether this person coaches one of the people of `people_of`: of a board, they may not."""
    if not boards_of(user):
        return True
    return Enrolment.objects.coached_by(user).filter(pk=enrolment.pk).exists()


def programmes_of(user: User) -> QuerySet[Programme]:
    """Return the programmes with assignments in which this person looks after anybody."""
    mine = people_of(user).filter(sums.has_assignments())
    return sums.with_scale(Programme.objects.filter(pk__in=mine.values("programme")))


@dataclass(frozen=True)
class ProgrammeLine:
    """A programme, how many of one's people are under way in it, how many have its exam in reach,
    and what waits since when."""

    programme: Programme
    scale: Scale
    people: int = 0
    in_reach: int = 0
    waiting: int = 0
    since: datetime | None = None
    is_late: bool = False


def lines_of(user: User) -> list[ProgrammeLine]:
    """Return how the people of each programme are doing; three queries."""
    programmes = programmes_of(user).order_by("title_nl", "pk")
    scales = {programme: sums.scale_of(programme) for programme in programmes}
    people = people_of(user).followed().filter(programme__in=scales)
    shares: dict[int, list[Share]] = defaultdict(list)
    for share in sums.shares_of(people, varies=any(one.varies for one in scales.values())):
        shares[share.programme_id].append(share)
    waiting = {row["enrolment__programme"]: row for row in _waiting(people)}
    lines = []
    for programme, scale in scales.items():
        theirs = shares[programme.pk]
        waits = waiting.get(programme.pk)
        lines.append(
            ProgrammeLine(
                programme,
                scale,
                people=sum(one.people for one in theirs),
                in_reach=sum(o.people for o in theirs if scale.is_in_reach(o)),
                waiting=waits["n"] if waits else 0,
                since=waits["since"] if waits else None,
                is_late=bool(waits and waits["first"] < programme.organisation.today()),
            )
        )
    return lines


def _waiting(people: EnrolmentQuerySet) -> QuerySet:
    works = Work.objects.waiting().filter(enrolment__in=people.values("pk")).order_by()
    return works.values("enrolment__programme").annotate(
        n=Count("pk"), since=Min("waits_since"), first=Min("expected_on")
    )


class ProgressFilter(forms.Form):
    """Which people of a programme are shown, and in which order."""

    text = forms.CharField(label=_("Name"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("Under way")),
            ("waits", _("Waits for a review")),
            ("reach", _("Exam in reach")),
            ("lacking", _("Exam not in reach yet")),
            ("nothing", _("Nothing handed in yet")),
            ("over", _("Completed or ended otherwise")),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[
            ("", _("Name")),
            ("xp", _("Most XP first")),
            ("least", _("Least XP first")),
            ("waits", _("Waits longest")),
            ("last", _("Newest hand-in first")),
        ],
    )

    @property
    def said(self) -> dict[str, str]:
        """What was chosen; what nobody can choose counts as nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


ORDERS = {
    "": F("learner__sort_name").asc(),
    "xp": F("earned").desc(),
    "least": F("earned").asc(),
    "waits": F("waits_since").asc(nulls_last=True),
    "last": F("last_at").desc(nulls_last=True),
}


@dataclass(frozen=True)
class Person:
    """Somebody in a programme, where they stand in its assignments, and on the way to its exam."""

    enrolment: Enrolment
    standing: Standing
    way: Way

    @property
    def exam(self) -> Status | None:
        """At which step of the way to the exam they are; None where no exam depends on it."""
        return Status.of(self.way) if self.standing.plan else None

    def number(self, *states: WorkState) -> int:
        """Count the assignments in these states."""
        return sum(1 for one in self.standing.asked if one.state in states)

    @property
    def approved(self) -> int:
        return self.number(WorkState.APPROVED, WorkState.DONE)

    @property
    def sent_back(self) -> int:
        return self.number(WorkState.SENT_BACK)

    @property
    def waits_since(self) -> datetime | None:
        moments = (one.work.waits_since for one in self.standing.asked if one.work)
        return min((moment for moment in moments if moment), default=None)

    @property
    def is_late(self) -> bool:
        today = self.enrolment.organisation.today()
        days = (one.work.expected_on for one in self.standing.asked if one.work)
        return any(day < today for day in days if day)

    @property
    def last_at(self) -> datetime | None:
        """When they last handed something in."""
        return self.enrolment.last_at  # type: ignore[attr-defined]


def found(people: EnrolmentQuerySet, scale: Scale, said: dict[str, str]) -> EnrolmentQuerySet:
    """Return the people of a programme who are asked for, in the order that is."""
    rows = people.filter(~followed() if said["state"] == "over" else followed())
    if said["text"]:
        rows = rows.filter(learner__in=User.objects.matching(said["text"]))
    if said["state"] == "waits":
        rows = rows.filter(pk__in=Work.objects.waiting().values("enrolment"))
    elif said["state"] == "nothing":
        rows = rows.exclude(pk__in=Work.objects.filter(number__gt=0).values("enrolment"))
    elif said["state"] in ("reach", "lacking"):
        rows = scale.narrowed(
            sums.with_xp(rows, varies=scale.varies), in_reach=said["state"] == "reach"
        )
    return _ordered(rows, scale, said["sort"])


def _ordered(rows: EnrolmentQuerySet, scale: Scale, sort: str) -> EnrolmentQuerySet:
    if sort in ("xp", "least"):
        rows = sums.with_xp(rows, varies=scale.varies)
    elif sort == "waits":
        rows = with_waits_since(rows)
    elif sort == "last":
        rows = with_last(rows)
    return rows.order_by(ORDERS[sort], "learner__sort_name", "pk")


def with_waits_since(rows: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Add since when something of each of these waits for a review."""
    waits = Work.objects.filter(enrolment=OuterRef("pk"), state=WorkState.HANDED_IN)
    return rows.annotate(
        waits_since=Subquery(waits.order_by("waits_since").values("waits_since")[:1])
    )


def with_last(rows: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Add when each of these last handed something in."""
    theirs = HandIn.objects.filter(work__enrolment=OuterRef("pk")).order_by()
    last = theirs.values("work__enrolment").annotate(at=Max("handed_in_at"))
    return rows.annotate(last_at=Subquery(last.values("at")))


def page_of(
    programme: Programme, rows: EnrolmentQuerySet, number: int, asked: str | None
) -> tuple[Page, list[Person]]:
    """Return a page of people, of so many in all; only those on it are read."""
    page = Paginator(range(number), PAGE_SIZE).get_page(asked)
    keys = list(
        rows.values_list("pk", flat=True)[page.start_index() - 1 : page.end_index()]
        if number
        else ()
    )
    return page, persons(programme, keys)


def persons(programme: Programme, keys: Sequence[int]) -> list[Person]:
    """Return these people of a programme that was fetched by `programmes_of`, in this order; one
    query, and those of `standing.without_courses` and `way.of_many`."""
    rows = with_last(Enrolment.objects.filter(pk__in=keys)).select_related("learner")
    read = {one.pk: one for one in rows}
    enrolments = [read[key] for key in keys if key in read]
    for one in enrolments:
        one.programme = programme
    stands = standing.without_courses(enrolments) if enrolments else {}
    ways = way.of_many(stands.values()) if stands else {}
    return [Person(one, stands[one.pk], ways[one.pk]) for one in enrolments]


def all_persons(programme: Programme, rows: EnrolmentQuerySet) -> Iterator[Person]:
    """Yield everybody of a list, some hundreds at a time."""
    keys = list(rows.values_list("pk", flat=True))
    for begin in range(0, len(keys), READ_AT_ONCE):
        yield from persons(programme, keys[begin : begin + READ_AT_ONCE])
