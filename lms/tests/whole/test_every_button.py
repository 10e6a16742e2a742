"""From every study status, every button that is shown works, and what is not shown is refused.

Each of the twelve study statuses, in a course before and after its run and in an e-learning,
is looked at by its learner, its teacher, an administrator and a stranger; each button
that could stand there is pressed, whether it is shown or not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendance.tests.factories import Browser, a_teacher
from learners.models import (
    FREES_PLACE,
    CourseKind,
    Enrolment,
    ForceMajeure,
    PlaceState,
    Run,
    StudyStatus,
    User,
)
from learners.studying import terms
from learners.studying.status_rules import TEACHERS_CHOICE
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_participant,
    a_run,
    an_administrator,
    an_enrolment,
    an_online_course,
)

pytestmark = pytest.mark.django_db
S = StudyStatus
WORLDS = {"before": (5, 12), "after": (-7,), "online": ()}
WITHOUT_PLACE = FREES_PLACE | {S.CANCELLED, S.RUN_CHOICE_REQUIRED}
TODAY = timezone.localdate
ACTS = {
    "exempt": {"reason": "Diploma"},
    "change_run": {"reason": ""},
    "extend_term": {},
    "cancel": {"reason": "Ziek"},
    "archive": {"reason": ""},
    "bring_back": {"reason": ""},
}


@dataclass(frozen=True)
class Button:
    """Something that can be pressed: who, what, whether they are shown it, and pressing it."""

    name: str
    is_shown: Callable[[], bool]
    press: Callable[[], object]


@dataclass(frozen=True)
class World:
    """Somebody in a course, and everybody who may have a say in that."""

    enrolment: Enrolment
    run: Run | None
    other: Run | None
    teacher: User | None
    administrator: User

    def state(self) -> tuple[object, ...]:
        """What a button may change."""
        found = Enrolment.objects.get(pk=self.enrolment.pk)
        places = found.places.order_by("pk").values_list("run", "state")
        evidence = ForceMajeure.objects.count()
        return found.status, found.archived_at, found.term_ends_on, list(places), evidence


def a_world(name: str) -> World:
    days, administrator = WORLDS[name], an_administrator()
    if not days:
        return World(an_enrolment(an_online_course(2)), None, None, None, administrator)
    run = a_run(*days, course=CourseFactory(kind=CourseKind.CLASSROOM))
    other = a_run(30, course=run.course)
    return World(a_participant(run), run, other, a_teacher(run), administrator)


def bring_to(enrolment: Enrolment, status: StudyStatus) -> None:
    """Let somebody have come into this status."""
    yesterday = timezone.localdate() - timedelta(days=1)
    mine = Enrolment.objects.filter(pk=enrolment.pk)
    if status == S.TERM_LAPSED:
        mine.update(term_ends_on=yesterday, last_attended_on=yesterday)
        terms.lapse_terms()
    else:
        mine.update(status=status)
    if status in WITHOUT_PLACE:
        enrolment.places.update(state=PlaceState.RELEASED, released_by_status=status in FREES_PLACE)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def _pages_of_its_own() -> Iterator[None]:
    """Look at no page of another test."""
    yield
    text_of.cache_clear()
    rows_of.cache_clear()


@cache
def text_of(user: User, page: str) -> str:
    return signed_in(user).get(page).text


@cache
def rows_of(user: User, run: Run) -> tuple[str, ...]:
    """The study statuses that each row of a register offers."""
    return tuple(row.status_options for row in Browser(Client(), run, user).open().page.rows)


def posts(name: str, user: User, page: str, address: str, **sent: object) -> Button:
    """A button that its page shows by the address to which it leads."""
    return Button(
        name,
        lambda: f'"{address}' in text_of(user, page),
        lambda: signed_in(user).post(address, sent),
    )


def of_learner(world: World, user: User) -> Iterator[Button]:
    """What the page of a course offers its learner."""
    pk = world.enrolment.pk
    page = reverse("learners:my_course_detail", args=[pk])

    def at(name: str, **sent: object) -> Button:
        what = "go to another run" if "run" in sent else name
        return posts(what, user, page, reverse(f"learners:{name}", args=[pk]), **sent)

    run = world.other.pk if world.other else 0
    pdf = SimpleUploadedFile("attest.pdf", b"%PDF-1.7 ill", "application/pdf")
    yield at("withdraw", reason="")
    yield at("run_change", run=run)
    yield at("run_choose", run=run)
    yield at("withdrawal_proof", proof=[pdf], explanation="Ziek")


def of_register(world: World, user: User) -> Iterator[Button]:
    """What a row of the register offers."""
    assert world.run is not None
    run, one = world.run, world.enrolment
    for choice in TEACHERS_CHOICE:

        def is_shown(choice: str = choice) -> bool:
            return any(f'value="{choice}">' in options for options in rows_of(user, run))

        def press(choice: str = choice) -> None:
            browser = Browser(Client(), run, user).open()
            response = browser.press("continue", **{f"status-{one.pk}": choice})
            if "question" in getattr(response, "url", ""):
                browser.follow(response)

        yield Button(f"choose {choice}", is_shown, press)


def of_participant(world: World, user: User, page: str) -> Iterator[Button]:
    """Withdrawing somebody else, from a page where that is offered."""
    address, day = reverse("learners:withdraw_for", args=[world.enrolment.pk]), TODAY()
    if Enrolment.objects.get(pk=world.enrolment.pk).status != S.WITHDRAWN_VALID:
        day -= timedelta(days=40)  # so that something changes
    yield posts("withdraw for", user, page, address, notified_on=day)


def of_administration(world: World, user: User) -> Iterator[Button]:
    """The acts on the page of an enrolment in the administration."""
    pk = world.enrolment.pk
    page = reverse("admin:learners_enrolment_change", args=[pk])
    address = reverse("admin:learners_enrolment_changelist")
    for act, said in ACTS.items():
        until = {"until": TODAY() + timedelta(days=40)} if act == "extend_term" else {}
        run = {"run": world.other.pk} if act == "change_run" and world.other else {}
        sent = {"action": act, "index": 0, "_selected_action": [pk], "confirmed": 1}

        def is_shown(act: str = act) -> bool:
            return f'value="{act}"' in text_of(user, page)

        def press(sent: dict = {**sent, **said, **until, **run}) -> object:  # noqa: B006
            return signed_in(user).post(address, sent)

        yield Button(act, is_shown, press)
    if user.is_staff:
        yield from of_participant(world, user, page)


def buttons_of(world: World) -> Iterator[tuple[str, Button]]:
    learner, stranger = world.enrolment.learner, UserFactory()
    for role, user in (("learner", learner), ("stranger", stranger)):
        yield from ((role, button) for button in of_learner(world, user))
    for role, user in (("administrator", world.administrator), ("stranger", stranger)):
        yield from ((role, button) for button in of_administration(world, user))
    if world.run is None or world.teacher is None:
        return
    page = reverse("attendance:participant_detail", args=[world.run.pk, world.enrolment.pk])
    for role, user in (("teacher", world.teacher), ("administrator", world.administrator)):
        yield from ((role, button) for button in of_register(world, user))
        yield from ((role, button) for button in of_participant(world, user, page))
    yield from (("teacher", button) for button in of_administration(world, world.teacher))


@pytest.mark.parametrize(
    ("name", "status"),
    [
        (name, status)
        for name in WORLDS
        for status in S
        if name == "online" or status != S.NOT_STARTED  # which only an e-learning can be
    ],
)
def test_what_is_shown_works_and_what_is_shown_nowhere_is_refused(
    name: str, status: StudyStatus
) -> None:
    world = a_world(name)
    bring_to(world.enrolment, status)
    before = world.state()
    buttons = list(buttons_of(world))
    shown = [(role, button) for role, button in buttons if button.is_shown()]
    rights = {(role, button.name) for role, button in shown}
    wrong = []
    for role, button in buttons:
        with transaction.atomic():
            button.press()
            works = world.state() != before
            transaction.set_rollback(True)
        if works != ((role, button.name) in rights) and (works or (role, button) in shown):
            wrong.append((role, button.name, "works" if works else "does not work"))
    assert not wrong, wrong
