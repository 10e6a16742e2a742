"""What is wrong in a form of a register: where, in words, and in whose row."""

from collections.abc import Iterator, Sequence
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


@dataclass(frozen=True, kw_only=True)
class Problems:
    """Everything that is wrong in one form, as the page says it beside its fields."""

    found: Sequence[Problem]

    def __bool__(self) -> bool:
        return bool(self.found)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.found)

    @property
    def cell_errors(self) -> dict[int, dict[str, str]]:
        """Return the problems of rows, by participant and cell."""
        errors: dict[int, dict[str, str]] = {}
        for problem in self.found:
            if problem.enrolment_id:
                errors.setdefault(problem.enrolment_id, {})[problem.where] = problem.text
        return errors

    @property
    def meetings_error(self) -> str:
        return self._error("meetings")

    @property
    def maximum_error(self) -> str:
        return self._error("ignore_maximum")

    @property
    def reason_error(self) -> str:
        return self._error("reason")

    def _error(self, where: str) -> str:
        return next((problem.text for problem in self.found if problem.where == where), "")
