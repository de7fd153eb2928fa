"""The picture that every training begins with: the loss while it falls. For A5, A6, D2, E2, H and J."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from numnet.given.plots.style import draw_levels, draw_lines, drawn_in, line_look, new_axes, set_log_scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LONG = 200  # losses; a longer curve is shown pale, and its mean over stretches on top


def loss_curves(
    losses: Mapping[str, Sequence[float]],
    *,
    levels: Mapping[str, float] | None = None,
    title: str = "The loss falls, first fast and then slowly",
    x: str = "epoch",
    ax: Axes | None = None,
) -> Figure:
    """Draw the loss of one or more trainings.

    losses: name to one loss for every epoch (or step: say so in x); levels: name to a loss to compare with, such as
        {"a guess": np.log(10)}
    See: a curve that begins at the level of a guess and falls. A curve that became infinite or NaN ends in a cross.
    """
    ax = new_axes(ax, title, x=x, y="mean cross-entropy (nats)")
    for number, curve in enumerate(losses.values()):
        if len(curve) > LONG:
            ax.plot(range(1, len(curve) + 1), curve, color=line_look(number)["color"], linewidth=0.5, alpha=0.4)
    draw_lines(ax, {name: _calmed(np.asarray(curve, dtype=float)) for name, curve in losses.items()})
    draw_levels(ax, levels or {})
    return drawn_in(ax)


def _calmed(curve: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the steps and the losses of a curve, or the means of a hundred stretches of a long one."""
    steps = np.arange(1.0, len(curve) + 1)
    if len(curve) <= LONG:
        return steps, curve
    stretches = zip(np.array_split(steps, LONG // 2), np.array_split(curve, LONG // 2), strict=True)
    middles, means = zip(*((step.mean(), loss.mean()) for step, loss in stretches), strict=True)
    return np.array(middles), np.array(means)


def plain_against_residual(plain: Sequence[float], residual: Sequence[float], *, ax: Axes | None = None) -> Figure:
    """Set the loss of a plain stack of layers against that of a stack with skip paths, equally deep (A6).

    plain, residual: one loss for every epoch
    See: the gradient reaches the lowest layers along the skip paths, so that the residual stack learns sooner.
    """
    losses = {"plain": plain, "with skip paths": residual}
    return loss_curves(losses, title="Equally deep: with skip paths the loss falls sooner", ax=ax)


def clipping_losses(without: Sequence[float], clipped: Sequence[float], *, ax: Axes | None = None) -> Figure:
    """Set the loss of a training whose gradients explode against the same one with clipped gradients (E2).

    without, clipped: one loss for every step; NaN or infinite from where it broke
    See: without clipping a single step throws the weights far away; with it the loss goes on falling.
    """
    losses = {"without clipping": without, "with clipping": clipped}
    title = "One step on a cliff undoes many; clipped, it does not"
    ax = new_axes(ax, title)
    loss_curves(losses, title=title, x="step", ax=ax)
    set_log_scale(ax, "y")
    return drawn_in(ax)
