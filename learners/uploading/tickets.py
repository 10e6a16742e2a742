"""What a field takes, signed: who sends a file in pieces shows it, and need not be believed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing

from learners.files import file_kinds
from learners.files.file_kinds import Kind

SALT = "what a field takes"
LASTS = 7 * 24 * 60 * 60  # seconds that a page may stand open


class TicketRefused(Exception):
    """It is not one of ours, or the page stood open for more than a week."""


@dataclass(frozen=True)
class Ticket:
    """The kinds of file that a field takes, and the most bytes of one."""

    kinds: Sequence[Kind]
    max_size: int

    def sign(self) -> str:
        """Return it for the page."""
        said = [[kind.mime for kind in self.kinds], self.max_size]
        return signing.dumps(said, salt=SALT, compress=True)

    @classmethod
    def read(cls, signed: str) -> "Ticket":
        """Return what was signed; raises `TicketRefused`."""
        try:
            mimes, max_size = signing.loads(signed, salt=SALT, max_age=LASTS)
        except signing.BadSignature:
            raise TicketRefused from None
        return cls(kinds_named(mimes), max_size)


def kinds_named(mimes: Sequence[str]) -> tuple[Kind, ...]:
    """Return the kinds of these MIME types that the product still knows."""
    known = {kind.mime: kind for kind in file_kinds.ALL}
    return tuple(known[mime] for mime in mimes if mime in known)
