"""How every picture looks: readable in grey and by colour-blind people, and the same bytes for the same numbers.

Nothing is told apart by colour alone: lines differ in dash and mark, bars in hatch, and a map that has two signs says
which is which in its cells. Colours are those of Okabe and Ito; every other map goes from light to dark, or back.

matplotlib is imported where it is used, so that numnet.given.plots can be imported where there is none. Nothing here
goes through pyplot: a figure is an object, drawn where you put it, and forgotten when you forget it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from numnet.given.plots.plane import label_places

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

COLOURS = ("#000000", "#E69F00", "#0072B2", "#CC79A7", "#009E73", "#56B4E9", "#D55E00")
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (1, 1)))
MARKS = ("o", "s", "^", "D", "v", "P", "X")
FILLS = ("#FFFFFF", "#E69F00", "#56B4E9", "#F0E442", "#009E73", "#CC79A7", "#BBBBBB")
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "++", "oo", "--")

LIGHT_TO_DARK = "Greys"  # ink on paper: more is darker
DARK_TO_LIGHT = "cividis"
TWO_SIGNS = "PuOr_r"  # orange is positive, purple negative; as light as each other, so cells get marks

PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}  # behind a text that stands on a hatch
MANY = 16  # points of a line; with more of them, not each has a mark
PLUS, MINUS = "+", "_"  # marks
SHOWN_SIGN = 0.15  # of the largest magnitude: a mark on what is nearly zero would hide the others


def new_axes(ax: Axes | None, title: str, *, x: str = "", y: str = "", size: tuple[float, float] = (6.0, 4.0)) -> Axes:
    """Return ax, or the axes of a new figure, with a title, and a label on each axis."""
    ax = new_panels(None, 1, 1, "", size=size)[0, 0] if ax is None else ax
    ax.set_title(title, fontsize=10, loc="left", wrap=False)
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def new_panels(
    figure: Figure | None, rows: int, columns: int, title: str, *, size: tuple[float, float], **layout: Any
) -> np.ndarray:
    """Return rows x columns axes in a figure, or in a new one, under one title."""
    figure = new_figure(size) if figure is None else figure
    if title:
        figure.suptitle(title, fontsize=10, ha="left", x=0.01)
    return figure.subplots(rows, columns, squeeze=False, **layout)


def new_figure(size: tuple[float, float]) -> Figure:
    """Return an empty figure, width x height in inches, whose parts keep out of each other's way."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="compressed")
    figure._repr_svg_ = lambda: to_svg(figure)  # what a notebook shows, with `%matplotlib inline` or without
    return figure


def drawn_in(ax: Axes) -> Figure:
    """Return the figure that some axes belong to."""
    return ax.get_figure(root=True)


def save(figure: Figure, path: Path | str) -> None:
    """Write a picture to a file, the same bytes for the same picture: .svg, .png or .pdf."""
    import matplotlib

    dated = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    with matplotlib.rc_context({"svg.hashsalt": "numnet"}):
        figure.savefig(path, metadata=dated.get(Path(path).suffix))


def to_svg(figure: Figure) -> str:
    """Return a picture as the text of an SVG file, the same for the same picture."""
    import matplotlib

    text = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": "numnet"}):
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()


def line_look(number: int) -> dict[str, Any]:
    """Return how line number 0, 1, 2, ... is drawn: no two of the first seven have a dash or a mark in common."""
    number %= len(COLOURS)
    return {"color": COLOURS[number], "linestyle": DASHES[number], "marker": MARKS[number], "markersize": 5}


def bar_look(number: int) -> dict[str, Any]:
    """Return how bar number 0, 1, 2, ... is filled: no two of the first 56 have colour and hatch in common."""
    return {
        "facecolor": FILLS[number % len(FILLS)], "hatch": HATCHES[number % len(HATCHES)],
        "edgecolor": "black", "linewidth": 0.8,
    }  # fmt: skip


