"""The table of study statuses, cell by cell, and what a change brings along."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from learners.enrolling import entering
from learners.models import (
    Actor,
    CompletedBy,
    CourseKind,
    Enrolment,
    PlaceState,
    StudyPointAccount,
    StudyStatus,
    StudyStatusChange,
    TermBegins,
)
from learners.studying import status_rules
from learners.studying.status_rules import may_follow
from learners.studying.status_wishes import Wish
from learners.studying.study_status import (
    StatusRefused,
    change_status,
    change_statuses,
    undo_changes,
)
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
    an_enrolment,
    with_status,
)

S = StudyStatus
LETTERS = {
    "S": Actor.SYSTEM,
    "L": Actor.LEARNER,
    "T": Actor.TEACHER,
    "A": Actor.ADMINISTRATOR,
    "B": Actor.BOARD,  # of a programme with an exam
}

# The study rules once more, as a grid: who may take an enrolment from the row to the column.
GRID = """
                    enrolled not_started started run_choice_required term_lapsed cancelled completed not_passed absent withdrawn_invalid withdrawn_valid exempt
enrolled            .        .           S       S                   S           S         STA       TAB        TA     LTA               LTA             A
not_started         .        .           S       .                   S           S         S         .          .      LA                LA              A
started             .        .           .       S                   S           S         STA       TAB        TA     LTA               LTA             A
run_choice_required S        .           .       .                   S           S         .         .          .      LTA               LTA             A
term_lapsed         S        S           S       S                   .           S         STA       B          .      .                 .               A
cancelled           .        .           .       .                   .           .         .         .          .      .                 .               A
completed           .        .           S       .                   .           .         .         TA         TA     TA                TA              .
not_passed          .        .           .       .                   .           .         TA        .          TA     TA                TA              A
absent              .        .           .       .                   .           .         TA        TA         .      TA                TA              A
withdrawn_invalid   .        .           .       .                   .           .         TA        TA         TA     .                 TA              A
withdrawn_valid     .        .           .       .                   .           .         TA        TA         TA     TA                .               A
exempt              .        .           .       .                   .           .         .         .          .      .                 .               .
"""  # noqa: E501


def cells() -> list[tuple[S, S, frozenset[Actor]]]:
    head, *rows = [line.split() for line in GRID.strip().splitlines()]
    return [
        (S(before), S(after), frozenset(LETTERS[letter] for letter in who.strip(".")))
        for before, *cells in rows
        for after, who in zip(head, cells, strict=True)
    ]


CELLS = cells()


def test_the_grid_has_every_status_twice():
    assert {(before, after) for before, after, _who in CELLS} == {(b, a) for b in S for a in S}


@pytest.mark.parametrize("actor", Actor)
def test_the_table_allows_what_the_rules_allow_and_nothing_else(actor):
    allowed = {(b, a) for b in S for a in S if may_follow(b, a, actor)}
    assert allowed == {(before, after) for before, after, who in CELLS if actor in who}


@pytest.mark.django_db
@pytest.mark.parametrize("before", S)
def test_every_cell_is_kept_by_the_one_function(before):
    """Each of 720 cells: what is allowed is done and recorded, what is not changes nothing; of a
    course, the board is allowed nothing."""
    by = an_administrator()
    enrolment = a_participant(a_run(40))
    Enrolment.objects.filter(pk=enrolment.pk).update(last_attended_on="2020-01-01")
    for _before, after, who in (cell for cell in CELLS if cell[0] == before):
        for actor in Actor:
            with_status(enrolment, before)
            enrolment.places.update(state=PlaceState.BOOKED, released_by_status=False)
            StudyStatusChange.objects.filter(enrolment=enrolment).delete()
            who_did = None if actor is Actor.SYSTEM else by
            if before == after:
                assert change_status(enrolment=enrolment, to=after, by=who_did, actor=actor) is None
            elif actor in who and actor is not Actor.BOARD:
                change = change_status(enrolment=enrolment, to=after, by=who_did, actor=actor)
                assert (change.from_status, change.to_status, change.by) == (before, after, who_did)
                assert enrolment.status == after
            else:
                with pytest.raises(StatusRefused) as refused:
                    change_status(enrolment=enrolment, to=after, by=who_did, actor=actor)
                assert set(refused.value.reasons) == {enrolment.pk}
                enrolment.refresh_from_db()
                assert enrolment.status == before
                assert not enrolment.status_changes.exists()


def choices_of_teacher(enrolment):
    five = status_rules.TEACHERS_CHOICE
    return tuple(to for to in five if status_rules.refusal(enrolment, to, Actor.TEACHER) is None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "choices"),
    [
        (S.ENROLLED, status_rules.TEACHERS_CHOICE),
        (S.STARTED, status_rules.TEACHERS_CHOICE),
        (S.RUN_CHOICE_REQUIRED, (S.WITHDRAWN_INVALID, S.WITHDRAWN_VALID)),
        (S.NOT_STARTED, ()),
        (S.TERM_LAPSED, ()),
        (S.EXEMPT, ()),
        (S.CANCELLED, ()),
        (S.ABSENT, (S.COMPLETED, S.NOT_PASSED, S.WITHDRAWN_INVALID, S.WITHDRAWN_VALID)),
    ],
)
def test_a_teacher_chooses_among_the_five_of_the_seed(status, choices):
    enrolment = with_status(a_participant(a_run(3)), status)
    assert choices_of_teacher(enrolment) == choices


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("attended", "allowed"), [(-1, True), (0, True), (1, False), (None, False)]
)
def test_a_lapsed_course_is_completed_by_what_was_attended_within_the_term(attended, allowed):
    enrolment = with_status(a_participant(a_run(-20, -10)), S.TERM_LAPSED)
    term_ends_on = timezone.localdate() - timedelta(days=15)
    enrolment.term_ends_on = term_ends_on
    enrolment.last_attended_on = (
        None if attended is None else term_ends_on + timedelta(days=attended)
    )
    enrolment.save()
    assert (S.COMPLETED in choices_of_teacher(enrolment)) is allowed


@pytest.mark.django_db
def test_a_change_of_many_is_all_or_none():
    run = a_run(3)
    good, bad = a_participant(run), with_status(a_participant(run), S.EXEMPT)
    wishes = [Wish(enrolment_id=e.pk, to=S.COMPLETED) for e in (good, bad)]
    with pytest.raises(StatusRefused) as refused:
        change_statuses(wishes=wishes, by=an_administrator(), actor=Actor.TEACHER)
    assert set(refused.value.reasons) == {bad.pk}
    good.refresh_from_db()
    assert good.status == S.ENROLLED


@pytest.mark.django_db
def test_the_same_change_twice_is_one_step():
    enrolment = a_participant(a_run(3))
    by = an_administrator()
    first = change_status(enrolment=enrolment, to=S.ABSENT, by=by, actor=Actor.TEACHER)
    again = change_status(enrolment=enrolment, to=S.ABSENT, by=by, actor=Actor.TEACHER)
    assert (first.to_status, again) == (S.ABSENT, None)
    assert enrolment.status_changes.count() == 2  # enrolled, absent


@pytest.mark.django_db
def test_a_newer_change_supersedes_what_waited():
    enrolment = a_participant(a_run(3))
    by = an_administrator()
    first = change_status(enrolment=enrolment, to=S.COMPLETED, by=by, actor=Actor.TEACHER)
    second = change_status(enrolment=enrolment, to=S.NOT_PASSED, by=by, actor=Actor.TEACHER)
    assert list(enrolment.status_changes.waiting()) == [second]
    first.refresh_from_db()
    assert first.handled_at is not None


@pytest.mark.django_db
def test_a_teacher_changes_nothing_in_a_closed_register_but_an_administrator_does():
    run = a_run(-40)
    enrolment = a_participant(run)
    by = an_administrator()
    with pytest.raises(StatusRefused, match=r"register"):
        change_status(enrolment=enrolment, to=S.COMPLETED, by=by, actor=Actor.TEACHER)
    change_status(enrolment=enrolment, to=S.COMPLETED, by=by, actor=Actor.ADMINISTRATOR)
    assert enrolment.status == S.COMPLETED


@pytest.mark.django_db
def test_the_register_closes_at_midnight_where_the_institution_is():
    run = a_run(-1, course=CourseFactory(organisation__time_zone="Pacific/Auckland"))
    enrolment = a_participant(run)
    last = run.register_open_until
    tz = run.course.organisation.tz
    for day, is_open in ((last, True), (last + timedelta(days=1), False)):
        with time_machine.travel(
            timezone.datetime(day.year, day.month, day.day, 0, 30, tzinfo=tz), tick=False
        ):
            assert run.register_is_open(run.course.organisation.today()) is is_open
    assert enrolment.status == S.ENROLLED


@pytest.mark.django_db
@pytest.mark.parametrize("to", [S.WITHDRAWN_INVALID, S.WITHDRAWN_VALID, S.EXEMPT])
def test_what_frees_a_place_gives_it_back_when_undone(to):
    enrolment = a_participant(a_run(3))
    by = an_administrator()
    change = change_status(enrolment=enrolment, to=to, by=by, actor=Actor.ADMINISTRATOR)
    place = enrolment.places.get()
    assert (place.state, place.released_by_status) == (PlaceState.RELEASED, True)
    (undone,) = undo_changes(changes=[change], by=by, actor=Actor.ADMINISTRATOR)
    place.refresh_from_db()
    enrolment.refresh_from_db()
    assert (place.state, place.released_by_status) == (PlaceState.BOOKED, False)
    assert (enrolment.status, undone.undoes) == (S.ENROLLED, change)


@pytest.mark.django_db
def test_an_undo_is_refused_when_the_place_is_gone():
    run = a_run(3, capacity=1)
    enrolment = a_participant(run)
    by = an_administrator()
    change = change_status(
        enrolment=enrolment, to=S.WITHDRAWN_VALID, by=by, actor=Actor.ADMINISTRATOR
    )
    a_participant(run)
    with pytest.raises(StatusRefused, match=enrolment.learner.name):
        undo_changes(changes=[change], by=by, actor=Actor.ADMINISTRATOR)


@pytest.mark.django_db
def test_an_undo_is_refused_when_the_run_was_cancelled_meanwhile():
    from learners.enrolling.cancelling import cancel_run

    run = a_run(3)
    enrolment = a_participant(run)
    by = an_administrator()
    change = change_status(
        enrolment=enrolment, to=S.WITHDRAWN_VALID, by=by, actor=Actor.ADMINISTRATOR
    )
    cancel_run(run=run, by=by)
    with pytest.raises(StatusRefused):
        undo_changes(changes=[change], by=by, actor=Actor.ADMINISTRATOR)


@pytest.mark.django_db
def test_an_undo_is_refused_when_the_learner_was_enrolled_anew():
    run = a_run(3)
    enrolment = a_participant(run)
    by = an_administrator()
    change = change_status(enrolment=enrolment, to=S.ABSENT, by=by, actor=Actor.TEACHER)
    entering.enrol(
        learner=enrolment.learner, by=by, actor=Actor.ADMINISTRATOR, run=a_run(9, course=run.course)
    )
    with pytest.raises(StatusRefused):
        undo_changes(changes=[change], by=by, actor=Actor.TEACHER)
    with pytest.raises(StatusRefused):
        change_status(enrolment=enrolment, to=S.COMPLETED, by=by, actor=Actor.TEACHER)


@pytest.mark.django_db
def test_only_the_newest_change_is_undone_and_only_once():
    enrolment = a_participant(a_run(3))
    by = an_administrator()
    first = change_status(enrolment=enrolment, to=S.ABSENT, by=by, actor=Actor.TEACHER)
    second = change_status(enrolment=enrolment, to=S.NOT_PASSED, by=by, actor=Actor.TEACHER)
    assert undo_changes(changes=[first], by=by, actor=Actor.TEACHER) == []
    assert len(undo_changes(changes=[second], by=by, actor=Actor.TEACHER)) == 1
    assert undo_changes(changes=[second], by=by, actor=Actor.TEACHER) == []
    enrolment.refresh_from_db()
    assert enrolment.status == S.ABSENT


@pytest.mark.django_db
def test_the_term_begins_on_opening_where_the_course_says_so():
    course = CourseFactory(
        kind=CourseKind.ELEARNING, term_days=30, term_begins=TermBegins.START,
        organisation__time_zone="Pacific/Kiritimati",
    )  # fmt: skip
    enrolment = an_enrolment(course)
    assert enrolment.term_ends_on is None
    change_status(enrolment=enrolment, to=S.STARTED, by=None, actor=Actor.SYSTEM)
    assert enrolment.term_ends_on == course.organisation.today() + timedelta(days=30)


@pytest.mark.django_db
def test_leaving_completed_takes_the_points_back_also_when_the_course_gives_none_by_now():
    course = CourseFactory(study_points=5)
    enrolment = a_participant(a_run(3, course=course))
    by = an_administrator()
    change_status(enrolment=enrolment, to=S.COMPLETED, by=by, actor=Actor.TEACHER)
    course.study_points = 0
    course.save()
    change_status(enrolment=enrolment, to=S.NOT_PASSED, by=by, actor=Actor.TEACHER)
    assert StudyPointAccount.objects.get(course=course).total == 0


@pytest.mark.django_db
def test_an_enrolment_is_its_own_first_step_of_history():
    enrolment = a_participant(a_run(3))
    (born,) = enrolment.status_changes.all()
    assert (born.from_status, born.to_status, born.actor) == ("", S.ENROLLED, Actor.SYSTEM)
    assert born.handled_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 3, 40])
def test_changing_many_asks_as_much_as_changing_one(rows, django_assert_num_queries):
    run = a_run(3, course=CourseFactory(study_points=5))
    wishes = [Wish(enrolment_id=a_participant(run).pk, to=S.COMPLETED) for _row in range(rows)]
    by = UserFactory()
    with django_assert_num_queries(14):
        change_statuses(wishes=wishes, by=by, actor=Actor.TEACHER)


def test_the_undo_time_is_a_quarter_of_an_hour():
    assert timedelta(minutes=15) == settings.UNDO_TIME


def with_an_exam(status):
    """Somebody in a programme that an exam completes."""
    whole = entering.enrol_in_programme(
        learner=UserFactory(),
        programme=a_programme(CourseFactory(), completed_by=CompletedBy.EXAM),
        by=None,
        actor=Actor.SYSTEM,
    )
    return with_status(whole, status)


@pytest.mark.django_db
@pytest.mark.parametrize("before", S)
def test_the_board_says_not_passed_of_who_is_under_way_in_a_programme_with_an_exam(before):
    whole, by = with_an_exam(before), an_administrator()
    allowed = {b for b, a, who in CELLS if a == S.NOT_PASSED and Actor.BOARD in who}
    if before in allowed:
        change = change_status(enrolment=whole, to=S.NOT_PASSED, by=by, actor=Actor.BOARD)
        assert (change.actor, change.by, whole.status) == (Actor.BOARD, by, S.NOT_PASSED)
        assert change.get_actor_display() == "the examination board"
        undo_changes(changes=[change], by=by, actor=Actor.BOARD)
        whole.refresh_from_db()
        assert whole.status == before
    elif before != S.NOT_PASSED:
        with pytest.raises(StatusRefused):
            change_status(enrolment=whole, to=S.NOT_PASSED, by=by, actor=Actor.BOARD)


@pytest.mark.django_db
def test_the_board_decides_about_nothing_but_programmes_with_an_exam():
    by = an_administrator()
    by_courses = entering.enrol_in_programme(
        learner=UserFactory(), programme=a_programme(CourseFactory()), by=by, actor=Actor.TEACHER
    )
    for enrolment in (by_courses, a_participant(a_run(3))):
        with pytest.raises(StatusRefused, match="programmes with an exam"):
            change_status(enrolment=enrolment, to=S.NOT_PASSED, by=by, actor=Actor.BOARD)
        change = change_status(enrolment=enrolment, to=S.NOT_PASSED, by=by, actor=Actor.TEACHER)
        with pytest.raises(StatusRefused, match="programmes with an exam"):
            undo_changes(changes=[change], by=by, actor=Actor.BOARD)
