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
    "A register shows a hundred people at a time, the peer all two hundred: who wants to see all of"
    " them here asks for two pages. “Results” is completing everybody: statuses, history, points"
    " and the outbox; the worker awards what is due apart from that, as the table below says. Our"
    " times have the database in them. Where a machine has more to do than it has cores, processor"
    " time grows too: what counts then is the ratio, and the queries."
)

MEMORY = (
    "Memory is flat where there are batches: lapsing ten times as many terms wants no more of it,"
    " and assigning to a hundred thousand people ten megabytes at most: each five hundred of them"
    " are a transaction of their own, between which others save. Beginning rounds and reminding go"
    " in batches of five thousand, which want up to ninety megabytes however many there are."
    " A list on a day finds through an index who is in a state; where it finds nobody who had"
    " expired, it looked at everybody in grace: with a hundred thousand of those among a million,"
    " 0.5 seconds on PostgreSQL and 1.2 on SQLite."
    " Saving, importing, awarding, lapsing and assigning were each measured once, pages nine"
    " times, of which the middle one counts. Checking an import reads all runs of its institution,"
    " half of 32,000 here, which is why a larger database costs more there."
)

PLANS = (
    "Of a page, the read that took longest; of work, the one that finds what there is to do, in an"
    " outbox that was empty again. Terms are found through a partial index by PostgreSQL alone: of"
    " bound values SQLite cannot tell that they are those of the index, and goes through the"
    " enrolments once for each five thousand that are due, which is in the figures."
)

_ORM = (
    "the template is quicker than the questions. A request that is signed in costs some 2 ms, and"
    " each query 0.3 to 2 ms in the ORM, which builds it anew each time; the number of rows in the"
    " database hardly counts."
)
WHY: Mapping[str, str] = {
    "learner's home": f"{_ORM} It would want fewer than five queries, or what waits for somebody"
    " kept ready for some seconds.",
    "my courses": f"{_ORM} It would want the meetings to come on the enrolment itself.",
    "catalogue": f"{_ORM} With more runs to show it holds.",
    "courses I teach": f"{_ORM} Counting what is unrecorded would have to be kept.",
    "assigning: the preview": f"{_ORM} It wants as much for a hundred people as for a hundred"
    " thousand.",
    "one certificate with its QR code": "printing is the library's; ours are page, QR code, seal,"
    " four queries and the file. It lies around the budget: below it on a quiet machine, above it"
    " on a busy one.",
    **dict.fromkeys(
        (
            "how it stood on a day, a list of 50",
            "whose renewal was open that day, a list of 50",
            "who was in grace that day, a list of 50",
            "who will have expired in two years, a list of 50",
        ),
        f"{_ORM} It wants as much for a thousand rounds as for a million.",
    ),
}
