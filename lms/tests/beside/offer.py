"""One of everything that an app can offer."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from celery.schedules import crontab
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import ngettext_lazy

from learners.files import keeping
from learners.hooks.chapters import Chapter, World
from learners.hooks.file_uses import FileUse, named_in
from learners.hooks.imports import Foreseen
from learners.hooks.offer import Offer
from learners.hooks.pages import (
    MY_LEARNING,
    CalendarEntry,
    Ending,
    Learned,
    Look,
    NavItem,
    Section,
    Tile,
    Turn,
    Waiting,
)
from learners.hooks.personal import Personal
from learners.hooks.questions import Awaited, Closing, Completes, Open, Whole
from learners.hooks.running import LEARNED, Check, Listed, Queue, WorkIsLateError
from learners.hooks.searching import FOUND, Result, Search
from learners.models import CompletedBy, Enrolment, Role, StudyPointEntry, User
from lms.tests.beside.models import Walk

PAGE = "/walks/"


def of(user: User) -> QuerySet[Walk]:
    """Keep the walks of somebody."""
    return Walk.objects.filter(enrolment__learner=user).order_by("pk")


def tiles(user: User) -> list[Tile]:
    return [Tile("My walks", str(of(user).count()), PAGE, "signpost")]


def nav(user: User) -> list[NavItem]:
    return [NavItem("Walks", PAGE, "signpost", order=6, section=MY_LEARNING)]


def waiting_for(user: User) -> list[Waiting]:
    """Say whose turn it is in each walk: its learner's, then the board's where they follow it."""
    return [
        Waiting(
            what=f"Walk to {walk.place}",
            text="Take it",
            url=PAGE,
            turn=_turn(walk),
            since=walk.let_go_on,
            action="Walk",
        )
        for walk in of(user).select_related("enrolment__programme", "enrolment__course")
    ]


def _turn(walk: Walk) -> Turn:
    if walk.handed_in_on is None:
        return Turn(person_id=walk.enrolment.learner_id)
    return Turn(role=Role.BOARD, institution_id=walk.enrolment.subject.organisation_id)


def calendar(user: User) -> list[CalendarEntry]:
    begins_at = timezone.now() + timedelta(days=1)
    ends_at = begins_at + timedelta(hours=1)
    return [CalendarEntry(f"To {w.place}", begins_at, ends_at, w.place, PAGE) for w in of(user)]


def endings(user: User) -> list[Ending]:
    ends_on = timezone.localdate() + timedelta(days=3)
    return [Ending(f"Walked to {walk.place}", ends_on, PAGE) for walk in of(user)]


def sections(user: User, enrolment: Enrolment) -> list[Section]:
    """Offer the walks of an enrolment, on whichever page."""
    walks = Walk.objects.filter(enrolment=enrolment)
    return [Section("Walks", "beside/_walks.html", {"walks": walks}, order=15)]


def learned(user: User) -> Learned:
    section = Section("All walks", "beside/_walks.html", {"walks": of(user)}, order=15)
    return Learned(waiting_for(user), calendar(user), [section])


def point_words(entries: Sequence[StudyPointEntry]) -> Mapping[int, str]:
    return {entry.pk: "for a walk" for entry in entries}


def coach_words(enrolments: Sequence[Enrolment]) -> Mapping[int, str]:
    return {enrolment.pk: "walks well" for enrolment in enrolments}


def find(user: User, text: str) -> QuerySet[Walk]:
    return of(user).filter(place__icontains=text)[:FOUND]


def show(walk: Walk) -> Result:
    return Result(walk.place, "a walk", PAGE)


def waiting_walks(now: datetime) -> QuerySet[Walk]:
    return Walk.objects.filter(passed_on=None, handed_in_on__isnull=False)


def ask_walks() -> None:
    """Whether no walk waits to be judged."""
    if waiting_walks(timezone.now()).exists():
        raise WorkIsLateError


def count_walks(enrolment_ids: Sequence[int]) -> int:
    return Walk.objects.filter(enrolment__in=enrolment_ids).count()


def completed(wholes: Sequence[Whole]) -> Mapping[int, date | None]:
    """Return who passed a walk and did their courses, each with the day on which they walked."""
    ready = [whole.enrolment.pk for whole in wholes if whole.courses_are_done]
    passed = Walk.objects.filter(enrolment__in=ready, passed_on__isnull=False)
    return dict(passed.values_list("enrolment", "handed_in_on"))


def let_go_on(enrolments: Sequence[Enrolment]) -> Mapping[int, date | None]:
    """Return when each was let go: whoever left in time may come home late."""
    walks = Walk.objects.filter(enrolment__in=[enrolment.pk for enrolment in enrolments])
    return dict(walks.values_list("enrolment", "let_go_on"))


def what_is_open(enrolments: Sequence[Enrolment], closing: Closing) -> Mapping[int, list[Open]]:
    walks = Walk.objects.filter(enrolment__in=[e.pk for e in enrolments], passed_on=None)
    return {
        walk.enrolment_id: [Open(f"Walk to {walk.place}", "it may be ended", goes_on=True)]
        for walk in walks
    }


def awaits_result(enrolments: Sequence[Enrolment]) -> Mapping[int, Awaited]:
    walks = waiting_walks(timezone.now()).filter(enrolment__in=[e.pk for e in enrolments])
    return {
        walk.enrolment_id: Awaited(
            since=datetime.combine(walk.handed_in_on, time(0), UTC),
            counts_from=walk.handed_in_on,
        )
        for walk in walks
        if walk.handed_in_on
    }


def open_exams(enrolments: Sequence[Enrolment]) -> Mapping[int, str]:
    """Return to where each walks that was not passed yet, as if it were an exam."""
    walks = Walk.objects.filter(enrolment__in=[e.pk for e in enrolments], passed_on=None)
    return {walk.enrolment_id: f"Walk to {walk.place}" for walk in walks}


def export(user: User) -> Mapping[str, object]:
    return {"walks": list(of(user).values("place", "passed_on"))}


def active_since(since: datetime) -> Q:
    walks = Walk.objects.filter(let_go_on__gte=since.date())
    return Q(pk__in=walks.values("enrolment__learner"))


def pseudonymise(ids: Collection[int], *, at: datetime) -> None:
    """Take the photos and the places away; that somebody walked stays."""
    walks = Walk.objects.filter(enrolment__learner__in=ids)
    photos = [walk.photo for walk in walks.select_related("photo") if walk.photo]
    walks.update(photo=None, place="–")
    keeping.let_go(files=photos)


def photos_of(user: User) -> Q:
    return named_in(of(user), "photo")


def walk_with_sanne(world: World) -> int:
    """Let the learner of the demo walk."""
    enrolment = world.sanne.enrolments.order_by("pk").first()
    Walk.objects.create(enrolment=enrolment, place="Damme")
    return 1


PHOTO = FileUse(
    title="photo of a walk",
    readers="Whoever walked.",
    kept="As long as they are known.",
    fields=[Walk._meta.get_field("photo")],
    read_by=photos_of,
    is_of_person=True,
)
OFFER = Offer(
    tiles=tiles,
    nav=nav,
    waiting_for=waiting_for,
    calendar=calendar,
    endings=endings,
    learned=learned,
    course_sections=sections,
    programme_sections=sections,
    coached_sections=sections,
    point_words=point_words,
    coach_words=coach_words,
    looks={"walked": Look("good", "signpost")},
    searches=(Search("Walks", "signpost", find, show),),
    personal=Personal(export=export, active_since=active_since, pseudonymise=pseudonymise),
    files=(PHOTO,),
    administration=(Listed(Walk, LEARNED, 90),),
    checks=(Check("walks", ask_walks),),
    queues=(Queue("walks", waiting_walks, "let_go_at"),),
    schedule={"walk": {"task": "lms.tests.beside.walk", "schedule": crontab(minute=1)}},
    chapters=(Chapter("walks", walk_with_sanne, 200),),
    completes={
        CompletedBy.EXAM: Completes(
            completed=completed, in_time_on=let_go_on, late="%(name)s left too late."
        )
    },
    what_is_open=what_is_open,
    awaits_result=awaits_result,
    open_exams=open_exams,
    foreseen=(Foreseen("walks", ngettext_lazy("%(n)d walk", "%(n)d walks", "n"), count_walks),),
)
