"""Pictures of A1: is the gradient right, and is the first loss that of a guess?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from numnet.given.gradcheck import largest_relative_error
from numnet.given.plots.style import MARKS, bar_look, drawn_in, line_look, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def gradient_scatter(gradients: Mapping[str, tuple[np.ndarray, np.ndarray]], *, ax: Axes | None = None) -> Figure:
    """Set every entry of a gradient against the same entry found numerically.

    gradients: name, such as "dW", to (numeric, analytic), two arrays of one shape
    See: all marks lie on the diagonal; a transposed or forgotten factor scatters them or turns the line.
    """
    ax = new_axes(
        ax, "Every entry on the diagonal: the gradient is right", x="numeric gradient", y="analytic gradient",
        size=(5.0, 4.6),
    )  # fmt: skip
    for number, (name, (numeric, analytic)) in enumerate(gradients.items()):
        look = line_look(number) | {"linestyle": "none", "markerfacecolor": "none", "markersize": 7}
        label = f"{name}: off by {largest_relative_error(analytic, numeric):.0e}"
        ax.plot(np.ravel(numeric), np.ravel(analytic), label=label, **look)
    ax.axline((0.0, 0.0), slope=1.0, color="0.5", linewidth=1, zorder=0)
    ax.legend(frameon=False, fontsize=8, title="largest relative error", title_fontsize=8, loc="upper left")
    return drawn_in(ax)


def chance_loss(losses: Mapping[int, float], *, ax: Axes | None = None) -> Figure:
    """Set the loss of an untrained network beside log K, the loss of whoever guesses.

    losses: number of classes K to the loss before the first step
    See: every bar ends at its diamond; a higher bar began with too large weights, a lower one with a wrong mean.
    """
    ax = new_axes(ax, "Before training, the loss is that of a guess", x="classes K", y="cross-entropy (nats)")
    places = range(len(losses))
    ax.bar(places, list(losses.values()), width=0.6, label="first loss", **bar_look(2))
    ax.plot(places, np.log(list(losses)), linestyle="none", color="black", marker=MARKS[3], markersize=9, label="log K")
    ax.set_xticks(places, [str(classes) for classes in losses])
    ax.legend(frameon=False, fontsize=8)
    return drawn_in(ax)
