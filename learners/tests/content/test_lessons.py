"""The pages of lessons: one each, in order, for who follows the course and who makes it."""

import pytest

from learners.models import LessonKind, LessonProgress, StoredFile, StudyStatus
from learners.tests.conftest import FILM
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_lesson,
    a_participant,
    a_run,
    an_administrator,
    an_enrolment,
    an_online_course,
    teaches,
    with_status,
)
from learners.tests.files.test_keeping import KNOWN
from learners.tests.offered.test_file_uses import a_file

S = StudyStatus
pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client):
    user = UserFactory(language="en")
    client.force_login(user)
    return user


def address(enrolment, lesson, act=""):
    return f"/my-learning/courses/{enrolment.pk}/lessons/{lesson.pk}/{act}"


@pytest.mark.parametrize("lessons", [1, 3])
def test_a_lesson_asks_as_much_in_a_course_of_one_as_of_three(
    client, user, lessons, django_assert_num_queries
):
    enrolment = an_enrolment(an_online_course(lessons), user)
    page = address(enrolment, enrolment.course.lessons.first())
    client.get(page)
    with django_assert_num_queries(6):
        client.get(page)


def test_starting_leads_to_the_first_lesson_not_finished_and_after_all_to_the_first(client, user):
    enrolment = an_enrolment(an_online_course(2), user)
    first, second = enrolment.course.lessons.all()
    learn = f"/my-learning/courses/{enrolment.pk}/lessons/"
    assert client.get(learn)["Location"] == address(enrolment, first)
    assert client.post(address(enrolment, first, "finish/"))["Location"] == (
        address(enrolment, second)
    )
    assert client.get(learn)["Location"] == address(enrolment, second)
    done = client.post(address(enrolment, second, "finish/"), follow=True)
    assert done.redirect_chain == [(enrolment.get_absolute_url(), 302)]
    assert "You finished all lessons and completed the course." in done.text
    assert client.get(learn)["Location"] == address(enrolment, first)


def test_who_skipped_a_lesson_is_led_back_to_it_with_a_word(client, user):
    enrolment = an_enrolment(an_online_course(2), user)
    first, last = enrolment.course.lessons.all()
    back = client.post(address(enrolment, last, "finish/"), follow=True)
    assert back.redirect_chain == [(address(enrolment, first), 302)]
    assert "You skipped lesson 1, “Lesson 1”: it is still to be finished." in back.text
    onwards = client.post(address(enrolment, first, "finish/"), follow=True)
    assert "You skipped" not in onwards.text


def test_course_rows_and_the_course_lead_into_the_lessons(client, user):
    enrolment = an_enrolment(an_online_course(2), user)
    learn = f'href="/my-learning/courses/{enrolment.pk}/lessons/"'
    for page in ("/", "/my-learning/", "/my-learning/courses/", enrolment.get_absolute_url()):
        assert learn in client.get(page).text, page
    client.post(address(enrolment, enrolment.course.lessons.first(), "finish/"))
    assert "1 of 2 lessons finished" in client.get("/my-learning/courses/").text
    course = client.get(enrolment.get_absolute_url()).text
    assert "1 of 2 lessons finished" in course
    assert "50%" in course


def test_an_elearning_without_lessons_says_what_happens(client, user):
    enrolment = an_enrolment(an_online_course(lessons=0), user)
    page = client.get(enrolment.get_absolute_url()).text
    assert "Your institution is still making the lessons" in page
    assert "Once they are here you start them" in page
    learn = f"/my-learning/courses/{enrolment.pk}/lessons/"
    assert client.get(learn)["Location"] == enrolment.get_absolute_url()


def test_lessons_beside_meetings_say_that_the_teacher_completes(client, user):
    run = a_run(3)
    a_lesson(run.course)
    enrolment = a_participant(run)
    client.force_login(enrolment.learner)
    enrolment.learner.language = "en"
    enrolment.learner.save()
    assert (
        "your teacher records how the course ends" in client.get(enrolment.get_absolute_url()).text
    )
    done = client.post(address(enrolment, run.course.lessons.get(), "finish/"), follow=True)
    assert "Your teacher records how the course ended." in done.text


@pytest.mark.parametrize("act", ["", "finish/"])
def test_closed_lessons_lead_back_to_the_course_and_say_so(client, user, act):
    enrolment = with_status(an_enrolment(an_online_course(), user), S.TERM_LAPSED)
    page = address(enrolment, enrolment.course.lessons.get(), act)
    answer = (client.post if act else client.get)(page, follow=True)
    assert answer.redirect_chain == [(enrolment.get_absolute_url(), 302)]
    assert "The lessons of this course are closed for you now." in answer.text
    assert not LessonProgress.objects.exists()


