"""The loop of a runner's process: a name comes in on a line, the work is done, its seconds go out on a line."""

import json
import sys
import time
from collections.abc import Callable, Mapping

Work = Callable[[], object]
LEAST_SECONDS = 0.05  # a work that is quicker is repeated until the clock's steps do not matter


def serve(versions: Mapping[str, str], prepare: Mapping[str, Callable[[], Work]]) -> None:
    """Say the versions, then time what is asked for until nobody asks any more.

    prepare: makes the work of each name, with its data; that is not timed
    """
    _say(json.dumps(dict(versions)))
    works: dict[str, Work] = {}
    for line in sys.stdin:
        name = line.strip()
        if name not in works:
            works[name] = prepare[name]()
            works[name]()  # the first time is not counted
        _say(repr(_seconds(works[name])))


def _seconds(work: Work) -> float:
    started, times = time.perf_counter(), 0
    while times == 0 or time.perf_counter() - started < LEAST_SECONDS:
        work()
        times += 1
    return (time.perf_counter() - started) / times


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
