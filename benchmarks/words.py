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

WHY: Mapping[str, str] = {}
