"""What a row of a register showed when its page was made, in one field of the form.

By it a cell that was touched is told from one that was not, and a mark that somebody else changed
meanwhile is recognised.
"""

import zlib
from collections.abc import Collection
from dataclasses import dataclass, field

from attendance.marking.registers import Marks, Participant
from attendance.marking.values import LETTERS, NOTHING, MarkValue, in_common
from learners.keys import key_in


@dataclass(frozen=True, kw_only=True)
class Base:
    """What a row showed when its page was made."""

    marks: Marks = field(default_factory=dict)
    status: str = ""
    effort: str = ""
    remark_sum: str = ""

    def details_in(self, meetings: Collection[int]) -> MarkValue:
        """Return the details that were shown for these meetings: those that they share."""
        return in_common([self.marks.get(pk, (NOTHING, 0))[0] for pk in meetings])


def write_base(participant: Participant) -> str:
    """Write what a row shows: 's=started e=good r=1c291ca3 12:p7 13:a9 14:p11,10,0'."""
    enrolment = participant.enrolment
    marks = (
        ",".join([f"{meeting}:{value.presence[:1]}{version}", *value.code_of_details])
        for meeting, (value, version) in sorted(participant.marks.items())
    )
    return " ".join(
        [
            f"s={enrolment.status}",
            f"e={enrolment.effort}",
            f"r={remark_sum(enrolment.remark)}",
            *marks,
        ]
    )


def read_base(text: str) -> Base:
    """Read what `write_base` wrote; what is not understood counts as not shown."""
    values: dict[str, str] = {}
    marks: dict[int, tuple[MarkValue, int]] = {}
    for word in text.split():
        name, equals, value = word.partition("=")
        if equals:
            values[name] = value
            continue
        meeting, _colon, mark = word.partition(":")
        letter, (version_text, *details) = mark[:1], mark[1:].split(",")
        pk, version = key_in(meeting), key_in(version_text)
        if pk is not None and version is not None and letter in LETTERS:
            marks[pk] = (MarkValue.read_details(letter, details), version)
    return Base(
        marks=marks,
        status=values.get("s", ""),
        effort=values.get("e", ""),
        remark_sum=values.get("r", ""),
    )


def remark_sum(remark: str) -> str:
    """Recognise a remark without sending it twice."""
    return f"{zlib.crc32(remark.encode()):08x}"
