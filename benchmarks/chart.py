"""A chart of bars as SVG, legible on light and on dark."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

ROW, BAR, LEFT, WIDTH, RIGHT, TOP = 62, 15, 200, 800, 200, 44
STYLE = """
  .ground { fill: #ffffff } .ink { fill: #1b2333 } .soft { fill: #545d70 }
  .ours { fill: #17389b } .other { fill: #3f7fd0 } .peer { fill: #a5abb8 }
  text { font: 14px system-ui, sans-serif } .name { font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #151a26 } .ink { fill: #eef1f7 } .soft { fill: #b3bbcb }
    .ours { fill: #9db8ff } .other { fill: #4f86e8 } .peer { fill: #6c7487 }
  }
"""


@dataclass(frozen=True)
class Bar:
    """A length in milliseconds with the words beside it, in one of three colours."""

    colour: str
    milliseconds: float
    words: str


@dataclass(frozen=True)
class Group:
    """What is compared, and its bars."""

    name: str
    bars: Sequence[Bar]


def draw(
    title: str, groups: Sequence[Group], legend: Sequence[tuple[str, str]], *, scale: float
) -> str:
    """Return the chart; a bar that is longer than the scale is broken."""
    height = TOP + ROW * len(groups) + 40
    rows = [_group(group, TOP + ROW * n, scale) for n, group in enumerate(groups)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            f"<title>{escape(title)}</title><style>{STYLE}</style>",
            f'<rect class="ground" width="{WIDTH}" height="{height}" rx="10"/>',
            f'<text class="ink name" x="16" y="26">{escape(title)}</text>',
            *rows,
            _legend(legend, height - 16),
            "</svg>\n",
        ]
    )


def _group(group: Group, top: int, scale: float) -> str:
    lines = [f'<text class="ink" x="16" y="{top + 28}">{escape(group.name)}</text>']
    for n, bar in enumerate(group.bars):
        y = top + n * (BAR + 2)
        length = max(2, (WIDTH - LEFT - RIGHT) * min(bar.milliseconds / scale, 1))
        lines.append(
            f'<rect class="{bar.colour}" x="{LEFT}" y="{y}" width="{length:.0f}" height="{BAR}"'
            f' rx="2"/><text class="soft" x="{LEFT + length + 6:.0f}" y="{y + 12}"'
            f' font-size="12">{escape(bar.words)}</text>'
        )
        if bar.milliseconds > scale:
            x = LEFT + length - 24
            lines.append(f'<path class="ground" d="M{x} {y}h6l-5 {BAR}h-6z"/>')
    return "\n".join(lines)


def _legend(legend: Sequence[tuple[str, str]], y: int) -> str:
    parts, x = [], LEFT
    for colour, words in legend:
        parts.append(
            f'<rect class="{colour}" x="{x}" y="{y - 11}" width="12" height="12" rx="2"/>'
            f'<text class="soft" x="{x + 18}" y="{y}">{escape(words)}</text>'
        )
        x += 40 + 8 * len(words)
    return "".join(parts)
