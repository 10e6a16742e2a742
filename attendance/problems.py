"""Something that is wrong in a form of a register."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something that is wrong: where (a field of the form), in words, and in whose row."""

    where: str
    text: str
    enrolment_id: int | None = None

    @property
    def anchor(self) -> str:
        """Return the id of the field that it is about."""
        return f"{self.where}-{self.enrolment_id}" if self.enrolment_id else f"id_{self.where}"
