"""Following lessons: what opens, what finishes, how far somebody is, and what follows."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learners.catalogue import putting_aside
from learners.content import player
from learners.content.player import Contents, LessonsClosed, Step
from learners.models import (
    Actor,
    CourseKind,
    Lesson,
    LessonKind,
    LessonProgress,
    StudyStatus,
    TermBegins,
)
from learners.offered import personal
from learners.tests.factories import (
    CourseFactory,
    a_lesson,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
    an_enrolment,
    an_online_course,
    with_status,
)

S = StudyStatus
pytestmark = pytest.mark.django_db


def opened(enrolment, lesson):
    row = player.open_lesson(enrolment=enrolment, lesson=lesson, by=enrolment.learner)
    enrolment.refresh_from_db()
    return row


def finished(enrolment, *lessons):
    for lesson in lessons:
        player.finish_lesson(enrolment=enrolment, lesson=lesson, by=enrolment.learner)
    enrolment.refresh_from_db()
    return enrolment


def lessons_of(enrolment):
    return list(enrolment.course.lessons.all())


def steps(enrolment):
    return [change.to_status for change in enrolment.status_changes.order_by("pk")]


def test_opening_a_lesson_starts_the_course_once():
    enrolment = an_enrolment(an_online_course())
    (lesson,) = lessons_of(enrolment)
    assert opened(enrolment, lesson) == opened(enrolment, lesson)
    assert steps(enrolment) == [S.NOT_STARTED, S.STARTED]


def test_the_term_begins_when_a_lesson_is_opened_where_the_course_says_so():
    course = an_online_course(term_days=10, term_begins=TermBegins.START)
    enrolment = an_enrolment(course)
    assert enrolment.term_ends_on is None
    opened(enrolment, lessons_of(enrolment)[0])
    assert enrolment.term_ends_on == course.organisation.today() + timedelta(days=10)


def test_finishing_the_last_lesson_completes_an_elearning_in_any_order():
    enrolment = an_enrolment(an_online_course(3))
    first, second, third = lessons_of(enrolment)
    finished(enrolment, third, first)
    assert enrolment.status == S.STARTED
    finished(enrolment, second)
    assert enrolment.status == S.COMPLETED
    completion = enrolment.status_changes.first()
    assert (completion.actor, completion.by) == (Actor.SYSTEM, None)
    assert completion.due_at <= completion.at


def test_done_twice_is_done_once():
    enrolment = an_enrolment(an_online_course())
    (lesson,) = lessons_of(enrolment)
    finished(enrolment, lesson)
    first = LessonProgress.objects.get()
    finished(enrolment, lesson, lesson)
    assert LessonProgress.objects.get().completed_at == first.completed_at
    assert steps(enrolment) == [S.NOT_STARTED, S.STARTED, S.COMPLETED]


def test_opening_from_a_window_that_is_behind_takes_no_completion_away():
    enrolment = an_enrolment(an_online_course())
    (lesson,) = lessons_of(enrolment)
    behind = player.enrolments_for(enrolment.learner).get()
    finished(enrolment, lesson)
    opened(behind, lesson)
    assert behind.status == S.COMPLETED


def test_a_lesson_added_later_takes_no_completion_away():
    enrolment = finished(an_enrolment(course := an_online_course()), *course.lessons.all())
    later = a_lesson(course)
    contents = player.contents_of(course, enrolment)
    assert (contents.done, contents.total, contents.to_do) == (1, 2, later)
    finished(enrolment, later)
    assert steps(enrolment).count(S.COMPLETED) == 1


def test_a_course_whose_last_lesson_was_taken_away_is_completed_by_finishing_again():
    enrolment = an_enrolment(course := an_online_course(2))
    first, second = lessons_of(enrolment)
    finished(enrolment, first)
    course.lessons.filter(pk=second.pk).update(archived_at=enrolment.created_at)
    assert player.contents_of(course, enrolment).is_done
    assert finished(enrolment, first).status == S.COMPLETED


def test_a_programme_follows_the_lessons():
    from learners.enrolling import entering

    course = an_online_course()
    learner = an_administrator()
    whole = entering.enrol_in_programme(
        learner=learner,
        programme=a_programme(course, organisation=course.organisation),
        by=None,
        actor=Actor.SYSTEM,
    )
    finished(whole.parts.get(), *course.lessons.all())
    whole.refresh_from_db()
    assert whole.status == S.COMPLETED


@pytest.mark.parametrize("kind", [CourseKind.BLENDED, CourseKind.CLASSROOM])
def test_a_course_with_meetings_is_completed_by_its_teacher(kind):
    run = a_run(3, course=CourseFactory(kind=kind))
    lesson = a_lesson(run.course)
    enrolment = a_participant(run)
    finished(enrolment, lesson)
    assert player.contents_of(run.course, enrolment).is_done
    assert enrolment.status == S.STARTED


@pytest.mark.parametrize("status", S)
def test_the_status_says_whether_lessons_open_and_what_finishing_does(status):
    enrolment = with_status(an_enrolment(an_online_course()), status)
    (lesson,) = lessons_of(enrolment)
    closed = {S.TERM_LAPSED, S.CANCELLED, S.EXEMPT, S.WITHDRAWN_VALID, S.WITHDRAWN_INVALID}
    if status in closed:
        with pytest.raises(LessonsClosed):
            finished(enrolment, lesson)
        assert not LessonProgress.objects.exists()
        return
    completes = status in {S.ENROLLED, S.NOT_STARTED, S.STARTED}
    assert finished(enrolment, lesson).status == (S.COMPLETED if completes else status)


@pytest.mark.parametrize("status", [S.STARTED, S.COMPLETED])
def test_lessons_close_when_the_term_is_over_also_for_who_completed_the_course(status):
    enrolment = with_status(an_enrolment(an_online_course()), status)
    (lesson,) = lessons_of(enrolment)
    enrolment.term_ends_on = enrolment.organisation.today()
    enrolment.save()
    assert opened(enrolment, lesson)
    enrolment.term_ends_on -= timedelta(days=1)
    for act in (player.open_lesson, player.finish_lesson):
        with pytest.raises(LessonsClosed):
            act(enrolment=enrolment, lesson=lesson, by=enrolment.learner)


def test_where_a_video_goes_on_is_kept(a_film):
    course = an_online_course(lessons=0)
    lesson = a_lesson(course, kind=LessonKind.VIDEO, file=a_film)
    enrolment = an_enrolment(course)
    opened(enrolment, lesson)
    player.keep_position(enrolment=enrolment, lesson=lesson, by=enrolment.learner, seconds=83)
    assert opened(enrolment, lesson).position == 83


@given(done=st.lists(st.booleans(), max_size=9), at=st.integers(0, 8))
def test_progress_is_what_is_finished_of_all_and_the_way_on_reaches_all(done, at):
    lessons = [Lesson(pk=n) for n in range(len(done))]
    rows = [LessonProgress(completed_at="2026-11-22" if is_done else None) for is_done in done]
    contents = Contents([Step(*pair) for pair in zip(lessons, rows, strict=True)])
    assert (contents.done, contents.total) == (sum(done), len(done))
    assert contents.is_done == (len(done) > 0 and all(done))
    if not lessons:
        assert contents.to_do is None
        return
    assert contents.to_do == lessons[done.index(False) if False in done else 0]
    here = lessons[at % len(lessons)]
    others = [lesson for lesson, is_done in zip(lessons, done, strict=True) if not is_done]
    after = contents.to_do_after(here)
    assert (after is None) == (set(others) <= {here})
    later = [lesson for lesson in others if lesson.pk > here.pk]
    assert not later or after == later[0]
    walked = [lessons[0]]
    while (following := contents.after(walked[-1])) is not None:
        assert contents.before(following) == walked[-1]
        walked.append(following)
    assert walked == lessons


def test_what_somebody_read_is_in_the_data_they_take_along():
    enrolment = finished(an_enrolment(course := an_online_course()), *course.lessons.all())
    (row,) = personal.export(enrolment.learner)["lessons"]
    assert row["enrolment_id"] == enrolment.pk
    assert row["in_lesson"] == "Les 1"
    assert row["completed_at"] >= row["opened_at"]


def test_a_new_version_has_the_lessons_of_today():
    course = an_online_course(2)
    course.lessons.filter(position=1).update(archived_at=course.published_at)
    copy = putting_aside.new_version(course=course, code="NEW", by=an_administrator())
    assert [lesson.title_nl for lesson in copy.lessons.all()] == ["Les 2"]
    assert course.lessons.count() == 2
