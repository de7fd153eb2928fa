"""Pictures of A4: which pixel wins, what is left of a map, and what a small shift does to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from numnet.given.plots.style import (
    COLOURS,
    draw_bar_of_colours,
    draw_frame,
    draw_numbers,
    draw_pixels,
    drawn_in,
    new_panels,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def pooling_arrows(
    x: np.ndarray, y: np.ndarray, argmax: np.ndarray, *, kernel_size: int, figure: Figure | None = None
) -> Figure:
    """Draw an arrow from the largest pixel of every window to the pixel that it becomes.

    x: (H, W); y, argmax: (H_out, W_out), argmax as in MaxPool2dCache; windows of kernel_size that do not overlap
    See: the gradient goes back along the same arrows, and all other pixels get none.
    """
    axes = new_panels(
        figure, 1, 2, "The largest pixel of each window goes on; its gradient comes back the same way",
        size=(8.0, 4.0), width_ratios=[3, 2],
    )  # fmt: skip
    bound = float(np.abs(x).max()) or 1.0
    for ax, name, values in zip(axes[0], ("before", "after"), (x, y), strict=True):
        image = draw_pixels(ax, values, vmin=-bound, vmax=3 * bound)  # light enough for numbers
        draw_numbers(ax, values, image, "{:.2g}".format)
        ax.set_title(name, fontsize=9)
        ax.set_xlabel(f"{values.shape[0]} x {values.shape[1]}")
    for index in np.ndindex(y.shape):
        draw_frame(axes[0, 0], index[0] * kernel_size, index[1] * kernel_size, (kernel_size, kernel_size))
        row, column = divmod(int(argmax[index]), x.shape[1])
        arrow = axes[0, 1].annotate(
            "", xy=index[::-1], xycoords=axes[0, 1].transData, xytext=(column, row), textcoords=axes[0, 0].transData,
            annotation_clip=False,
            arrowprops={"arrowstyle": "->", "color": COLOURS[2], "shrinkA": 9, "shrinkB": 9,
                        "connectionstyle": "arc3,rad=-0.08"},
        )  # fmt: skip
        arrow.set_in_layout(False)
    return drawn_in(axes[0, 0])


def pooling_before_after(x: np.ndarray, y: np.ndarray, *, figure: Figure | None = None) -> Figure:
    """Show a feature map before and after pooling, in the same shades and at the same size.

    x: (H, W); y: (H_out, W_out)
    See: what was strong is still there and about where it was; the place is known less exactly.
    """
    axes = new_panels(figure, 1, 2, "Pooling keeps what is strong, and blurs where it was", size=(7.0, 3.6))
    limits = {"vmin": float(min(x.min(), y.min())), "vmax": float(x.max())}
    for ax, name, values in zip(axes[0], ("before", "after"), (x, y), strict=True):
        image = draw_pixels(ax, values, **limits)
        ax.set_title(f"{name}: {values.shape[0]} x {values.shape[1]}", fontsize=9)
    draw_bar_of_colours(image, axes, "activation")
    return drawn_in(axes[0, 0])


def pooling_of_a_shift(pictures: np.ndarray, pooled: np.ndarray, *, figure: Figure | None = None) -> Figure:
    """Show a picture and the same one shifted by a pixel, and under each what pooling makes of it.

    pictures: (2, H, W), the second one shifted; pooled: (2, H_out, W_out)
    See: the pictures differ, and if the shift stays inside the windows the pooled maps do not.
    """
    axes = new_panels(figure, 2, 2, "A shift inside the windows is gone after pooling", size=(5.0, 5.2))
    for row, name, pair in ((0, "before", pictures), (1, "after pooling", pooled)):
        for column, when in enumerate(("as it was", "shifted")):
            draw_pixels(axes[row, column], pair[column], vmin=float(pair.min()), vmax=float(pair.max()))
            axes[0, column].set_title(when, fontsize=9)
        axes[row, 0].set_ylabel(name)
        axes[row, 1].set_xlabel(f"{int(np.sum(pair[0] != pair[1]))} of {pair[0].size} pixels differ")
    return drawn_in(axes[0, 0])
