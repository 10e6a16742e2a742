"""What a mark says of somebody at one meeting: there or not, from when until when, and excused.

Excused is a kind of absent: in every count it is not there, and beside it is said how often.
"""

from collections.abc import Collection
from typing import NamedTuple, Self
from urllib.parse import quote, unquote

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from attendance.models import Attendance, AttendanceChange, Presence

PRESENT, ABSENT = Presence.PRESENT.value, Presence.ABSENT.value
LETTERS = {"p": PRESENT, "a": ABSENT}
EXCUSED = "x"


class MarkValue(NamedTuple):
    """All that one mark says, by the names of its fields; without a presence nothing is recorded.

    Minutes belong to who was present, an excuse to who was absent.
    """

    presence: str = ""
    minutes_late: int = 0
    minutes_early: int = 0
    is_excused: bool = False
    excuse: str = ""

    @classmethod
    def of(cls, row: Attendance | AttendanceChange, side: str = "") -> Self:
        """Return what a mark says, or one side ('from_' or 'to_') of a step in its history."""
        return cls(*(getattr(row, f"{side}{name}") for name in cls._fields))

    @property
    def is_present(self) -> bool:
        return self.presence == PRESENT

    @property
    def is_absent(self) -> bool:
        return self.presence == ABSENT

    @property
    def minutes(self) -> int:
        """How many minutes of the meeting they missed."""
        return self.minutes_late + self.minutes_early

    def tidied(self) -> Self:
        """Leave out what does not belong to this presence."""
        value = self if self.is_present else self._replace(minutes_late=0, minutes_early=0)
        is_excused = value.is_absent and value.is_excused
        return value._replace(is_excused=is_excused, excuse=value.excuse if is_excused else "")

    @property
    def details(self) -> list[str]:
        """Say what more there is than the presence, in words that the learner may read too."""
        said = []
        if self.minutes_late:
            said.append(
                ngettext("%(n)d minute late", "%(n)d minutes late", self.minutes_late)
                % {"n": self.minutes_late}
            )
        if self.minutes_early:
            said.append(
                ngettext("left %(n)d minute early", "left %(n)d minutes early", self.minutes_early)
                % {"n": self.minutes_early}
            )
        if self.is_excused:
            said.append(_("excused"))
        return said

    @property
    def words(self) -> str:
        """Say all of it to staff, the reason of an excuse too."""
        if not self.presence:
            return _("not recorded")
        said = ", ".join([capfirst(str(Presence(self.presence).label)), *self.details])
        return f"{said} ({self.excuse})" if self.excuse else said

    @property
    def code(self) -> str:
        """Write it in a word without spaces: 'p', 'p,10,0', 'a', 'a,x,ill'; '' for nothing."""
        return ",".join([self.presence[:1], *self.code_of_details])

    @property
    def code_of_details(self) -> list[str]:
        if self.minutes:
            return [str(self.minutes_late), str(self.minutes_early)]
        if self.is_excused:
            return [EXCUSED, *([quote(self.excuse, safe="")] if self.excuse else [])]
        return []

    @classmethod
    def read(cls, code: str) -> Self:
        """Read what `code` wrote; what is not understood counts as not said."""
        letter, *details = code.split(",")
        return cls.read_details(letter[:1], details)

    @classmethod
    def read_details(cls, letter: str, details: Collection[str]) -> Self:
        """Read a presence by its letter, with the details that belong to it."""
        first, second, *_rest = [*details, "", ""]
        value = cls(
            presence=LETTERS.get(letter, ""),
            minutes_late=read_minutes(first) or 0,
            minutes_early=read_minutes(second) or 0,
            is_excused=first == EXCUSED,
            excuse=unquote(second) if first == EXCUSED else "",
        )
        return value.tidied()


def in_hundredths(part: int, whole: int) -> int:
    """Return a part of a whole, which is more than nothing, in hundredths, half of one upwards."""
    return (200 * part + whole) // (2 * whole)


NOTHING = MarkValue()
DETAILS = MarkValue._fields[1:]


def read_minutes(text: str) -> int | None:
    """Return a number of minutes; 0 for nothing, None for what is no such number."""
    text = text.strip()
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else None


def in_common(values: Collection[MarkValue]) -> MarkValue:
    """Return the details that these marks share, whatever the presences; what differs is empty."""
    shared = NOTHING
    for name in DETAILS:
        found = {getattr(value, name) for value in values}
        if len(found) == 1:
            shared = shared._replace(**{name: found.pop()})
    return shared
