"""Pictures of C: which words a tagger marked, which tags it takes for others, and how well it could do at best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from numnet.given.caches import Span
from numnet.given.plots.cnn import confusion_matrix
from numnet.given.plots.style import PAPER, bar_look, draw_lines, draw_runs, drawn_in, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LETTER = 0.62  # width of a letter of a typewriter's font, in units of its height


def tagged_sentence(words: Sequence[str], spans: Mapping[str, Sequence[Span]], *, ax: Axes | None = None) -> Figure:
    """Show a sentence, and under its words the spans that were marked.

    words: the sentence; spans: name, such as "gold" and "predicted", to the spans of bio_decode
    See: a span counts only if both ends and the type are those of the gold one.
    """
    starts = np.cumsum([0, *(len(word) + 1 for word in words)])
    ax = new_axes(
        ax, "A span counts if both its ends and its type are right",
        size=(1.2 + 0.11 * starts[-1], 1.0 + 0.4 * len(spans)),
    )  # fmt: skip
    width = drawn_in(ax).get_size_inches()[0] * ax.get_position().width
    size = min(12.0, 72 * width / (LETTER * starts[-1]))
    for word, start in zip(words, starts, strict=False):
        ax.text(start, 0, word, family="monospace", fontsize=size, ha="left", va="center", parse_math=False)
    types = list(dict.fromkeys(span.type for own in spans.values() for span in own))
    for row, own in enumerate(spans.values(), start=1):
        for span in own:
            left, right = starts[span.start], starts[span.end] - 1
            ax.barh(row, right - left, left=left, height=0.75, **bar_look(1 + types.index(span.type)))
            ax.text((left + right) / 2, row, span.type, ha="center", va="center", fontsize=8, bbox=PAPER)
    ax.set_xlim(-0.5, starts[-1])
    ax.set_ylim(len(spans) + 0.6, -0.7)
    ax.set_xticks([])
    ax.set_yticks(range(1 + len(spans)), ["words", *spans], fontsize=8)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_xlabel("place in the sentence")
    ax.set_ylabel("whose spans")
    return drawn_in(ax)


def tag_confusion(
    gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]], *, ax: Axes | None = None
) -> Figure:
    """Count how often each tag was taken for each other one, over all words of a corpus.

    gold, predicted: sentences of tags, of equal lengths
    See: most errors are spans that were missed (the column O) and B- taken for I-.
    """
    pairs = [pair for sentences in zip(gold, predicted, strict=True) for pair in zip(*sentences, strict=True)]
    tags = sorted({tag for pair in pairs for tag in pair}, key=lambda tag: (tag != "O", tag[2:], tag))
    true, said = ([tags.index(tag) for tag in side] for side in zip(*pairs, strict=True))
    return confusion_matrix(true, said, tags, title="Which tags are taken for which", ax=ax)


def f1_by_window(scores: Mapping[str, Mapping[int, float]], *, ax: Axes | None = None) -> Figure:
    """Show how the span F1 grows with the number of words that a tagger sees on each side.

    scores: name, such as "window" or "bidirectional", to words on each side to F1
    See: each word of the context helps less than the one before it; without the words that decide, none helps.
    """
    ax = new_axes(ax, "More context, better spans, up to a point", x="words seen on each side", y="span F1")
    draw_lines(ax, {name: (list(curve), list(curve.values())) for name, curve in scores.items()})
    ax.set_xticks(sorted({size for curve in scores.values() for size in curve}))
    ax.set_ylim(0.0, 1.05)
    return drawn_in(ax)


def against_ceilings(
    scores: Mapping[str, float | Sequence[float]],
    ceilings: Mapping[str, float],
    *,
    y: str = "frame accuracy",
    ax: Axes | None = None,
) -> Figure:
    """Set what models reached against the best that anybody can reach who sees as much as they do.

    scores: model, such as "no context", "unidirectional" and "bidirectional", to a score or those of its runs;
        ceilings: the same names to the exact ceiling, which the data's own rules give
    See: no bar ends above its ceiling, and only who sees the future reaches the last one.
    """
    ax = new_axes(ax, "Who sees both sides can know more; nobody beats the ceiling", y=y, x="what the model sees")
    draw_runs(ax, scores)
    label = "exact ceiling"
    for place, name in enumerate(scores):
        ax.plot([place - 0.4, place + 0.4], [ceilings[name]] * 2, color="black", linewidth=3, label=label)
        ax.annotate(
            f"{ceilings[name]:.3g}", (place + 0.4, ceilings[name]), xytext=(2, 0), textcoords="offset points",
            fontsize=8, va="center",
        )  # fmt: skip
        label = "_"
    ax.legend(frameon=False, fontsize=8, loc="upper left")
    ax.set_ylim(0.0, 1.25 * max(ceilings.values()))
    return drawn_in(ax)
