"""The band of a certificate: paper, colour, a pattern of fine lines, and a seal.

Drawn by us as PDF operators, once for each colour, and put under every page as it is: a picture of
it would be coarse in print, and as SVG in the page it would take longer to draw than all the rest.
"""

import math
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache

from learners.telling import colours

Point = tuple[float, float]

WIDTH, HEIGHT = 841.89, 595.28  # A4 landscape, in points
BAND = 214.5
CENTRE = (104.0, 92.0)  # of the pattern
SEAL = (BAND / 2, 252.0)
SEAL_RADIUS = 52.0
RINGS = 30
POINTS = 64  # of a ring; with Bézier curves between them
CYCLE = 0.5523  # how far a curve's handles reach for a quarter of a circle
DOTS = 72
CHECK = ((-21.0, 1.0), (-7.0, -14.0), (23.0, 17.0))


@lru_cache(maxsize=64)
def compressed(colour: str) -> bytes:
    """Return what stands under a page in this colour, as a compressed stream."""
    return zlib.compress(operators(colour).encode("ascii"), 9)


def operators(colour: str) -> str:
    """Return what stands under a page, marked as an artifact: no reader reads it aloud."""
    return "\n".join(["/Artifact BMC", "q", *_ground(colour), *_lines(colour), *_seal(colour)]) + (
        "\nQ\nEMC\n"
    )


def _ground(colour: str) -> Iterator[str]:
    yield f"{_paint(colours.PAPER)} rg 0 0 {WIDTH} {HEIGHT} re f"
    yield f"{_paint(colour)} rg 0 0 {BAND} {HEIGHT} re f"
    yield f"0 0 {BAND} {HEIGHT} re W n"


def _lines(colour: str) -> Iterator[str]:
    """Draw rings that are a star within and a wave without, each turned a little further."""
    light = colours.on(colour)
    yield "0.55 w 1 J 1 j"
    for ring in range(RINGS):
        share = 0.40 - 0.26 * ring / RINGS
        yield f"{_paint(colours.mixed(colour, light, share))} RG"
        yield _closed_curve(ring_points(ring))


def ring_points(ring: int) -> list[Point]:
    """Return the points of one ring of the pattern."""
    step = ring / (RINGS - 1)
    radius = 58 + 9.2 * ring + 3.2 * math.sin(ring / 3)
    star = 0.21 * (1 - step) ** 1.4 + 0.03
    swell = 0.055 + 0.10 * step
    turn = 0.5 * step
    points = []
    for index in range(POINTS):
        angle = 2 * math.pi * index / POINTS
        wave = 1 + star * math.sin(5 * (angle + turn)) + swell * math.sin(3 * angle + 2.2 * step)
        wave += 0.03 * math.sin(9 * angle - 5 * step)
        points.append(
            (
                CENTRE[0] + 0.86 * radius * wave * math.cos(angle),
                CENTRE[1] + 1.08 * radius * wave * math.sin(angle),
            )
        )
    return points


def _seal(colour: str) -> Iterator[str]:
    light = colours.on(colour)
    dark = colour if light == colours.WHITE else light
    disc = colours.WHITE
    x, y = SEAL
    yield f"{_paint(colour)} rg {_circle(x, y, SEAL_RADIUS + 17)} f"
    yield f"{_paint(colours.mixed(colour, light, 0.75))} rg"
    for dot in range(DOTS):
        angle = 2 * math.pi * dot / DOTS
        reach = SEAL_RADIUS + 10
        yield f"{_circle(x + reach * math.cos(angle), y + reach * math.sin(angle), 0.95)} f"
    yield f"{_paint(disc)} rg {_circle(x, y, SEAL_RADIUS)} f"
    yield f"{_paint(dark)} RG 0.9 w {_circle(x, y, SEAL_RADIUS - 6)} S"
    path = " ".join(
        f"{x + dx:.2f} {y + dy:.2f} {'l' if index else 'm'}" for index, (dx, dy) in enumerate(CHECK)
    )
    yield f"{_paint(dark)} RG 8.5 w 1 J 1 j {path} S"


def _closed_curve(points: Sequence[Point]) -> str:
    """Draw a smooth line through all points and back."""
    parts = [f"{points[0][0]:.1f} {points[0][1]:.1f} m"]
    count = len(points)
    for index in range(count):
        before, here, there, after = (points[(index + k) % count] for k in (-1, 0, 1, 2))
        handles = (
            here[0] + (there[0] - before[0]) / 6,
            here[1] + (there[1] - before[1]) / 6,
            there[0] - (after[0] - here[0]) / 6,
            there[1] - (after[1] - here[1]) / 6,
            *there,
        )
        parts.append(" ".join(f"{value:.1f}" for value in handles) + " c")
    return "\n".join([*parts, "s"])


def _circle(x: float, y: float, radius: float) -> str:
    reach = radius * CYCLE
    corners = [(1, 0), (0, 1), (-1, 0), (0, -1)]
    parts = [f"{x + radius:.2f} {y:.2f} m"]
    for index, (a, b) in enumerate(corners):
        c, d = corners[(index + 1) % 4]
        numbers = (
            x + a * radius + c * reach,
            y + b * radius + d * reach,
            x + c * radius + a * reach,
            y + d * radius + b * reach,
            x + c * radius,
            y + d * radius,
        )
        parts.append(" ".join(f"{number:.2f}" for number in numbers) + " c")
    return " ".join(parts)


def _paint(colour: str) -> str:
    return " ".join(f"{part:.3f}" for part in colours.rgb(colour))
