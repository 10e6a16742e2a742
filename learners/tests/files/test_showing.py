"""As what a browser shows a file, and what is said where it does not."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from learners.enrolling import force_majeure
from learners.evidence import judging
from learners.files import file_kinds, showing
from learners.files.file_kinds import M4A, MP4, QUICKTIME, THREE_GP
from learners.files.showing import Shown
from learners.models import LessonKind, ScanState, StudyStatus
from learners.tests.content.test_lesson_form import form_of
from learners.tests.factories import CourseFactory, an_administrator, an_enrolment, with_status
from learners.tests.files.test_keeping import KNOWN
from learners.tests.films import a_film, a_photo, a_track, about_film, brands
from learners.tests.pictures import stored_unseen

pytestmark = pytest.mark.django_db
DAMAGED = "This film or recording cannot be played: it is damaged or cut off."


def film_words(what):
    return (
        f"Many browsers do not play {what}, so others may not see this film. Make an MP4 with "
        "H.264 of it."
    )


def other_film(what):
    return Shown(None, film_words(what), is_other_film=True)


def sound_words(what):
    return (
        f"Many browsers do not play {what}, so others may not hear this recording. Make an MP3 "
        "of it."
    )


@pytest.mark.parametrize(
    ("content", "kind", "shown"),
    [
        (a_film(), MP4, Shown("film")),
        (a_film(b"avc3", None), MP4, Shown("film")),
        (a_film(brand=b"qt  "), QUICKTIME, Shown("film")),
        (a_film(b"hvc1"), MP4, other_film("HEVC (H.265)")),
        (a_film(b"hev1", brand=b"qt  "), QUICKTIME, other_film("HEVC (H.265)")),
        (a_film(b"apcn", b"lpcm", brand=b"qt  "), QUICKTIME, other_film("ProRes")),
        (a_film(b"<b>!", brand=b"qt  "), QUICKTIME, other_film("MOV")),
        (a_film(b"s263", b"samr", brand=b"3gp4"), THREE_GP, other_film("H.263")),
        (a_film(brand=b"3gp5"), THREE_GP, other_film("3GP")),
        (a_film(None, b"samr", brand=b"3gp4"), THREE_GP, Shown(None, sound_words("AMR"))),
        (a_film(None), MP4, Shown("sound")),
        (a_film(None, brand=b"M4A "), M4A, Shown("sound")),
        (a_film(b"jpeg", brand=b"M4A "), M4A, Shown("sound")),
        (a_film(None, b"alac", brand=b"M4A "), M4A, Shown(None, sound_words("ALAC"))),
        (a_film()[:-50], MP4, Shown(None, DAMAGED)),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else str(value)[:60],
)
def test_a_film_is_shown_where_every_browser_plays_how_it_is_written(content, kind, shown):
    assert showing.of_stored(stored_unseen("a", content, kind.mime)) == shown


def test_a_film_with_small_pictures_beside_it_is_a_film():
    """Drones write a second track of pictures that no browser plays."""
    tracks = about_film(a_track(b"vide", b"jpeg"), a_track(b"vide", b"avc1"))
    film = stored_unseen("a", brands(b"isom") + tracks, MP4.mime)
    assert showing.of_stored(film) == Shown("film")


@pytest.mark.parametrize(
    ("name", "as_"),
    [
        *((f"a.{ending}", "picture") for ending in ("png", "jpg", "webp", "gif")),
        *(("a.pdf", "pdf"), ("a.mp3", "sound"), ("a.webm", "film")),
        *((f"a.{ending}", None) for ending in ("docx", "odt", "zip", "svg", "csv", "txt", "vtt")),
    ],
)
def test_other_files_are_shown_by_their_kind(name, as_):
    kind = file_kinds.kind_of(io.BytesIO(KNOWN[name]), name)
    stored = stored_unseen(name, KNOWN[name], kind.mime)
    shown = showing.of_stored(stored)
    assert (shown.as_, bool(shown.words)) == (as_, as_ is None)


def test_it_says_what_helps_in_the_language_of_who_looks():
    photo = stored_unseen("IMG_0001.HEIC", a_photo(), "image/heic")
    paper = stored_unseen("a.docx", KNOWN["a.docx"], file_kinds.DOCX.mime)
    film = stored_unseen("a.mov", a_film(b"hvc1"), MP4.mime)
    assert showing.of_stored(photo).words.endswith("Make a JPEG or a PDF of it.")
    assert showing.of_stored(paper).words.startswith("Browsers do not show DOCX.")
    assert "HEVC (H.265)" in showing.of_stored(film).words
    with translation.override("nl"):
        assert showing.of_stored(photo).words.endswith("Maak er een JPEG of een pdf van.")
        assert showing.of_stored(film).words.startswith("Veel browsers spelen geen HEVC (H.265) af")


def test_a_kind_of_before_is_downloaded():
    stored = stored_unseen("a.xyz", b"x", "application/octet-stream")
    assert showing.of_stored(stored).as_ is None


def test_an_infected_file_is_not_shown():
    stored = stored_unseen("a.mp4", a_film(), MP4.mime)
    stored.scan_state = ScanState.INFECTED
    assert showing.of_stored(stored).as_ is None


@pytest.mark.parametrize(("kind", "as_"), [(MP4, "film"), (M4A, "sound")])
def test_a_storage_that_does_not_answer_breaks_no_page(kind, as_):
    """And what came back is looked at again."""
    stored = stored_unseen("a", a_film(b"hvc1", None), kind.mime)
    name, content = stored.content.name, default_storage.open(stored.content.name).read()
    default_storage.delete(name)
    assert showing.of_stored(stored) == Shown(as_)
    default_storage.save(name, io.BytesIO(content))
    assert showing.of_stored(stored).as_ is None


def test_what_never_changes_is_looked_at_once(monkeypatch):
    stored = stored_unseen("a", a_film(), MP4.mime)
    assert showing.of_stored(stored) == Shown("film")
    default_storage.delete(stored.content.name)
    assert showing.of_stored(stored) == Shown("film")


@pytest.mark.parametrize("name", ["a.mp4", "IMG_0002.MOV"])
def test_a_lesson_takes_a_film_that_every_browser_plays(name):
    content = a_film(brand=b"qt  " if name.endswith("MOV") else b"isom")
    form = form_of(LessonKind.VIDEO, {"upload": (name, content)})
    assert form.is_valid(), form.errors
    assert form.save().file.content.read() == content


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("IMG_0002.MOV", a_film(b"hvc1", brand=b"qt  "), film_words("HEVC (H.265)")),
        ("a.mp4", a_film(b"hev1"), film_words("HEVC (H.265)")),
        ("a.mp4", a_film()[:-50], DAMAGED),
        (
            "a.3gp",
            a_film(brand=b"3gp4"),
            "This is not a file that you can use here. Possible are: MP4, MOV.",
        ),
    ],
)
def test_a_lesson_says_beside_the_field_what_helps_for_a_film_that_is_not_played(
    name, content, said
):
    form = form_of(LessonKind.VIDEO, {"upload": (name, content)})
    assert form.errors == {"upload": [said]}


def test_to_download_and_in_the_knowledge_centre_it_is_taken():
    form = form_of(LessonKind.FILE, {"upload": ("IMG_0002.MOV", a_film(b"hvc1", brand=b"qt  "))})
    assert form.is_valid(), form.errors


def test_whoever_judges_reads_why_a_proof_is_not_shown(client):
    enrolment = with_status(an_enrolment(CourseFactory()), StudyStatus.WITHDRAWN_INVALID)
    uploads = [
        SimpleUploadedFile("IMG_0001.HEIC", a_photo()),
        SimpleUploadedFile("a.png", KNOWN["a.png"]),
        SimpleUploadedFile("a.pdf", KNOWN["a.pdf"]),
    ]
    by = enrolment.learner
    files = judging.store(files=uploads, by=by)
    proof = force_majeure.hand_in(enrolment=enrolment, files=files, by=by, explanation="")
    client.force_login(an_administrator(language="en"))
    page = client.get(reverse("learners:force_majeure_detail", args=[proof.pk])).text
    assert page.count("others may not see this picture") == 1
    assert (page.count('class="evidence-picture"'), page.count('class="evidence-preview"')) == (
        1,
        1,
    )
