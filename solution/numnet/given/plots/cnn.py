"""Pictures of A5 and A6: what a small network learnt, where it errs, and what networks cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from numnet.given.plots.style import (
    LIGHT_TO_DARK,
    bar_look,
    draw_bar_of_colours,
    draw_map,
    draw_numbers,
    draw_pixels,
    drawn_in,
    line_look,
    name_cells,
    new_axes,
    new_panels,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def learnt_filters(weight: np.ndarray, *, figure: Figure | None = None) -> Figure:
    """Show the kernels of a convolution, a column for every filter and a row for every channel.

    weight: (F, C, kh, kw)
    See: edges of several directions, + beside -; a kernel without any pattern has not learnt.
    """
    filters, channels = weight.shape[:2]
    title = "Learnt filters: + beside - is an edge"
    axes = new_panels(figure, channels, filters, title, size=(1.1 * filters + 1.2, 1.2 * channels + 0.5))
    largest = float(np.abs(weight).max())
    for filter_, channel in np.ndindex(filters, channels):
        image = draw_pixels(axes[channel, filter_], weight[filter_, channel], signed=True, vmax=largest)
        axes[0, filter_].set_title(f"filter {filter_}", fontsize=8)
        axes[channel, 0].set_ylabel(f"channel {channel}", fontsize=8)
    draw_bar_of_colours(image, axes, "weight")
    return drawn_in(axes[0, 0])


def feature_maps(images: np.ndarray, maps: np.ndarray, *, figure: Figure | None = None) -> Figure:
    """Show images, and beside each of them what every filter found in it.

    images: (N, H, W); maps: (N, F, H_out, W_out), of feature_maps, after ReLU
    See: a filter finds the same strokes in every digit; the columns are alike, the rows are not.
    """
    rows, filters = maps.shape[:2]
    title = "What every filter finds in every image (darker: more)"
    axes = new_panels(figure, rows, 1 + filters, title, size=(1.0 + 0.9 * filters, 0.5 + 0.9 * rows))
    largest = float(maps.max()) or 1.0
    for row in range(rows):
        draw_pixels(axes[row, 0], images[row])
        for filter_ in range(filters):
            draw_pixels(axes[row, 1 + filter_], maps[row, filter_], vmin=0.0, vmax=largest)
            axes[0, 1 + filter_].set_title(f"filter {filter_}", fontsize=8)
    axes[0, 0].set_title("image", fontsize=8)
    return drawn_in(axes[0, 0])


def confusion_matrix(
    true: Sequence[int] | np.ndarray,
    predicted: Sequence[int] | np.ndarray,
    names: Sequence[str],
    *,
    title: str = "Confusion: off the diagonal stand the errors",
    ax: Axes | None = None,
) -> Figure:
    """Count how often each class was taken for each other one.

    true, predicted: (n,) integers from 0 to K - 1; names: K of them
    See: a dark diagonal, and which two classes are taken for one another. Shades are shares of a row.
    """
    counts = np.zeros((len(names), len(names)))
    np.add.at(counts, (np.asarray(true), np.asarray(predicted)), 1)
    side = 1.6 + 0.42 * len(names)
    ax = new_axes(ax, title, x="predicted", y="true", size=(side + 0.9, side))
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    image = draw_map(ax, shares, cmap=LIGHT_TO_DARK, vmin=0.0, vmax=1.0)
    draw_numbers(ax, counts, image, lambda count: f"{count:.0f}" if count else "")
    name_cells(ax, "x", names)
    name_cells(ax, "y", names)
    draw_bar_of_colours(image, ax, "share of the row")
    return drawn_in(ax)


def kernel_size_trade_off(
    accuracies: Mapping[int, Sequence[float]], seconds: Mapping[int, float], *, figure: Figure | None = None
) -> Figure:
    """Show what a larger kernel gains, and what it costs.

    accuracies: kernel size to the test accuracy of every run; seconds: kernel size to the time of one training
    See: beyond the size of a stroke there is nothing to gain, and the time keeps rising.
    """
    title = "A large kernel sees more of the image, at the expense of speed"
    axes = new_panels(figure, 2, 1, title, size=(5.5, 5.0), sharex=True)[:, 0]
    places = np.arange(len(accuracies))
    for place, runs in zip(places, accuracies.values(), strict=True):
        axes[0].plot([place] * len(runs), runs, "o", markerfacecolor="none", markeredgecolor="black", markersize=6)
    axes[0].plot(places, [np.mean(runs) for runs in accuracies.values()], **line_look(2) | {"marker": "_"})
    axes[1].bar(places, [seconds[size] for size in accuracies], width=0.5, **bar_look(1))
    axes[0].set_ylabel("test accuracy")
    axes[1].set_ylabel("time of training (s)")
    axes[1].set_xlabel("kernel size (pixels)")
    axes[1].set_xticks(places, [str(size) for size in accuracies])
    for ax in axes:
        ax.spines[["top", "right"]].set_visible(False)
    return drawn_in(axes[0])


def most_wrong(
    images: np.ndarray,
    labels: np.ndarray,
    probabilities: np.ndarray,
    *,
    count: int = 10,
    figure: Figure | None = None,
) -> Figure:
    """Show the images to whose true class the network gave the least probability.

    images: (N, H, W); labels: (N,) integers; probabilities: (N, K)
    See: images that a person would hesitate about, too - or else what the network has not understood.
    """
    of_true = probabilities[np.arange(len(labels)), labels]
    worst = np.argsort(of_true, kind="stable")[:count]
    columns = min(5, len(worst))
    rows = -(-len(worst) // columns)
    axes = new_panels(
        figure, rows, columns, "The most wrong: true class, what was said, and how surely",
        size=(1.5 * columns, 0.7 + 1.75 * rows),
    )  # fmt: skip
    for ax in axes.ravel()[len(worst) :]:
        ax.set_axis_off()
    for ax, n in zip(axes.ravel(), worst, strict=False):
        said = int(np.argmax(probabilities[n]))
        draw_pixels(ax, images[n])
        ax.set_title(f"{labels[n]}, said {said} ({probabilities[n, said]:.2f})", fontsize=8)
    return drawn_in(axes[0, 0])


def layer_costs(architectures: Mapping[str, Sequence[tuple[str, int, int]]], *, figure: Figure | None = None) -> Figure:
    """Stack up what the layers of some architectures cost: parameters on the left, multiply-adds on the right.

    architectures: name to its layers or groups of layers, input side first, each (kind, parameters, multiply-adds);
        a kind has the same fill everywhere; total counts are written on top
    See: in LeNet and VGG-19 fully connected layers hold the parameters, and convolutions do the work; ResNet-152 has
    hardly any of the former.
    """
    title = "Where the parameters are, and where the work is"
    axes = new_panels(figure, 1, 2, title, size=(4.0 + 1.4 * len(architectures), 5.0), sharey=True)[0]
    kinds = list(dict.fromkeys(kind for layers in architectures.values() for kind, _, _ in layers))
    for ax, field, name in ((axes[0], 1, "parameters"), (axes[1], 2, "multiply-adds")):
        for place, layers in enumerate(architectures.values()):
            _stack(ax, place, [(kinds.index(layer[0]), layer[field]) for layer in layers])
        ax.set_xticks(range(len(architectures)), list(architectures), fontsize=8)
        ax.set_xlabel(name)
        ax.set_ylim(0.0, 108.0)
        ax.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("share of the whole (%)")
    handles = [axes[0].bar(0, 0, label=kind, **bar_look(number)) for number, kind in enumerate(kinds)]
    drawn_in(axes[0]).legend(handles=handles[::-1], loc="outside right upper", frameon=False, fontsize=8)
    return drawn_in(axes[0])


def _stack(ax: Axes, place: int, costs: Sequence[tuple[int, int]]) -> None:
    total, below = sum(cost for _, cost in costs), 0.0
    for kind, cost in costs:
        share = 100.0 * cost / total
        ax.bar(place, share, bottom=below, width=0.7, **bar_look(kind))
        below += share
    ax.annotate(_rounded(total), (place, 100.0), xytext=(0, 3), textcoords="offset points", ha="center", fontsize=8)


def _rounded(count: int) -> str:
    for unit, name in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if count >= unit:
            return f"{count / unit:.3g} {name}"
    return str(count)
