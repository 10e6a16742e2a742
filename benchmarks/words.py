"""What docs/performance.md says beside figures: the peer's marks, and why a budget is missed."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Peer:
    """What a well-known PHP learning management system wants on such a machine, and what of ours
    does the same."""

    ours: str
    cpu: int
    queries: int | None = None


PEER: Mapping[str, Peer] = {
    "course list": Peer("my courses", 114, 41),
    "dashboard": Peer("learner's home", 216, 72),
    "register of 200: show": Peer("show a register of 200, 1 meeting", 266, 248),
    "register of 200: save": Peer("save a register of 200, 1 meeting", 132, 220),
    "register of 200: results": Peer("complete all 200", 2_760, 7_842),
    "a certificate": Peer("one certificate with its QR code", 502),
}

BESIDE = (
    "A register shows a hundred people at a time, the peer all two hundred. “Results” is completing"
    " everybody: statuses, history, points and the outbox; the worker awards what is due apart from"
    " that, as the table below says. The peer's marks are its own process without its database;"
    " ours have the database in them."
)

MEMORY = (
    "Memory is flat where batches are: awarding ten times as much, or lapsing ten times as many"
    " terms, wants no more of it."
)

PLANS = (
    "Of a page, the read that took longest; of work, the one that finds what there is to do. The"
    " outbox and the terms were empty again when they were explained."
)

_ORM = (
    "the template is quicker than the questions. A request that is signed in costs some 2 ms, and"
    " each query about 1 ms in the ORM, which builds it anew each time, whatever the number of rows"
    " in the database."
)
WHY: Mapping[str, str] = {
    "learner's home": f"{_ORM} It would want fewer than five queries, so what waits for somebody"
    " kept ready for them; nobody has missed that.",
    "my courses": f"{_ORM} It would want the meetings to come on the enrolment itself.",
    "catalogue": f"{_ORM} With more runs to show it holds.",
    "courses I teach": f"{_ORM} Counting what is unrecorded would have to be kept.",
    "one certificate with its QR code": "printing is the library's; ours are the page, the QR code,"
    " the seal, four queries and the file. On this busy machine it lay"
    " between 1.2 and 1.5, as the two processes of its turns disturb each other.",
}
