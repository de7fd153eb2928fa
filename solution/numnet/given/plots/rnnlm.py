"""Pictures of H: does the network beat counting, what does it write, what comes next, what do its units see?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from numnet.given.plots.style import (
    bar_look,
    count_rows,
    draw_bar_of_colours,
    draw_map,
    drawn_in,
    name_cells,
    new_axes,
    new_panels,
    visible,
)
from numnet.given.plots.text import draw_table
from numnet.given.plots.training import loss_curves

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def loss_against_ngrams(
    losses: Mapping[str, Sequence[float]], vocabulary: int, ngrams: Mapping[str, float], *, ax: Axes | None = None
) -> Figure:
    """Set the loss of RNN language models against that of a guess and those of n-gram models on the same text.

    losses: name to one loss for every step, nats per symbol; vocabulary: V; ngrams: name, such as "3-gram", to its loss
    See: the curve begins at log V, and passes the levels of the n-grams one after the other.
    """
    levels = {"a guess: log V": float(np.log(vocabulary)), **ngrams}
    title = "The network starts at a guess and passes the n-grams one by one"
    return loss_curves(losses, levels=levels, title=title, x="step", ax=ax)


def samples_by_temperature(samples: Mapping[float, str], *, ax: Axes | None = None) -> Figure:
    """Write down what a model makes up at several temperatures.

    samples: temperature to text
    See: cold, it repeats what is likeliest; at 1 it speaks as it has learnt; hot, it throws letters.
    """
    rows = {f"τ = {temperature:g}": text for temperature, text in samples.items()}
    return draw_table(ax, "Cold: safe and dull. Hot: bold and wrong", rows, "text")


def samples_by_checkpoint(samples: Mapping[int, str], *, ax: Axes | None = None) -> Figure:
    """Write down what a model makes up at several moments of its training.

    samples: step to text
    See: first letters and blanks in the right proportion, then words, then lines.
    """
    rows = {f"step {step:,}": text for step, text in samples.items()}
    return draw_table(ax, "It learns letters, then words, then lines", rows, "text")


def next_symbol_bars(
    distributions: Mapping[str, Mapping[str, float]], *, most: int = 8, figure: Figure | None = None
) -> Figure:
    """Show which symbols a model expects after each of some beginnings.

    distributions: beginning, such as "the cow", to symbol to probability; most: how many symbols to show
    See: in the middle of a word one bar stands out; after its end there are many low ones.
    """
    count = len(distributions)
    axes = new_panels(
        figure, 1, count, "What comes next: sure inside a word, unsure after it", size=(2.6 * count + 0.6, 3.0),
        sharey=True,
    )[0]  # fmt: skip
    for ax, (beginning, distribution) in zip(axes, distributions.items(), strict=True):
        ranked = sorted(distribution.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
        ax.bar(range(len(ranked)), [probability for _, probability in ranked], width=0.7, **bar_look(2))
        name_cells(ax, "x", [symbol for symbol, _ in ranked])
        ax.set_title(f"after “{beginning}”", fontsize=9, parse_math=False)
        ax.set_xlabel("next symbol")
        ax.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("probability")
    return drawn_in(axes[0])


def hidden_units(h: np.ndarray, text: Sequence[str], *, ax: Axes | None = None) -> Figure:
    """Show the state of hidden units while a text is read.

    h: (T, H), the states of one sequence, perhaps of some units only; text: T symbols
    See: a unit (row) that changes its sign at blanks, at the ends of lines or after vowels has found them by itself.
    """
    steps, hidden = h.shape
    ax = new_axes(
        ax, "What a unit reacts to: follow its row", x="symbol read", y="hidden unit",
        size=(1.8 + 0.17 * steps, 1.3 + 0.2 * hidden),
    )  # fmt: skip
    image = draw_map(ax, h.T, signed=True, vmax=1.0)
    count_rows(ax)
    name_cells(ax, "x", [visible(symbol) for symbol in text])
    draw_bar_of_colours(image, ax, "state of the unit")
    return drawn_in(ax)
