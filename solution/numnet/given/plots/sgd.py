"""Pictures of J: the way down. Its losses: loss_curves of numnet.given.plots.training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from numnet.given.plots.style import draw_lines, drawn_in, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def quadratic_paths(
    paths: Mapping[str, np.ndarray], curvature: tuple[float, float], *, ax: Axes | None = None
) -> Figure:
    """Show the ways that gradient descent takes down a quadratic valley.

    paths: name, such as "lr 0.1, momentum 0.9", to (steps, 2), all points of one training;
        curvature: (a, b) of the loss (a x² + b y²) / 2
    See: a small learning rate creeps along the valley, a large one jumps from side to side, and momentum overshoots but
    arrives.
    """
    ax = new_axes(ax, "Steep across, flat along: who arrives at the cross?", x="first weight", y="second weight")
    points = np.concatenate(list(paths.values()))
    reach = 1.15 * np.abs(points[np.isfinite(points).all(axis=1)]).max(axis=0)
    x, y = np.meshgrid(np.linspace(-reach[0], reach[0], 121), np.linspace(-reach[1], reach[1], 121))
    loss = (curvature[0] * x**2 + curvature[1] * y**2) / 2
    ax.contour(x, y, loss, levels=loss.max() * np.linspace(0.05, 1.0, 8) ** 2, colors="0.75", linewidths=0.8)
    ax.plot(0.0, 0.0, "x", color="black", markersize=12, markeredgewidth=3)
    draw_lines(ax, {name: (path[:, 0], path[:, 1]) for name, path in paths.items()})
    ax.legend(frameon=True, fontsize=8)
    return drawn_in(ax)