def test_a_lesson_of_another_course_or_that_is_archived_is_not_there(client, user):
    enrolment = an_enrolment(an_online_course(2), user)
    archived = enrolment.course.lessons.first()
    enrolment.course.lessons.filter(pk=archived.pk).update(archived_at=enrolment.created_at)
    other = an_enrolment(an_online_course(), user).course.lessons.get()
    for lesson in (archived, other):
        for act in ("", "finish/", "position/"):
            send = client.post if act else client.get
            assert send(address(enrolment, lesson, act)).status_code == 404


def test_each_kind_shows_what_it_has(client, user, a_film):
    course = an_online_course(lessons=0)
    captions = StoredFile.objects.create(name="a.vtt", size=1, kind="text/vtt", content="uploads/x")
    pdf, picture = a_file("a.pdf"), a_file("a.png", KNOWN["a.png"])
    shown = {
        f'src="/files/{a_film.pk}/#t=12"': a_lesson(
            course, kind=LessonKind.VIDEO, file=a_film, captions_nl=captions
        ),
        f'src="/files/{pdf.pk}/framed/#': a_lesson(course, kind=LessonKind.PDF, file=pdf),
        'alt="Een brug"': a_lesson(
            course, kind=LessonKind.PICTURE, file=picture, alt_nl="Een brug"
        ),
        f'href="/files/{pdf.pk}/" download="a.pdf"': a_lesson(
            course, kind=LessonKind.FILE, file=pdf
        ),
        'href="https://example.org/" target="_blank" rel="noopener noreferrer"': a_lesson(
            course, kind=LessonKind.LINK, link="https://example.org/"
        ),
        '<div class="card-body prose" lang="nl"><p>Lees <strong>dit</strong>': a_lesson(course),
    }
    enrolment = an_enrolment(course, user)
    film = course.lessons.get(kind=LessonKind.VIDEO)
    client.get(address(enrolment, film))
    kept = client.post(address(enrolment, film, "position/"), {"seconds": "12"})
    assert kept.status_code == 204
    for words, lesson in shown.items():
        assert words in client.get(address(enrolment, lesson)).text
    track = f'<track kind="captions" srclang="nl" label="Nederlands" src="/files/{captions.pk}/"'
    assert track in client.get(address(enrolment, film)).text


@pytest.mark.parametrize("seconds", ["", "-1", "x", "99999999"])
def test_a_position_that_is_none_is_refused(client, user, seconds, a_film):
    course = an_online_course(lessons=0)
    film = a_lesson(course, kind=LessonKind.VIDEO, file=a_film)
    page = address(an_enrolment(course, user), film, "position/")
    assert client.post(page, {"seconds": seconds}).status_code == 400


def test_only_the_answer_in_the_frame_may_be_framed_and_only_by_ourselves(client, user):
    course = an_online_course(lessons=0)
    pdf, film = a_file("a.pdf"), a_file("a.mp4", FILM)
    for kind, stored in ((LessonKind.PDF, pdf), (LessonKind.VIDEO, film)):
        a_lesson(course, kind=kind, file=stored)
    an_enrolment(course, user)
    framed, plain = client.get(f"/files/{pdf.pk}/framed/"), client.get(f"/files/{pdf.pk}/")
    assert "frame-ancestors 'self'" in framed["Content-Security-Policy"]
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'none'" in plain["Content-Security-Policy"]
    assert plain["X-Frame-Options"] == "DENY"
    assert client.get(f"/files/{film.pk}/framed/").status_code == 404


def test_files_of_lessons_are_for_who_follows_teaches_or_looks_after_the_course(client):
    run = a_run(3)
    stored = a_file("a.pdf")
    lesson = a_lesson(run.course, kind=LessonKind.PDF, file=stored)
    learner = a_participant(run).learner
    teacher = teaches(UserFactory(), run)
    for who, may_see, may_preview in (
        (learner, 200, 404),
        (teacher, 200, 200),
        (an_administrator(), 200, 200),
        (UserFactory(), 404, 404),
        (an_enrolment(CourseFactory()).learner, 404, 404),
    ):
        client.force_login(who)
        assert client.get(f"/files/{stored.pk}/").status_code == may_see
        assert client.get(f"/lessons/{lesson.pk}/").status_code == may_preview
    assert not LessonProgress.objects.exists()


def test_the_file_of_an_archived_lesson_is_closed_to_learners(client, user):
    course = an_online_course(lessons=0)
    lesson = a_lesson(course, kind=LessonKind.PDF, file=a_file("a.pdf"))
    an_enrolment(course, user)
    course.lessons.update(archived_at=lesson.file.uploaded_at)
    assert client.get(f"/files/{lesson.file_id}/").status_code == 404


def test_an_archived_lesson_is_looked_at_by_who_makes_it(client):
    course = an_online_course()
    course.lessons.update(archived_at=course.published_at)
    client.force_login(an_administrator(language="en"))
    page = client.get(f"/lessons/{course.lessons.get().pk}/").text
    assert "This lesson is archived; learners do not see it." in page
