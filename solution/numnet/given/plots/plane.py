"""Many numbers per point, seen on a plane: the two directions in which the points differ most."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Plane(NamedTuple):
    """Points on the plane, (n, 2), and the share of the variance along each axis, (2,)."""

    points: np.ndarray
    shares: np.ndarray


def principal_plane(vectors: np.ndarray) -> Plane:
    """Project vectors to their two principal components; the largest entry of a direction is positive.

    vectors: (n, D), n and D 2 or more

    >>> principal_plane(np.array([[0.0, 0.0, 1.0], [0.0, 3.0, 1.0], [0.0, 6.0, 1.0]])).points[:, 0]
    array([-3.,  0.,  3.])
    """
    centred = vectors - vectors.mean(axis=0)
    _, lengths, directions = np.linalg.svd(centred, full_matrices=False)
    directions = directions[:2]
    largest = np.argmax(np.abs(directions), axis=1)
    directions = directions * np.sign(directions[[0, 1], largest])[:, np.newaxis]  # the same way round on any machine
    shares = lengths**2 / max(float(np.sum(lengths**2)), 1e-300)
    return Plane(centred @ directions.T, shares[:2])


def label_places(points: np.ndarray, width: float, height: float) -> np.ndarray:
    """Say where to write a label for every point: at the point, or higher where another label is in the way.

    points: (n, 2); width, height: of the largest label, in the units of the points

    >>> label_places(np.array([[0.0, 1.0], [0.0, 0.0], [0.5, 0.5]]), width=1.0, height=1.0)
    array([[0. , 2. ],
           [0. , 0. ],
           [0.5, 1. ]])
    """
    places = points.astype(float)
    taken: list[np.ndarray] = []
    for n in np.argsort(points[:, 1], kind="stable"):
        for other in sorted(taken, key=lambda place: float(place[1])):
            if np.all(np.abs(places[n] - other) < (width, height)):
                places[n, 1] = other[1] + height
        taken.append(places[n])
    return places


def axis_labels(plane: Plane) -> tuple[str, str]:
    """Name the axes of a plane, with their shares of the variance."""
    first, second = (f"{100 * share:.0f} % of the variance" for share in plane.shares)
    return f"component 1 ({first})", f"component 2 ({second})"
