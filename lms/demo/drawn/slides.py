"""Films of slides with a few words each."""

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

from lms.demo.drawn.film import film

SECONDS = 5  # for each slide
WIDE, HIGH = 640, 352
SLIDE, WHITE = "#15379c", "#ffffff"


def film_of(words: Sequence[str]) -> bytes:
    """Return a film in which each of these is seen for some seconds."""
    return film([_slide(text) for text in words], SECONDS)


def _slide(text: str) -> Image.Image:
    slide = Image.new("RGB", (WIDE, HIGH), SLIDE)
    at = (WIDE // 2, HIGH // 2)
    ImageDraw.Draw(slide).text(at, text, WHITE, ImageFont.load_default(52), anchor="mm")
    return slide
