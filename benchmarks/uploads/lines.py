"""The lines of the table: what was looked at, what was found, and what it may be at most."""

from dataclasses import dataclass

HEAD = "| | found | at most |\n|---|---|---|"


@dataclass(frozen=True)
class Line:
    """One of them; without a bound it only says."""

    what: str
    found: float
    most: float | None = None
    unit: str = ""

    @property
    def is_kept(self) -> bool:
        return self.most is None or self.found <= self.most

    def __str__(self) -> str:
        most = "" if self.most is None else _figure(self.most, self.unit)
        broken = "" if self.is_kept else " **broken**"
        return f"| {self.what} | {_figure(self.found, self.unit)}{broken} | {most} |"


def _figure(number: float, unit: str) -> str:
    shown = f"{number:.0f}" if number == int(number) else f"{number:.1f}"
    return f"{shown} {unit}".rstrip()
