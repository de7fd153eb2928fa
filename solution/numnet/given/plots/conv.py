"""Pictures of A2 and A3: what a kernel answers to, how it walks, and what a pixel sends back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from numnet.given.plots.style import (
    draw_bar_of_colours,
    draw_frame,
    draw_numbers,
    draw_pixels,
    drawn_in,
    new_panels,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def filter_responses(
    picture: np.ndarray,
    kernels: Mapping[str, np.ndarray],
    responses: Mapping[str, np.ndarray],
    *,
    figure: Figure | None = None,
) -> Figure:
    """Show a picture, kernels, and under each kernel what it answers.

    picture: (H, W); kernels: name to (kh, kw); responses: the same names to (H_out, W_out)
    See: a kernel answers (+ or -) where the picture looks like it, and with 0 where the picture is flat.
    """
    columns = 1 + len(kernels)
    axes = new_panels(figure, 2, columns, "A kernel answers where the picture looks like it", size=(1.9 * columns, 4.2))
    axes[1, 0].set_axis_off()
    draw_pixels(axes[0, 0], picture)
    axes[0, 0].set_title("picture", fontsize=9)
    largest = max(float(np.abs(response).max()) for response in responses.values())
    for column, (name, kernel) in enumerate(kernels.items(), start=1):
        draw_pixels(axes[0, column], kernel, signed=True)
        axes[0, column].set_title(name, fontsize=9)
        answer = draw_pixels(axes[1, column], responses[name], signed=True, vmax=largest)
    axes[0, 1].set_ylabel("kernel")
    axes[1, 1].set_ylabel("response")
    draw_bar_of_colours(answer, axes[1, 1:], "response")
    return drawn_in(axes[0, 0])


def convolution_frame(
    x: np.ndarray,
    kernel: np.ndarray,
    y: np.ndarray,
    *,
    row: int,
    column: int,
    stride: int = 1,
    padding: int = 0,
    figure: Figure | None = None,
) -> Figure:
    """Show one moment of a convolution: the window of the input, the kernel, and the output so far.

    x: (H, W), not padded; kernel: (kh, kw); y: (H_out, W_out), whose pixel (row, column) is being computed
    See: the framed numbers times the kernel's, added up, are the framed number on the right. Row by row, the frames of
    all pixels are a film.
    """
    title = f"The window times the kernel, added up: y[{row}, {column}] = {y[row, column]:.3g}"
    axes = new_panels(
        figure, 1, 3, title, size=(9.0, 3.4), width_ratios=[x.shape[1] + 2 * padding, kernel.shape[1], y.shape[1]]
    )
    done = np.arange(y.size).reshape(y.shape) <= row * y.shape[1] + column
    shown = np.pad(x, padding), kernel, np.where(done, y, np.nan)
    corner = row * stride, column * stride
    for ax, name, values in zip(axes[0], ("input", "kernel", "output"), shown, strict=True):
        bound = float(np.nanmax(np.abs(values))) or 1.0
        image = draw_pixels(ax, values, vmin=-bound, vmax=3 * bound)  # light enough for numbers
        draw_numbers(ax, values, image, _short)
        ax.set_title(name, fontsize=9)
        ax.set_xlabel(f"{values.shape[0]} x {values.shape[1]}")
    draw_frame(axes[0, 0], *corner, kernel.shape)
    draw_frame(axes[0, 1], 0, 0, kernel.shape)
    draw_frame(axes[0, 2], row, column, (1, 1))
    return drawn_in(axes[0, 0])


def _short(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.2g}"


def stamped_kernel(
    kernel: np.ndarray,
    dx: np.ndarray,
    *,
    row: int,
    column: int,
    stride: int = 1,
    padding: int = 0,
    figure: Figure | None = None,
) -> Figure:
    """Show the gradient of a single output pixel: the kernel, stamped on the input where that pixel looked.

    kernel: (kh, kw); dx: (H, W), the gradient of the input when dy is 1 at (row, column) and 0 elsewhere
    See: the same pattern, not turned round, inside the frame; nothing outside of it.
    """
    title = f"Pixel ({row}, {column}) of the output sends back the kernel"
    axes = new_panels(figure, 1, 2, title, size=(6.5, 3.6), width_ratios=[1, 2])
    largest = float(np.abs(kernel).max())
    draw_pixels(axes[0, 0], kernel, signed=True, vmax=largest)
    gradient = draw_pixels(axes[0, 1], dx, signed=True, vmax=largest)
    axes[0, 0].set_title("kernel", fontsize=9)
    axes[0, 1].set_title("dx; framed: the receptive field", fontsize=9)
    draw_frame(axes[0, 0], 0, 0, kernel.shape)
    draw_frame(axes[0, 1], row * stride - padding, column * stride - padding, kernel.shape)
    draw_bar_of_colours(gradient, axes[0, 1], "gradient")
    return drawn_in(axes[0, 0])
