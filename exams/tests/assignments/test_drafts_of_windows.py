"""Drafts: whatever windows send, in whatever order, nothing that was typed is lost."""

from dataclasses import dataclass, field
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exams.assignments import drafts
from exams.models import Draft, DraftCopy
from exams.tests.factories import a_follower, an_exam_programme, work_on

pytestmark = pytest.mark.django_db

WINDOWS = ("desk", "phone", "tablet")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["type", "type", "send", "send", "lose", "again", "load", "take"]),
        st.sampled_from(WINDOWS),
        st.integers(0, 9),
    ),
    max_size=25,
)


@dataclass
class Window:
    """A window as its script is: what it shows, from which revision, and what it sent."""

    name: str
    text: str = ""
    revision: int = 0
    turn: int = 0
    on_its_way: list[dict] = field(default_factory=list)  # every sending, which may arrive again
    newest: tuple[int, str] = (0, "")  # of what arrived: its turn and its text


class Desk:
    """Somebody with some windows, and what they have seen in them before they typed on."""

    def __init__(self, work) -> None:
        self.work, self.by = work, work.enrolment.learner
        self.windows = {name: Window(name) for name in WINDOWS}
        self.seen, self.texts, self.loads = {""}, count(1), count(1)

    def type(self, window: Window, _number) -> None:
        window.text = f"text {next(self.texts)}"
        window.turn += 1
        window.on_its_way.append(
            {
                "text": window.text,
                "revision": window.revision,
                "window": window.name,
                "turn": window.turn,
            }
        )

    def send(self, window: Window, _number) -> None:
        """The newest arrives, and its answer too."""
        if window.on_its_way:
            saved = self.arrives(window, window.on_its_way[-1])
            if saved.is_ahead:
                window.revision = saved.draft.revision

    def lose(self, window: Window, _number) -> None:
        """The newest arrives, and its answer is lost."""
        if window.on_its_way:
            self.arrives(window, window.on_its_way[-1])

    def again(self, window: Window, number) -> None:
        """Something that was sent before arrives late, or once more."""
        if window.on_its_way:
            self.arrives(window, window.on_its_way[number % len(window.on_its_way)])

    def load(self, window: Window, _number) -> None:
        """The page is loaded again, as another window, which has what the draft is."""
        draft = drafts.of(self.work)
        self.seen.add(draft.text)
        fresh = Window(f"{window.name} {next(self.loads)}", draft.text, draft.revision)
        self.windows[f"{window.name} before {next(self.loads)}"] = window
        self.windows[window.name.split()[0]] = fresh

    def take(self, _window, number) -> None:
        copies = list(DraftCopy.objects.order_by("pk"))
        if copies:
            drafts.take_copy(copy=copies[number % len(copies)], by=self.by)

    def arrives(self, window: Window, sent: dict) -> drafts.Saved:
        window.newest = max(window.newest, (sent["turn"], sent["text"]))
        return drafts.save_text(work=self.work, by=self.by, **sent)

    def kept(self) -> set[str]:
        return {Draft.objects.get_or_create(work=self.work)[0].text} | set(
            DraftCopy.objects.values_list("text", flat=True)
        )


@given(steps=STEPS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_windows_send_in_whatever_order_nothing_that_was_typed_is_lost(steps):
    with transaction.atomic():
        desk = Desk(work_on(a_follower(an_exam_programme(1))))
        for act, name, number in steps:
            getattr(desk, act)(desk.windows[name], number)
            kept = desk.kept() | desk.seen
            for window in desk.windows.values():
                assert window.newest[1] in kept, (act, window)
        transaction.set_rollback(True)


@pytest.fixture
def work():
    return work_on(a_follower(an_exam_programme(1)))


def types(work, text, **sent):
    return drafts.save_text(work=work, by=work.enrolment.learner, text=text, **sent)


def test_a_window_whose_answer_was_lost_goes_on_without_a_conflict(work):
    types(work, "een", revision=0, window="here", turn=1)
    assert types(work, "een, twee", revision=0, window="here", turn=2).is_ahead


def test_a_text_of_nothing_but_spaces_is_not_kept_beside_and_takes_its_copy_with_it(work):
    types(work, "een", revision=0, window="here")
    types(work, "twee", revision=0, window="there", turn=1)
    saved = types(work, " \n", revision=0, window="there", turn=2)
    assert (saved.is_ahead, saved.copy) == (False, None)
    assert (drafts.of(work).text, DraftCopy.objects.count()) == ("een", 0)


def test_a_window_that_comes_to_say_the_same_needs_no_copy_and_a_late_one_brings_none_back(work):
    types(work, "een", revision=0, window="here", turn=1)
    types(work, "een!", revision=0, window="here", turn=2)
    types(work, "een", revision=0, window="here", turn=3)
    types(work, "een!", revision=0, window="here", turn=2)
    assert drafts.of(work).text == "een"


def test_taking_twice_is_taking_once(work):
    types(work, "een", revision=0, window="here")
    copy = types(work, "twee", revision=0, window="there").copy
    for _time in range(2):
        drafts.take_copy(copy=copy, by=work.enrolment.learner)
    assert drafts.of(work).text == "twee"
    assert [one.text for one in DraftCopy.objects.all()] == ["een"]
