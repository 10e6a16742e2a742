"""Badges: the picture of a certification, uploaded, or drawn from its title and its colour."""

from math import cos, pi, sin

from django.utils.html import escape

from certifications.models import Certification
from learners.telling import colours

SIZE = 240
LINES, LETTERS, LONGEST, WIDTH = 3, 16, 26, 232  # of the title, in the middle
PETALS = 24
KIND = "image/svg+xml"


def drawn(title: str, colour: str) -> str:
    """Return a rosette with the title in it, as SVG: always the same for the same words."""
    edge = colours.mixed(colour, colours.INK, 0.25)
    lines = wrapped(title)
    size = min(25, int(WIDTH / max(max(map(len, lines)), 1)))
    first = SIZE / 2 + size * 0.36 - (len(lines) - 1) * size * 0.6
    words = "".join(
        f'<text x="120" y="{first + n * size * 1.2:.1f}">{escape(line)}</text>'
        for n, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" role="img">'
        f"<title>{escape(title)}</title>"
        f'<g fill="{edge}">{_petals()}</g>'
        f'<circle cx="120" cy="120" r="96" fill="{colour}"/>'
        f'<circle cx="120" cy="120" r="84" fill="none" stroke="{colours.on(colour)}"'
        f' stroke-width="2" stroke-dasharray="1 5" stroke-linecap="round"/>'
        f'<g fill="{colours.on(colour)}" font-family="Inter, sans-serif" font-weight="700"'
        f' font-size="{size}" text-anchor="middle">{words}</g></svg>'
    )


def badge_of(certification: Certification, language: str) -> str:
    """Return the badge that is drawn for a certification that has no picture of its own."""
    return drawn(certification.title_in(language), certification.colour)


def printed(colour: str) -> str:
    """Return the same rosette with a star in it and paper around it, for a certificate: what is
    written beside it is set in the certificate's own letters."""
    edge = colours.mixed(colour, colours.INK, 0.25)
    points = " ".join(
        f"{120 + radius * sin(pi * n / 5):.1f},{120 - radius * cos(pi * n / 5):.1f}"
        for n, radius in enumerate([62, 26] * 5)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}">'
        f'<circle cx="120" cy="120" r="119" fill="{colours.PAPER}"/>'
        f'<g fill="{edge}">{_petals()}</g>'
        f'<circle cx="120" cy="120" r="96" fill="{colour}"/>'
        f'<polygon points="{points}" fill="{colours.on(colour)}"/></svg>'
    )


def wrapped(title: str) -> list[str]:
    """Return a title in at most three short lines, in which a long word stands whole, the smaller;
    what does not fit becomes dots."""
    lines = [""]
    for word in title.split():
        if len(lines[-1]) + len(word) + 1 <= LETTERS or not lines[-1]:
            lines[-1] = f"{lines[-1]} {word}".strip()
        else:
            lines.append(word)
    fitting = [line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…" for line in lines]
    if len(fitting) > LINES:
        fitting = [*fitting[: LINES - 1], f"{fitting[LINES - 1][: LETTERS - 2]} …"]
    return fitting


def _petals() -> str:
    return "".join(
        f'<circle cx="120" cy="18" r="14" transform="rotate({360 * n / PETALS:g} 120 120)"/>'
        for n in range(PETALS)
    )
