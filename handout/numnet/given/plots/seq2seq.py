"""Pictures of I: how many pairs a translator needs, whether to read backwards, and what the encoder has understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from numnet.given.plots.plane import axis_labels, principal_plane
from numnet.given.plots.style import draw_lines, draw_runs, drawn_in, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def exact_match_by_pairs(scores: Mapping[str, Mapping[int, float]], *, ax: Axes | None = None) -> Figure:
    """Show how the share of numbers that are translated without any error grows with the training pairs.

    scores: name, such as "held out" or "trained on", to number of pairs to exact match
    See: what was trained on is right early; the held-out numbers follow once every word was seen in every place.
    """
    ax = new_axes(ax, "Unseen numbers need more pairs than those trained on", x="training pairs", y="exact match")
    draw_lines(ax, {name: (list(curve), list(curve.values())) for name, curve in scores.items()})
    ax.set_xscale("log")
    pairs = sorted({count for curve in scores.values() for count in curve})
    ax.set_xticks(pairs, [f"{count:,}" for count in pairs])
    ax.minorticks_off()
    ax.set_ylim(0.0, 1.05)
    return drawn_in(ax)


def source_reversal(scores: Mapping[str, float | Sequence[float]], *, ax: Axes | None = None) -> Figure:
    """Compare encoders that read the source forwards and backwards.

    scores: "as written" and "reversed" to the exact match of one or several runs
    See: whether the difference is larger than that between the runs (the dots).
    """
    title = "Does reading backwards help? Compare with the runs' spread"
    ax = new_axes(ax, title, x="order of the source", y="exact match", size=(5.0, 4.0))
    draw_runs(ax, scores)
    ax.set_ylim(0.0, 1.15)
    return drawn_in(ax)


def encoder_plane(vectors: np.ndarray, numbers: Sequence[int], *, ax: Axes | None = None) -> Figure:
    """Show what the encoder makes of numbers, each drawn as its hundreds digit.

    vectors: (n, H), the encoder's last states; numbers: n numbers from 0 to 999
    See: equal digits stand together: the encoder has sorted the numbers by what the decoder will write first.
    """
    from matplotlib import colormaps

    plane = principal_plane(vectors)
    first, second = axis_labels(plane)
    ax = new_axes(ax, "The encoder sorts numbers by their hundreds digit", x=first, y=second, size=(6.0, 5.0))
    hundreds = np.asarray(numbers) // 100 % 10
    for digit in sorted(set(hundreds.tolist())):
        points = plane.points[hundreds == digit]
        shade = colormaps["cividis"](0.85 * digit / 9)
        ax.plot(*points.T, linestyle="none", marker=f"${digit}$", markersize=8, color=shade, markeredgewidth=0.3)
    return drawn_in(ax)
