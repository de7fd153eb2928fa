"""Pictures of B: which words have come to look alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from numnet.given.plots.plane import axis_labels, label_places, principal_plane
from numnet.given.plots.style import (
    draw_bar_of_colours,
    draw_map,
    drawn_in,
    line_look,
    name_cells,
    new_panels,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def similarity_maps(
    similarities: Mapping[str, np.ndarray], words: Sequence[str], *, figure: Figure | None = None
) -> Figure:
    """Show how alike every two words are, for one table of embeddings or for several beside each other.

    similarities: name, such as "before" and "after" training, to (V, V) of cosine_similarity; words: V of them, those
        of one class next to each other
    See: after training, squares along the diagonal, one for every class of words.
    """
    side = 0.8 + 0.2 * len(words)
    axes = new_panels(
        figure, 1, len(similarities), "Words of one class come to point the same way",
        size=(side * len(similarities) + 1.2, side + 0.6),
    )  # fmt: skip
    for ax, (name, similarity) in zip(axes[0], similarities.items(), strict=True):
        image = draw_map(ax, similarity, signed=True, vmax=1.0)
        ax.set_aspect("equal")
        ax.set_title(name, fontsize=9)
        ax.set_xlabel("word")
        ax.set_ylabel("word")
        name_cells(ax, "x", words)
        name_cells(ax, "y", words)
    draw_bar_of_colours(image, axes, "cosine similarity")
    return drawn_in(axes[0, 0])


def word_planes(
    tables: Mapping[str, np.ndarray], words: Sequence[str], classes: Sequence[str], *, figure: Figure | None = None
) -> Figure:
    """Show words as points, by the two principal components of their embeddings.

    tables: name, such as "before" and "after" training, to E (V, D); words, classes: V of them, a class for each word
    See: before training the marks are mixed; after it, equal marks stand together.
    """
    title = "Words of one class come to stand together"
    axes = new_panels(figure, 1, len(tables), title, size=(5.0 * len(tables), 4.4))
    for ax, (name, table) in zip(axes[0], tables.items(), strict=True):
        ax.set_title(name, fontsize=9)
        _draw_plane(ax, table, words, classes)
    axes[0, 0].legend(frameon=True, fontsize=8, title="class", title_fontsize=8)
    return drawn_in(axes[0, 0])


def _draw_plane(ax: Axes, table: np.ndarray, words: Sequence[str], classes: Sequence[str]) -> None:
    plane = principal_plane(table)
    for number, kind in enumerate(dict.fromkeys(classes)):
        members = plane.points[[own == kind for own in classes]]
        ax.plot(*members.T, **line_look(number) | {"linestyle": "none", "markersize": 7}, label=kind)
    spread = np.maximum(np.ptp(plane.points, axis=0), 1e-9)
    places = label_places(plane.points, 0.035 * max(map(len, words)) * spread[0], 0.045 * spread[1])
    for word, point, place in zip(words, plane.points, places, strict=True):
        right = place[0] + 0.025 * spread[0], place[1]
        ax.text(*right, word, fontsize=8, va="center", parse_math=False)
        ax.plot(*zip(point, right, strict=True), color="0.6", linewidth=0.6, zorder=0)
    first, second = axis_labels(plane)
    ax.set_xlabel(first)
    ax.set_ylabel(second)
    ax.margins(0.15)
