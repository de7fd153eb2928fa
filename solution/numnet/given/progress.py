"""A bar while a person waits for a training, and nothing anywhere else."""

import importlib.util
import sys
from collections.abc import Iterable, Sized
from typing import TypeVar

Item = TypeVar("Item")


def progress(items: Iterable[Item], what: str) -> Iterable[Item]:
    """Go through items, such as range(epochs), with a bar on stderr that is called `what`.

    Without a terminal, or without tqdm, these are just the items.

    >>> [epoch for epoch in progress(range(3), "epochs")]
    [0, 1, 2]
    """
    if sys.stderr is None or not sys.stderr.isatty() or importlib.util.find_spec("tqdm") is None:
        return items
    from tqdm import tqdm

    total = len(items) if isinstance(items, Sized) else None
    return tqdm(items, desc=what, total=total, leave=False, file=sys.stderr)
