"""Following an e-learning in a browser, from 'start learning' to the certificate."""

import re
from collections.abc import Callable
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page, expect

from learners.files import file_kinds, keeping, showing
from learners.models import Enrolment, LessonKind, LessonProgress, StoredFile
from learners.tests import factories
from learners.tests.windows import DESK, PHONE
from lms.demo.drawn.film import film
from lms.demo.drawn.materials import hand_out
from lms.tests.demo.drawn.test_film import slides
from lms.tests.whole.test_walk import reload_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EMAIL = "learner@example.org"


def stored(name: str, content: bytes, kind: file_kinds.Kind) -> StoredFile:
    upload = SimpleUploadedFile(name, content)
    return keeping.claim(
        stored=keeping.store(upload=upload, owner=None, kinds=[kind], max_size=10**6)
    )


@pytest.fixture
def enrolment() -> Enrolment:
    """An e-learning with a text, a video and a PDF, in which Sanne has not begun."""
    course = factories.an_online_course(title_nl="Hitte en gezondheid")
    factories.a_lesson(
        course,
        kind=LessonKind.VIDEO,
        title_nl="De film",
        file=stored("a.mp4", film(slides(), 20), file_kinds.MP4),
        captions_nl=stored("a.vtt", b"WEBVTT\n\n00:00.000 --> 01:00.000\nRood\n", file_kinds.VTT),
    )
    pdf = stored("kaart.pdf", hand_out("Kaart", "Drink water."), file_kinds.PDF)
    factories.a_lesson(course, kind=LessonKind.PDF, title_nl="De kaart", file=pdf)
    learner = factories.UserFactory(
        name="Sanne Vermeulen", email=EMAIL, password=factories.PASSWORD
    )
    return factories.an_enrolment(course, learner)


@pytest.fixture
def window(windows, enrolment) -> Callable[..., Page]:
    """Opens a window in which Sanne is signed in."""
    return partial(windows, enrolment.learner)


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desktop", "phone"])
def test_from_starting_to_the_certificate(enrolment, window, worker, viewport, has_script):
    page = window(size=viewport, scripts=has_script)
    page.goto("/my-learning/courses/")
    page.get_by_role("link", name=re.compile("Begin")).first.click()
    expect(page.get_by_role("heading", name="Les 1", level=1)).to_be_visible()
    expect(page.get_by_text("Les 1 van 3")).to_be_visible()

    page.get_by_role("button", name="Klaar, ga verder").click()
    expect(page.get_by_role("heading", name="De film", level=1)).to_be_visible()
    page.get_by_role("button", name="Klaar, ga verder").click()
    expect(page.get_by_role("heading", name="De kaart", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Downloaden")).to_be_visible()
    page.get_by_role("button", name="Klaar, opleiding voltooien").click()

    expect(page.get_by_text("de opleiding voltooid.")).to_be_visible()
    expect(page.get_by_text("3 van 3 lessen afgerond")).to_be_visible()
    page.goto("/my-learning/certificates/")
    reload_until(page, page.get_by_role("link", name="Downloaden"))


def test_arrow_keys_go_through_the_lessons(enrolment, window):
    page = window()
    page.goto(f"/my-learning/courses/{enrolment.pk}/lessons/")
    for key, title in (
        ("ArrowRight", "De film"),
        ("ArrowRight", "De kaart"),
        ("ArrowRight", "De kaart"),
        ("ArrowLeft", "De film"),
    ):
        page.keyboard.press(key)
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
        page.wait_for_load_state()  # a page listens to keys once its scripts are there
    page.locator("video").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="De film", level=1)).to_be_visible()


def test_a_video_goes_on_where_one_was_and_has_captions(enrolment, window):
    page = window()
    lesson = enrolment.course.lessons.get(kind=LessonKind.VIDEO)
    page.goto(f"/my-learning/courses/{enrolment.pk}/lessons/{lesson.pk}/")
    video = page.locator("video")
    with page.expect_response(lambda response: response.url.endswith("/position/")):
        video.evaluate(
            """async (video) => {
              video.muted = true;
              video.currentTime = 24;
              await new Promise((done) => video.addEventListener("seeked", done, { once: true }));
              await video.play();
              video.pause();
            }"""
        )
    assert LessonProgress.objects.get().position == 24

    page.goto("/")
    page.goto(f"/my-learning/courses/{enrolment.pk}/lessons/{lesson.pk}/")
    page.wait_for_function("document.querySelector('video').currentTime >= 24")
    page.wait_for_function("document.querySelector('track').track.cues?.length === 1")


def test_a_film_of_a_phone_is_played_as_what_it_is(enrolment, window):
    content = film(slides(), 2).replace(b"ftypisom", b"ftypqt  ")
    lesson = enrolment.course.lessons.get(kind=LessonKind.VIDEO)
    lesson.file = stored("IMG_0002.MOV", content, file_kinds.QUICKTIME)
    lesson.save()
    assert showing.of_stored(lesson.file).as_ == "film"
    page = window()
    with page.expect_response(f"**/files/{lesson.file.pk}/") as answered:
        page.goto(f"/my-learning/courses/{enrolment.pk}/lessons/{lesson.pk}/")
    assert answered.value.headers["content-type"] == "video/quicktime"
    page.wait_for_function("document.querySelector('video').videoWidth === 64")


def test_on_a_phone_the_contents_are_a_drawer_that_closes_again(enrolment, window):
    page = window(size=PHONE)
    page.goto(f"/my-learning/courses/{enrolment.pk}/lessons/")
    contents = page.locator("#contents")
    expect(contents).not_to_be_visible()
    page.get_by_role("button", name="Inhoud").click()
    expect(contents).to_be_visible()
    page.get_by_role("button", name="De inhoud sluiten").click()
    expect(contents).not_to_be_visible()
    page.get_by_role("button", name="Inhoud").click()
    contents.get_by_role("link", name="De kaart").click()
    expect(page.get_by_role("heading", name="De kaart", level=1)).to_be_visible()


def test_on_a_wide_screen_the_contents_stand_beside_the_lesson(enrolment, window):
    page = window()
    page.goto(f"/my-learning/courses/{enrolment.pk}/lessons/")
    contents = page.get_by_role("navigation", name="Inhoud")
    expect(contents.get_by_role("link")).to_have_count(3)
    expect(contents.locator("[aria-current=page]")).to_have_text(re.compile("Les 1"))


@pytest.mark.parametrize("shows_pdf", [True, False])
def test_a_browser_that_shows_no_pdf_has_no_empty_frame(enrolment, window, shows_pdf):
    page = window()
    said = str(shows_pdf).lower()
    page.add_init_script(f"Object.defineProperty(navigator, 'pdfViewerEnabled', {{value: {said}}})")
    lesson = enrolment.course.lessons.get(kind=LessonKind.PDF)
    page.goto(f"{enrolment.get_absolute_url()}lessons/{lesson.pk}/")
    expect(page.get_by_role("link", name="kaart.pdf")).to_be_visible()
    expect(page.locator("iframe")).to_have_count(int(shows_pdf))
