"""Pictures of G: how much context helps, how rare most words are, and the dice that an n-gram model throws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from numnet.given.plots.style import bar_look, draw_lines, drawn_in, new_axes, set_log_scale, visible
from numnet.given.plots.text import draw_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def perplexity_by_order(train: Mapping[int, float], test: Mapping[int, float], *, ax: Axes | None = None) -> Figure:
    """Show the perplexity of n-gram models on the text that they counted, and on a text that they did not see.

    train, test: n to perplexity; infinite ones are left out
    See: on the training text more context always helps; on the other one it helps up to the marked n, and then the
    model knows its text by heart.
    """
    ax = new_axes(ax, "Where the curves part, the model learns its text by heart", x="order n", y="perplexity (words)")
    best = min(test, key=lambda n: test[n])
    curves = {"training text": train, f"test text, best at n = {best}": test}
    draw_lines(ax, {name: (list(curve), list(curve.values())) for name, curve in curves.items()})
    ax.axvline(best, color="0.35", linewidth=1, linestyle=":", zorder=0)
    set_log_scale(ax, "y")
    ax.set_xticks(sorted({*train, *test}))
    return drawn_in(ax)


def zipf(counts: Mapping[str, Sequence[int]], *, ax: Axes | None = None) -> Figure:
    """Show how often the most frequent, the second, the third ... n-gram occurs, on logarithmic scales.

    counts: name, such as "words" or "pairs", to the counts in any order
    See: nearly straight lines (Zipf): the second occurs about half as often as the first. The longer the n-gram, the
    flatter the line: most occur once.
    """
    ax = new_axes(ax, "Few are frequent, most occur once", x="rank", y="count")
    ranked = {name: sorted(numbers, reverse=True) for name, numbers in counts.items()}
    draw_lines(ax, {name: (range(1, len(numbers) + 1), numbers) for name, numbers in ranked.items()})
    longest = max(map(len, ranked.values()))
    highest = max(numbers[0] for numbers in ranked.values())
    ranks = np.geomspace(1, min(longest, highest), 2)
    ax.plot(ranks, highest / ranks, color="0.6", linewidth=4, zorder=0, label="1 / rank")
    set_log_scale(ax, "x")
    set_log_scale(ax, "y")
    ax.legend(frameon=False, fontsize=8)
    return drawn_in(ax)


def samples_by_order(samples: Mapping[int, Sequence[str]], *, ax: Axes | None = None) -> Figure:
    """Write down sentences that n-gram models made up.

    samples: n to sentences, each a text
    See: n = 1 throws words; n = 2 makes phrases; n = 4 makes sentences, most of them the author's own.
    """
    rows = {
        f"n = {n}": "\n".join(sentence or "(an empty one)" for sentence in sentences)
        for n, sentences in samples.items()
    }
    return draw_table(ax, "The more words it remembers, the more it sounds like the text", rows, "sentences")


def conditional_dice(dice: Mapping[str, Mapping[str, float]], *, sides: int = 6, ax: Axes | None = None) -> Figure:
    """Show the die that an n-gram model throws after each context: as many sides as words, of very unequal size.

    dice: context, such as "cows eat", to word to probability, over the whole vocabulary (of conditional_dist);
        sides: how many of the largest to show; all others make up the hatched rest
    See: after a rare context the die has few large sides; after a frequent one the rest is large.
    """
    total = max(map(len, dice.values()))
    ax = new_axes(
        ax, f"A die of {total:,} sides for every context; what the largest show", x="probability", y="context",
        size=(8.0, 1.4 + 0.55 * len(dice)),
    )  # fmt: skip
    for row, die in enumerate(dice.values()):
        ranked = sorted(die.items(), key=lambda side: (-side[1], side[0]))
        left = 0.0
        for number, (word, probability) in enumerate(ranked[:sides]):
            shade = {"facecolor": ("white", "0.85")[number % 2], "hatch": ""}
            ax.barh(row, probability, left=left, height=0.7, **bar_look(0) | shade)
            if probability > 0.016 * (len(word) + 1):
                ax.text(left + probability / 2, row, visible(word), ha="center", va="center", fontsize=8,
                        parse_math=False)  # fmt: skip
            left += probability
        if (rest := 1.0 - left) > 1e-9:
            ax.barh(row, rest, left=left, height=0.7, label="all other sides" if row == 0 else "_", **bar_look(1))
    ax.set_yticks(range(len(dice)), [f"{context} ·" for context in dice], fontsize=9, parse_math=False)
    ax.set_ylim(len(dice) - 0.5, -0.5)
    ax.set_xlim(0.0, 1.0)
    if rest > 1e-9:
        ax.figure.legend(loc="outside lower right", frameon=False, fontsize=8)
    return drawn_in(ax)
