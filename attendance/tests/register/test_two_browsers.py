"""Two teachers at one register at the same time: every kind of cell, the same one or another, with
the same value or another."""

import pytest
from django.test import Client

from attendance.marking.values import MarkValue
from attendance.models import Attendance
from attendance.tests.factories import Browser, a_class, a_teacher, mark
from learners.models import Enrolment

pytestmark = pytest.mark.django_db

# kind of cell → how a teacher fills it in: two values that differ
CELLS = {
    "presence": ("present", "absent"),
    "late": ("10", "30"),
    "early": ("5", "15"),
    "excused": ("Ziek gemeld", "Begrafenis"),
    "status": ("not_passed", "absent"),
    "effort": ("good", "very_good"),
    "remark": ("Belde om 13:50", "Komt volgende keer"),
}
DETAILS = ("late", "early", "excused")


def fill(browser: Browser, kind: str, value: str, one: Enrolment) -> None:
    """Type a value into a cell, as somebody does without scripts."""
    if kind == "presence" and value == "present":
        browser.tick(one)
    elif kind == "presence":
        browser.choose(absent=[str(one.pk)])
    elif kind == "excused":
        browser.choose(excused=[str(one.pk)], **{f"excuse_{one.pk}": value})
    else:
        browser.choose(**{f"{kind}_{one.pk}": value})


def stands(kind: str, one: Enrolment) -> str:
    """Return what stands in a cell now."""
    if kind in ("status", "effort", "remark"):
        return str(getattr(Enrolment.objects.get(pk=one.pk), kind))
    value = MarkValue.of(Attendance.objects.get(enrolment=one))
    named = {
        "presence": value.presence,
        "late": str(value.minutes_late),
        "early": str(value.minutes_early),
        "excused": value.excuse,
    }
    return named[kind]


def saved(browser: Browser) -> dict:
    """Press 'continue', and answer what is asked so that nobody else is recorded."""
    response = browser.press("continue")
    if "question" in response.url:
        response = browser.follow(response, left_open="unrecorded")
    page = browser.client.get(response.url)
    if "saving" not in page.context:
        return {"differences": []}  # all of it stood there already
    return page.context["saving"].summary


@pytest.fixture
def two():
    """A class of two, whose register two teachers have before them."""
    run, teacher, people = a_class(-7, people=2)

    def browsers(shown: str = "") -> tuple[Browser, Browser]:
        if shown:
            mark(run, teacher, run.meetings.get(), **{shown: people})
        other = a_teacher(run, name="Tom Claes")
        return Browser(Client(), run, other).open(), Browser(Client(), run, teacher).open()

    return browsers, people


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("same_value", [True, False], ids=["same value", "other value"])
def test_the_same_cell(two, kind, same_value):
    browsers, people = two
    theirs, mine = browsers("present" if kind in ("late", "early") else "")
    first, second = CELLS[kind]
    fill(theirs, kind, first, people[0])
    fill(mine, kind, first if same_value else second, people[0])
    assert saved(theirs)["differences"] == []
    differences = saved(mine)["differences"]
    assert stands(kind, people[0]) == first
    if same_value:
        assert differences == []
    else:
        cell = "mark" if kind in ("presence", *DETAILS) else kind
        assert [(one["cell"], one["by"]) for one in differences] == [(cell, "Tom Claes")]


EXCLUDE_EACH_OTHER = ({"excused", "presence"}, {"excused", "late"}, {"excused", "early"})
IMPLIED = ({"presence", "late"}, {"presence", "early"})  # who is late was present
PAIRS = [
    (kind, other)
    for kind in CELLS
    for other in CELLS
    if kind != other and {kind, other} not in (*EXCLUDE_EACH_OTHER, *IMPLIED)
]


@pytest.mark.parametrize(("kind", "other_kind"), PAIRS)
def test_different_cells_of_one_row_go_together(two, kind, other_kind):
    browsers, people = two
    theirs, mine = browsers("present" if {kind, other_kind} & {"late", "early"} else "")
    fill(theirs, kind, CELLS[kind][0], people[0])
    fill(mine, other_kind, CELLS[other_kind][0], people[0])
    assert saved(theirs)["differences"] == []
    assert saved(mine)["differences"] == []
    assert stands(kind, people[0]) == CELLS[kind][0]
    assert stands(other_kind, people[0]) == CELLS[other_kind][0]


@pytest.mark.parametrize("kind", CELLS)
def test_the_same_kind_of_cell_of_two_people_goes_together(two, kind):
    browsers, people = two
    theirs, mine = browsers("present" if kind in ("late", "early") else "")
    fill(theirs, kind, CELLS[kind][0], people[0])
    fill(mine, kind, CELLS[kind][1], people[1])
    assert saved(theirs)["differences"] == []
    assert saved(mine)["differences"] == []
    assert [stands(kind, one) for one in people] == list(CELLS[kind])