def draw_lines(ax: Axes, lines: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> None:
    """Draw lines, name to (x, y), with a legend; a line that stops being finite ends in a large cross."""
    for number, (name, (x, y)) in enumerate(lines.items()):
        x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        finite = np.isfinite(y)
        look = line_look(number)
        apart = None if len(x) <= MANY else (0.03 * number, 0.12)  # marks, in widths of the axes
        ax.plot(x[finite], y[finite], label=name, markevery=apart, **look)
        if finite[0] and not finite.all():
            end = int(np.argmin(finite)) - 1
            ax.plot(x[end], y[end], "x", color=look["color"], markersize=14, markeredgewidth=3)
    if len(lines) > 1:
        ax.legend(frameon=False, fontsize=8)


def set_log_scale(ax: Axes, axis: str) -> None:
    """Make the axis "x" or "y" logarithmic, with plain numbers at its ticks."""
    from matplotlib.ticker import LogFormatter, StrMethodFormatter

    ax.set(**{f"{axis}scale": "log"})
    ticks = {"x": ax.xaxis, "y": ax.yaxis}[axis]
    ticks.set_major_formatter(StrMethodFormatter("{x:,g}"))
    ticks.set_minor_formatter(LogFormatter(minor_thresholds=(1.5, 0.5)))


def draw_levels(ax: Axes, levels: Mapping[str, float]) -> None:
    """Draw levels across the axes, name to height, with the names at the right ends, one above the other."""
    for number, height in enumerate(levels.values()):
        ax.axhline(height, color="0.35", linewidth=1.2, linestyle=DASHES[1 + number % (len(DASHES) - 1)])
    low, high = ax.get_ylim()
    ends = np.array([(0.0, height) for height in levels.values()]).reshape(-1, 2)
    places = label_places(ends, width=1.0, height=0.05 * (high - low))
    for name, place in zip(levels, places[:, 1], strict=True):
        ax.annotate(
            name, (1.0, place), xycoords=("axes fraction", "data"), xytext=(4, 0), textcoords="offset points",
            fontsize=8, va="center", parse_math=False, annotation_clip=False,
        )  # fmt: skip


def draw_runs(ax: Axes, runs: Mapping[str, float | Sequence[float]]) -> None:
    """Draw a bar for the mean of each name's runs, with its number at the foot, and a dot for every run."""
    for place, values in enumerate(runs.values()):
        values = np.atleast_1d(np.asarray(values, dtype=float))
        mean = float(values.mean())
        ax.bar(place, mean, width=0.6, **bar_look(place))
        ax.annotate(
            f"{mean:.3f}", (place, 0.0), xytext=(0, 5), textcoords="offset points", ha="center", va="bottom",
            fontsize=8, bbox=PAPER,
        )  # fmt: skip
        if len(values) > 1:
            beside = place + np.linspace(-0.18, 0.18, len(values))
            ax.plot(beside, values, "o", markersize=5, markerfacecolor="white", markeredgecolor="black")
    ax.set_xticks(range(len(runs)), list(runs), fontsize=8, parse_math=False)


def draw_map(
    ax: Axes, values: np.ndarray, *, signed: bool = False, cmap: str = DARK_TO_LIGHT, **limits: Any
) -> AxesImage:
    """Draw a matrix as a picture, row 0 on top; with two signs, white is 0 and clear cells say + or -."""
    look: dict[str, Any] = {"interpolation": "nearest", "aspect": "auto"}
    if not signed:
        return ax.imshow(values, cmap=cmap, **look, **limits)
    largest = limits.pop("vmax", None) or float(np.abs(values).max(initial=0.0)) or 1.0
    image = ax.imshow(values, cmap=TWO_SIGNS, vmin=-largest, vmax=largest, **look, **limits)
    mark_signs(ax, values, largest)
    return image


def mark_signs(ax: Axes, values: np.ndarray, largest: float) -> None:
    """Write a mark into each cell that is clearly positive or negative, black on light and white on dark."""
    width, height = drawn_in(ax).get_size_inches()
    box = ax.get_position()
    cell = 72 * min(width * box.width / values.shape[1], height * box.height / values.shape[0])  # points
    for mark, clear in ((PLUS, values > SHOWN_SIGN * largest), (MINUS, values < -SHOWN_SIGN * largest)):
        rows, columns = np.nonzero(clear)
        dark = np.abs(values[rows, columns]) > 0.6 * largest
        ax.scatter(
            columns, rows, s=min(36.0, (0.5 * cell) ** 2), marker=mark, linewidths=min(1.0, 0.1 * cell),
            c=np.where(dark, "white", "black"), gid="sign",
        )  # fmt: skip


def draw_pixels(ax: Axes, pixels: np.ndarray, *, signed: bool = False, **limits: Any) -> AxesImage:
    """Draw a small image with square pixels and no ticks."""
    image = draw_map(ax, pixels, signed=signed, cmap=LIGHT_TO_DARK, **limits)
    ax.set_aspect("equal")
    hide_ticks(ax)
    return image


def draw_numbers(ax: Axes, values: np.ndarray, image: AxesImage, form: Callable[[float], str] = "{:g}".format) -> None:
    """Write a number into every cell of a map, in the ink that its cell leaves readable."""
    for row, column in np.argwhere(np.isfinite(values)):
        red, green, blue, _ = image.cmap(image.norm(image.get_array()[row, column]))
        light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5
        text = form(values[row, column])
        ax.text(column, row, text, ha="center", va="center", fontsize=8, color="black" if light else "white")


def draw_frame(ax: Axes, row: float, column: float, shape: tuple[int, int], look: str = "-") -> None:
    """Draw a thick frame round a window of a map whose upper left pixel is (row, column)."""
    top, left, (height, width) = row - 0.5, column - 0.5, shape
    around = [left, left + width, left + width, left, left], [top, top, top + height, top + height, top]
    ax.plot(*around, color="white", linewidth=4.5, clip_on=False, zorder=4)
    ax.plot(*around, color=COLOURS[6], linewidth=2.5, linestyle=look, clip_on=False, zorder=5)


def draw_bar_of_colours(image: AxesImage, axes: Axes | Sequence[Axes] | np.ndarray, label: str) -> None:
    """Say beside the axes what a shade of a map means."""
    axes = list(np.ravel(np.array(axes, dtype=object)))
    bar = drawn_in(axes[0]).colorbar(image, ax=axes, label=label, shrink=0.9, pad=0.02)
    bar.outline.set_linewidth(0.5)


def hide_ticks(ax: Axes) -> None:
    """Take the ticks away where they would only count pixels."""
    ax.set_xticks([])
    ax.set_yticks([])


def count_rows(ax: Axes) -> None:
    """Put whole numbers only at the vertical axis."""
    ax.yaxis.get_major_locator().set_params(integer=True)


def name_cells(ax: Axes, axis: str, names: Sequence[str]) -> None:
    """Put a name at every column ("x") or row ("y") of a map."""
    rotation = 90 if axis == "x" and max(map(len, names), default=0) > 3 else 0
    ticks = ax.set_xticks if axis == "x" else ax.set_yticks
    ticks(range(len(names)), [visible(name) for name in names], fontsize=8, rotation=rotation, parse_math=False)


def visible(text: str) -> str:
    """Show blanks and line ends as marks."""
    return text.replace("\n", "↵").replace("\t", "→").replace(" ", "␣") if not text.strip() else text
