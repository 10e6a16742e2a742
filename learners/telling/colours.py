"""Colours of institutions, so that what is written on or in them can always be read."""

RGB = tuple[float, float, float]  # each 0 to 1

PAPER = "#fffdf8"
INK = "#1c2430"
WHITE = "#ffffff"
READABLE = 4.5  # the contrast that WCAG asks of text


def rgb(colour: str) -> RGB:
    """Return '#17389b' as red, green and blue from 0 to 1."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def hexadecimal(colour: RGB) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)


def mixed(colour: str, other: str, share: float) -> str:
    """Return a colour with this share of another in it."""
    pairs = zip(rgb(colour), rgb(other), strict=True)
    red, green, blue = (one + (two - one) * share for one, two in pairs)
    return hexadecimal((red, green, blue))


def luminance(colour: str) -> float:
    """Return the relative luminance that WCAG defines."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def on(colour: str) -> str:
    """Return what to write with on this colour: white, or ink where that reads better."""
    return WHITE if contrast(colour, WHITE) >= contrast(colour, INK) else INK


def readable(colour: str, ground: str = PAPER) -> str:
    """Return the colour, darkened or lightened until it can be read on this ground."""
    best = on(ground)
    for share in range(0, 101, 5):
        nearer = mixed(colour, best, share / 100)
        if contrast(nearer, ground) >= READABLE:
            return nearer
    return best
