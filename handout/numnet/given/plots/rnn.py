"""Pictures of D: the unrolled network, its one matrix at many places, and which output depends on which input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from numnet.given.plots.style import (
    COLOURS,
    DARK_TO_LIGHT,
    HATCHES,
    bar_look,
    draw_bar_of_colours,
    draw_map,
    draw_pixels,
    drawn_in,
    new_figure,
    new_panels,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SEEN_AS_ZERO = 1e-12  # of the largest entry; what is below is no dependency


def unrolled_gradients(norms: np.ndarray, *, figure: Figure | None = None) -> Figure:
    """Draw the network unrolled in time, and under every state how large the gradient is that arrives there.

    norms: (T,), the length of the gradient of every state, such as |dL/dh_t| for a loss at the last step
    See: the gradient shrinks (or grows) by about the same factor at every step back, a straight line on this scale.
    """
    title = "On its way back, the gradient is multiplied at every step"
    steps = len(norms)
    axes = new_panels(figure, 2, 1, title, size=(max(5.0, 1.0 + 0.75 * steps), 4.6), sharex=True)[:, 0]
    _draw_unrolled(axes[0], steps)
    for t in range(1, steps):
        axes[0].annotate(
            "", (t - 1, 1.22), xytext=(t, 1.22),
            arrowprops={"arrowstyle": "->", "linestyle": "--", "color": COLOURS[6], "shrinkA": 6, "shrinkB": 6},
        )  # fmt: skip
    axes[0].text(steps - 1.5, 1.32, "gradient", ha="center", va="bottom", fontsize=8, color=COLOURS[6])
    axes[1].bar(range(steps), norms, width=0.5, **bar_look(1))
    axes[1].set_yscale("log")
    axes[1].set_ylabel("length of the gradient of h")
    axes[1].set_xlabel("time step t")
    axes[1].set_xticks(range(steps), [str(t + 1) for t in range(steps)])
    axes[1].spines[["top", "right"]].set_visible(False)
    return drawn_in(axes[0])


def shared_parameters(contributions: np.ndarray, total: np.ndarray, *, figure: Figure | None = None) -> Figure:
    """Show one matrix at work in every step, and its gradient as the sum of what every step says.

    contributions: (T, H, H), dW_hh of each step alone; total: (H, H), the dW_hh of backpropagation through time
    See: the same W_hh on every arrow, so that the matrices of the steps add up to the one on the right.
    """
    figure = new_figure((1.3 * (len(contributions) + 1) + 1.0, 3.6)) if figure is None else figure
    figure.suptitle("One matrix in every step: its gradient is a sum over time", fontsize=10, ha="left", x=0.01)
    grid = figure.add_gridspec(2, len(contributions) + 1)
    _draw_unrolled(figure.add_subplot(grid[0, :-1]), len(contributions), edge="W_hh")
    below = [figure.add_subplot(grid[1, column]) for column in range(len(contributions) + 1)]
    largest = float(max(np.abs(total).max(), np.abs(contributions).max()))
    for t, (ax, matrix) in enumerate(zip(below, [*contributions, total], strict=True)):
        image = draw_pixels(ax, matrix, signed=True, vmax=largest)
        ax.set_title(f"step {t + 1}" if t < len(contributions) else "sum: dW_hh", fontsize=9)
        if t:
            sign = "+" if t < len(contributions) else "="
            ax.text(-0.1, 0.5, sign, transform=ax.transAxes, ha="right", va="center", fontsize=14)
    draw_bar_of_colours(image, below, "gradient")
    return figure


def _draw_unrolled(ax: Axes, steps: int, edge: str = "") -> None:
    """Draw x_t below h_t below y_t, with arrows up and to the right."""
    arrow = {"arrowstyle": "->", "color": "0.3", "shrinkA": 9, "shrinkB": 9}
    for t in range(steps):
        for height, name in ((0.0, "x"), (1.0, "h"), (2.0, "y")):
            ring = {"boxstyle": "circle", "facecolor": "white" if name != "h" else "0.85", "edgecolor": "0.3"}
            ax.text(t, height, f"${name}_{{{t + 1}}}$", ha="center", va="center", fontsize=9, bbox=ring)
        ax.annotate("", (t, 1.0), xytext=(t, 0.0), arrowprops=arrow)
        ax.annotate("", (t, 2.0), xytext=(t, 1.0), arrowprops=arrow)
        if t:
            ax.annotate("", (t, 1.0), xytext=(t - 1, 1.0), arrowprops=arrow)
            ax.text(t - 0.5, 0.9, edge, ha="center", va="top", fontsize=8, parse_math=False)
    ax.set_xlim(-0.5, steps - 0.5)
    ax.set_ylim(-0.5, 2.5)
    ax.set_axis_off()


def dependency_maps(dependencies: Mapping[str, np.ndarray], *, figure: Figure | None = None) -> Figure:
    """Show for several networks how strongly every output depends on every input.

    dependencies: name, such as "one direction" or "both, deep", to (T, T): row t, column s holds the length of the
        derivative of y_t by x_s, 0 where there is none
    See: one direction fills the triangle of the past, both directions fill the square, and depth changes neither.
    Hatched: no dependency at all.
    """
    count = len(dependencies)
    axes = new_panels(
        figure, 1, count, "Which output depends on which input (hatched: not at all)", size=(2.6 * count + 1.2, 3.7),
        sharey=True,
    )  # fmt: skip
    largest = max(float(matrix.max()) for matrix in dependencies.values())
    shares = [np.where(matrix > SEEN_AS_ZERO * largest, matrix, np.nan) for matrix in dependencies.values()]
    smallest = min(float(np.nanmin(matrix)) for matrix in shares)
    for ax, name, matrix in zip(axes[0], dependencies, shares, strict=True):
        steps = len(matrix)
        ax.axhspan(-0.5, steps - 0.5, facecolor="white", edgecolor="0.6", hatch=HATCHES[1], linewidth=0, zorder=-1)
        image = draw_map(ax, matrix, cmap=f"{DARK_TO_LIGHT}_r", norm="log", vmin=smallest, vmax=largest)
        ax.set_aspect("equal")
        ax.set_title(name, fontsize=9)
        ax.set_xlabel("input time s")
        ticks = range(0, steps, max(1, steps // 5))
        ax.set_xticks(ticks, [str(t + 1) for t in ticks])
        ax.set_yticks(ticks, [str(t + 1) for t in ticks])
    axes[0, 0].set_ylabel("output time t")
    draw_bar_of_colours(image, axes, "|dy / dx|, log scale")
    return drawn_in(axes[0, 0])
