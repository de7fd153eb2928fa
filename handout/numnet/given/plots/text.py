"""Tables of text as pictures: what a model writes, row by row."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

from numnet.given.plots.style import drawn_in, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LETTERS = 78  # in a line
LINE = 0.19  # inches


def draw_table(ax: Axes | None, title: str, rows: Mapping[str, str], head: str) -> Figure:
    """Write a name on the left and a text on the right of each row; line ends of a text stay, long lines are broken."""
    texts = {name: _wrapped(text) for name, text in rows.items()}
    heights = [1 + text.count("\n") + 0.7 for text in texts.values()]
    ax = new_axes(ax, title, size=(8.6, LINE * (sum(heights) + 2) + 0.5))
    ax.set_ylim(sum(heights), -1.2)
    ax.set_xlim(0.0, 1.0)
    ax.text(0.0, -0.9, head, fontsize=8, va="top", fontweight="bold")
    top = 0.3
    for (name, text), height in zip(texts.items(), heights, strict=True):
        ax.plot([0.0, 1.0], [top - 0.2] * 2, color="0.7", linewidth=0.8)
        ax.text(0.0, top, name, fontsize=9, va="top", parse_math=False)
        ax.text(0.14, top, text, fontsize=9, va="top", family="monospace", linespacing=1.2, parse_math=False)
        top += height
    ax.set_axis_off()
    return drawn_in(ax)


def _wrapped(text: str) -> str:
    lines = [textwrap.wrap(line, LETTERS, drop_whitespace=False) or [""] for line in text.split("\n")]
    return "\n".join(line for wrapped in lines for line in wrapped)
