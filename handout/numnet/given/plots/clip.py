"""Pictures of E: how far a state feels an input, and what clipping does to gradients. Losses: see training.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from numnet.given.plots.style import (
    LIGHT_TO_DARK,
    bar_look,
    count_rows,
    draw_bar_of_colours,
    draw_lines,
    draw_map,
    drawn_in,
    new_axes,
    set_log_scale,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def sensitivity_curves(sensitivities: Mapping[str, np.ndarray], *, ax: Axes | None = None) -> Figure:
    """Show on a logarithmic scale how strongly later states still feel one input.

    sensitivities: network, such as "RNN" or "LSTM, forget bias 3", to (T,) of `sensitivity`
    See: straight lines: a constant factor per step. The forget bias decides how steep the line of an LSTM is.
    """
    title = "How long an input is felt: a straight line is a factor per step"
    ax = new_axes(ax, title, x="time step t, from 0", y="length of dh / dx")
    draw_lines(ax, {name: (np.flatnonzero(curve > 0), curve[curve > 0]) for name, curve in sensitivities.items()})
    ax.set_yscale("log")
    return drawn_in(ax)


def sensitivity_strips(sensitivities: Mapping[str, np.ndarray], *, ax: Axes | None = None) -> Figure:
    """Show the same as the lecture does: a strip of time steps for every network, darker where the input is felt more.

    sensitivities: network to (T,) of `sensitivity`, all of one T
    See: the strip of the RNN fades within a few steps, that of an LSTM that remembers stays dark.
    """
    strips = np.array([curve / max(float(np.max(curve)), 1e-300) for curve in sensitivities.values()])
    ax = new_axes(
        ax, "Darker: the state feels the first input more", x="time step t",
        y="network", size=(7.0, 1.4 + 0.4 * len(strips)),
    )  # fmt: skip
    image = draw_map(ax, strips, cmap=LIGHT_TO_DARK, vmin=0.0, vmax=1.0)
    ax.set_yticks(range(len(strips)), list(sensitivities), fontsize=8)
    ticks = range(0, strips.shape[1], max(1, strips.shape[1] // 10))
    ax.set_xticks(ticks, [str(t + 1) for t in ticks])
    for row in range(1, len(strips)):
        ax.axhline(row - 0.5, color="white", linewidth=4)
    draw_bar_of_colours(image, ax, "share of the\nlargest of its row")
    return drawn_in(ax)


def clipped_norms(
    before: Sequence[float], after: Sequence[float], max_norm: float, *, ax: Axes | None = None
) -> Figure:
    """Count how long the gradients of a training were, before and after clipping.

    before, after: the total norm at every step, not clipped and clipped; max_norm: where it is cut
    See: most steps are left alone; the few long ones end just below max_norm.
    """
    ax = new_axes(ax, "Clipping shortens the few long gradients", x="length of the whole gradient", y="number of steps")
    lengths = np.concatenate([before, after])
    lengths = lengths[np.isfinite(lengths) & (lengths > 0)]
    bins = np.geomspace(lengths.min(), lengths.max() * 1.01, 25)
    ax.hist(before, bins=bins, label="before clipping", **bar_look(2) | {"hatch": "///"})
    ax.hist(after, bins=bins, label="after clipping", histtype="step", color="black", linewidth=2)
    ax.axvline(max_norm, color="0.35", linestyle="--", linewidth=1.2, label=f"max_norm = {max_norm:g}")
    set_log_scale(ax, "x")
    count_rows(ax)
    ax.legend(frameon=False, fontsize=8)
    return drawn_in(ax)
