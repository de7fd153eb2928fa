"""Pictures of F: gates and cells over time, how long a memory lasts, and which part of the LSTM matters.

How far its states feel an input: sensitivity_curves of numnet.given.plots.clip.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from numnet.given.caches import LSTMCache
from numnet.given.plots.style import (
    count_rows,
    draw_bar_of_colours,
    draw_levels,
    draw_lines,
    draw_map,
    draw_runs,
    drawn_in,
    name_cells,
    new_axes,
    new_panels,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GATES = {"i": "input gate", "f": "forget gate", "o": "output gate"}


def gates_over_time(
    cache: LSTMCache, *, sequence: int = 0, inputs: Sequence[str] = (), figure: Figure | None = None
) -> Figure:
    """Show how far the gates of every unit are open while a sequence is read.

    cache: of lstm_forward; sequence: which one of the batch; inputs: T names to write under the steps
    See: units whose input gate opens for the one symbol to be kept, and whose forget gate then stays open: bright.
    """
    steps = len(cache.steps)
    axes = new_panels(
        figure, len(GATES), 1, "A memory is written (input gate), kept (forget gate) and read (output gate)",
        size=(max(6.0, 1.5 + 0.18 * steps), 5.4), sharex=True,
    )[:, 0]  # fmt: skip
    for ax, (letter, name) in zip(axes, GATES.items(), strict=True):
        activations = np.array([getattr(step, letter)[sequence] for step in cache.steps]).T  # (H, T)
        image = draw_map(ax, activations, vmin=0.0, vmax=1.0)
        ax.set_ylabel(f"{name}\nunit")
        count_rows(ax)
    _name_steps(axes[-1], inputs, steps)
    draw_bar_of_colours(image, axes, "0 is shut, 1 is open")
    return drawn_in(axes[0])


def memory_strip(cells: np.ndarray, *, inputs: Sequence[str] = (), ax: Axes | None = None) -> Figure:
    """Show the cells of an LSTM while a sequence is read.

    cells: (T, H), the c_t of one sequence; inputs: T names to write under the steps
    See: horizontal bands: a cell that was written once and holds its value until it is asked.
    """
    steps, hidden = cells.shape
    ax = new_axes(
        ax, "A band is a memory: written once, and held", y="cell", x="",
        size=(max(6.0, 1.5 + 0.18 * steps), 1.4 + 0.2 * hidden),
    )  # fmt: skip
    image = draw_map(ax, cells.T, signed=True)
    count_rows(ax)
    _name_steps(ax, inputs, steps)
    draw_bar_of_colours(image, ax, "content of the cell")
    return drawn_in(ax)


def _name_steps(ax: Axes, inputs: Sequence[str], steps: int) -> None:
    if inputs:
        name_cells(ax, "x", inputs)
    else:
        ticks = range(0, steps, max(1, steps // 10))
        ax.set_xticks(ticks, [str(t + 1) for t in ticks])
    ax.set_xlabel("input over time" if inputs else "time step t")


def recall_by_length(
    accuracies: Mapping[str, Mapping[int, float]], *, chance: float = 0.25, ax: Axes | None = None
) -> Figure:
    """Show how well networks still know the first symbol after T steps.

    accuracies: network, such as "RNN" or "LSTM, forget bias 3", to T to accuracy; chance: that of a guess
    See: the RNN falls to chance first; the higher the forget bias at the start, the longer an LSTM remembers.
    """
    title = "The forget bias decides how long an LSTM remembers"
    ax = new_axes(ax, title, x="steps between symbol and question", y="accuracy")
    draw_lines(ax, {name: (list(curve), list(curve.values())) for name, curve in accuracies.items()})
    draw_levels(ax, {"chance": chance})
    ax.set_ylim(0.0, 1.05)
    return drawn_in(ax)


def ablation(scores: Mapping[str, float | Sequence[float]], *, y: str = "accuracy", ax: Axes | None = None) -> Figure:
    """Compare LSTMs that lack one part each, in the manner of Jozefowicz et al. 2015.

    scores: what is missing, such as "nothing", "forget gate" or "peepholes", to a score or those of its runs
    See: which bars are clearly lower than the first; differences smaller than between the dots of a bar mean nothing.
    """
    ax = new_axes(ax, "Without which part does it fail?", x="missing part", y=y, size=(1.6 + 0.9 * len(scores), 4.0))
    draw_runs(ax, scores)
    first = float(np.mean(next(iter(scores.values()))))
    ax.axhline(first, color="0.35", linewidth=1, linestyle="--", zorder=0)
    ax.margins(y=0.15)
    return drawn_in(ax)
