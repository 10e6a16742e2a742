"""The film of the demo: an MP4 that a browser plays, made without an encoder."""

import base64

from PIL import Image

from learners.files import file_kinds
from lms.demo.drawn.film import film


def slides() -> list[Image.Image]:
    """A red, a green and a blue slide, each with a spot in a corner."""
    made = []
    for colour in ("#c02020", "#208020", "#2020c0"):
        slide = Image.new("RGB", (64, 48), colour)
        slide.paste("#ffffff", (5, 5, 11, 11))
        made.append(slide)
    return made


def test_it_is_known_as_what_it_is(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(film(slides(), 2))
    with path.open("rb") as content:
        assert file_kinds.kind_of(content, path.name) == file_kinds.MP4


def test_a_browser_plays_it_and_goes_to_any_moment(page):
    shown = base64.b64encode(film(slides(), 2)).decode()
    page.goto("about:blank")
    page.set_content(f'<video src="data:video/mp4;base64,{shown}" muted></video>')
    seen = page.evaluate(
        """async () => {
          const video = document.querySelector("video");
          const pen = document.createElement("canvas").getContext("2d");
          const colours = [];
          for (const moment of [5, 1, 3]) {
            video.currentTime = moment;
            await new Promise((done) => video.addEventListener("seeked", done, { once: true }));
            pen.drawImage(video, 0, 0);
            colours.push([...pen.getImageData(40, 30, 1, 1).data.slice(0, 3)]);
          }
          return { colours, duration: video.duration, size: [video.videoWidth, video.videoHeight] };
        }"""
    )
    assert (seen["duration"], seen["size"]) == (6, [64, 48])
    for colour, expected in zip(seen["colours"], ("2020c0", "c02020", "208020"), strict=True):
        wanted = bytes.fromhex(expected)
        assert max(abs(a - b) for a, b in zip(colour, wanted, strict=True)) < 12
