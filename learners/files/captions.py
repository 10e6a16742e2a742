"""Captions of a video: WebVTT, checked before learners need them.

The format: https://www.w3.org/TR/webvtt1/. Only what makes captions come at the right moment is
looked at; how they look is the browser's.
"""

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_MOMENT = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMES = re.compile(rf"{_MOMENT}[ \t]+-->[ \t]+{_MOMENT}(?:[ \t].*)?")


def check(content: bytes) -> int:
    """Return how many captions there are; raises `ValidationError` that names the line for what is
    not WebVTT, and for captions that end before they begin."""
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise ValidationError(_("Store the captions as UTF-8."), code="encoding") from None
    if not lines or not re.fullmatch(r"WEBVTT([ \t].*)?", lines[0]):
        raise ValidationError(_("Captions begin with a line “WEBVTT”."), code="header")
    number = sum(1 for _line in _cues(lines))
    if not number:
        raise ValidationError(_("There are no captions in this file."), code="none")
    return number


def _cues(lines: list[str]) -> Iterator[int]:
    """Yield the lines with the times of a caption."""
    for number, line in enumerate(lines, 1):
        if "-->" not in line:
            continue
        times = _TIMES.fullmatch(line.strip())
        if times is None:
            raise ValidationError(
                _("Line %(n)d is not a time such as “00:05.000 --> 00:08.500”."),
                params={"n": number},
                code="time",
            )
        if _seconds(*times.groups()[:4]) >= _seconds(*times.groups()[4:]):
            raise ValidationError(
                _("Line %(n)d ends before it begins."), params={"n": number}, code="order"
            )
        yield number


def _seconds(hours: str | None, minutes: str, seconds: str, thousandths: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths) / 1000
