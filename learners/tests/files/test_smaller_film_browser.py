"""Making a film smaller where it is: in a browser, with a film that it recorded itself."""

from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from learners.files import file_kinds
from learners.tests import recording
from learners.tests.factories import UserFactory
from learners.tests.windows import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SECONDS = 2
KEPT = """async () => {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle("films", { create: true });
  return Array.fromAsync(folder.keys());
}"""

# A busy test would press it too late.
STOP_ON_THE_WAY = """() => {
  const bar = document.querySelector("[data-smaller] progress");
  const look = () => {
    if (bar.value > 0.1) document.querySelector("[data-do=stop]").click();
    else requestAnimationFrame(look);
  };
  look();
}"""


@pytest.fixture(scope="module")
def film(browser, live_server) -> bytes:
    page = browser.new_page()
    page.goto(f"{live_server.url}/static/js/theme.js")  # any page of this host, and no question
    recorded = recording.record(page, seconds=SECONDS)
    page.close()
    return recorded


@pytest.fixture
def window(windows) -> Callable[..., Page]:
    """Opens the page on a phone, for films of at most so many bytes."""

    def opened(most: int | str = "", **options: object) -> Page:
        page = windows(UserFactory(), PHONE, **options)
        page.goto(f"/help/smaller-film/?most={most}")
        return page

    return opened


def choose(page: Page, film: bytes, name: str = "mijn film.mov") -> None:
    page.get_by_text("Bladeren").wait_for()  # the script listens by then
    payload = FilePayload(name=name, mimeType="video/quicktime", buffer=film)
    page.get_by_label("Bladeren").set_input_files(payload)


def test_a_film_becomes_smaller_and_keeps_its_sound(film, window):
    most = len(film) // 2
    page = window(most)
    choose(page, film)
    expect(page.get_by_text("2 seconden · ")).to_be_visible()
    expect(page.get_by_role("radio", name="720p")).to_be_checked()
    page.get_by_role("button", name="Kleiner maken").click()
    expect(page.get_by_role("heading", name="Je video is kleiner")).to_be_focused()
    expect(page.locator("video")).to_have_js_property("videoHeight", 720)

    with page.expect_download() as download:
        page.get_by_role("link", name="Video opslaan").click()
    made = Path(download.value.path()).read_bytes()

    assert download.value.suggested_filename == "mijn film-720p.mp4"
    assert len(made) <= most
    assert file_kinds.kind_of(BytesIO(made)) == file_kinds.MP4
    before, after = recording.look(page, film), recording.look(page, made)
    assert after == before | {"seconds": pytest.approx(before["seconds"], abs=0.1)}


def test_stopping_leaves_everything_as_it_was(film, window):
    page = window()
    choose(page, film)
    page.evaluate(STOP_ON_THE_WAY)
    page.get_by_role("button", name="Kleiner maken").click()
    expect(page.get_by_text("Gestopt.")).to_be_visible()
    expect(page.get_by_role("button", name="Kleiner maken")).to_be_enabled()
    assert page.evaluate(KEPT) == []


def test_leaving_asks_until_the_film_is_saved(film, window):
    page = window()
    choose(page, film)
    page.get_by_role("radio", name="360p").check()
    page.get_by_role("button", name="Kleiner maken").click()
    expect(page.get_by_role("heading", name="Je video is kleiner")).to_be_focused()

    with page.expect_event("dialog") as asked:
        page.evaluate("setTimeout(() => location.assign('/'))")
    asked.value.dismiss()
    with page.expect_download():
        page.get_by_role("link", name="Video opslaan").click()
    page.get_by_role("link", name="Mijlpaal").first.click()
    page.wait_for_url("**/")


def test_why_a_film_is_not_made_smaller_is_said(film, window):
    page = window(20_000)
    hevc = film.replace(b"avc1", b"hvc1").replace(b"avcC", b"hvcC")
    for content, said in (
        (b"no film at all", "Dit bestand is geen video die te lezen is"),
        (hevc, "Deze browser kan het beeld van deze video niet afspelen"),
        (film.replace(b"Opus", b"samr"), "Het geluid van deze video zou verloren gaan"),
        (film, "Deze video is te lang om te passen"),
    ):
        choose(page, content)
        expect(page.get_by_text(said)).to_be_visible()


def test_a_device_that_is_full_says_so(film, window):
    page = window()
    choose(page, film)
    quota = {"origin": page.evaluate("origin"), "quotaSize": 100_000}
    page.context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", quota)
    page.get_by_role("button", name="Kleiner maken").click()
    expect(page.get_by_text("Dit toestel heeft te weinig ruimte")).to_be_visible()


@pytest.mark.parametrize(
    ("options", "said"),
    [({}, "Deze browser kan geen video kleiner maken"), ({"scripts": False}, None)],
    ids=["no-encoder", "no-script"],
)
def test_without_an_encoder_the_page_says_how_a_device_does_it(windows, options, said):
    page = windows(UserFactory(), PHONE, **options)
    page.add_init_script("delete window.VideoEncoder")
    page.goto("/help/smaller-film/")
    if said:
        expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_text("Bladeren")).to_be_hidden()
    page.get_by_text("iPhone of iPad").click()
    expect(page.get_by_text("Meest compatibel")).to_be_visible()


FILM = {"bytes": 400 << 20, "seconds": 300, "width": 1080, "height": 1920, "soundBytes": 5 << 20}


@pytest.mark.parametrize(
    ("film", "most", "heights", "advised"),
    [
        (FILM, 100 << 20, [1080, 720, 480, 360], 720),
        (FILM, 50 << 20, [720, 480, 360], 720),
        (FILM, 20 << 20, [360], 360),
        (FILM | {"width": 480, "height": 640}, 100 << 20, [480, 360], 480),
        (FILM | {"width": 176, "height": 144}, 100 << 20, [360], 360),
        (FILM, 12 << 20, [], None),
    ],
)
def test_sizes_fit_and_are_no_larger_than_the_film(page, live_server, film, most, heights, advised):
    page.goto("/static/js/theme.js")
    sizes, best = page.evaluate(
        """async ([film, most]) => {
            const { advised, sizesFor } = await import("/static/js/films/sizes.js");
            const sizes = sizesFor(film, most);
            return [sizes, advised(sizes) ?? null];
        }""",
        [film, most],
    )
    assert [size["height"] for size in sizes] == heights
    assert all(size["bytes"] < most for size in sizes)
    assert (best and best["height"]) == advised


def test_a_size_that_comes_out_too_large_gives_way_to_the_next(film, window):
    page = window()
    made = page.evaluate(
        """async (film) => {
            const { makeSmaller } = await import("/static/js/films/smaller.js");
            const file = new File([Uint8Array.fromBase64(film)], "film.mp4");
            const size = { height: 720, bitrate: 8_000_000 };
            const made = await makeSmaller(file, { mostBytes: file.size / 3, size });
            return [made.name, made.size / file.size];
        }""",
        b64encode(film).decode(),
    )
    assert made == ["film-480p.mp4", pytest.approx(0.2, abs=0.13)]
