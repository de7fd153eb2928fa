"""index.html: what a class did, and did not understand, as one page.

Difficulty is the share that failed of those who answered at all: a check that nobody reached is not a hard one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from autograder.errors import Label
from autograder.model import CheckResult, ProblemResult
from autograder.reports.page import render
from autograder.reports.statistic import Box, box, discrimination, histogram, share
from autograder.reports.student_page import WORDS
from autograder.reports.tally import Tally

Counted = TypeVar("Counted", Label, tuple[str, str])

BINS = 10
MOST_HINTS = 30
MOST_NAMES = 50  # of submissions that a person should look at; the table has them all
LEAST_COUNTED = 10  # submissions, for a check to be judged by them


@dataclass(frozen=True, slots=True)
class Bin:
    """How many submissions have a score within a tenth of the full one."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How the scores of one problem are spread."""

    problem: ProblemResult
    box: Box
    full: float  # share with all its points


@dataclass(frozen=True, slots=True)
class Item:
    """What one check says about the class; None is a number that there is not."""

    check: CheckResult
    passed: float
    difficulty: float | None
    discrimination: float | None
    doubt: str  # why the check itself should be looked at


def class_page(tally: Tally, *, title: str, similar: str = "") -> bytes:
    """Return the page of a class: the same reports, the same bytes; similar: where its similar pairs are shown."""
    odd = [row for row in tally.rows if row.needs_a_person]
    items = list(_items(tally)) if tally.counted else []
    return render(
        "class.html",
        script="table.js",
        title=title,
        similar=similar,
        tally=tally,
        bins=_bins(tally),
        spreads=list(_spreads(tally)) if tally.counted else [],
        items=items,
        doubts=[item for item in items if item.doubt],
        hints=_commonest(tally.hints)[:MOST_HINTS],
        labels=_commonest(tally.labels),
        words=WORDS,
        odd=odd[:MOST_NAMES],
        more=len(odd[MOST_NAMES:]),
        seconds=box(np.array([row.seconds for row in tally.rows])) if tally.rows else None,
    )


def _commonest(counts: Mapping[Counted, int]) -> list[tuple[Counted, int]]:
    """Sort by count, and what is equally common by name: the same order in every process."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _bins(tally: Tally) -> Sequence[Bin]:
    """Return the distribution of scores; of extra credit, if there is nothing else."""
    core = np.array([not problem.extra_credit for problem in tally.problems], dtype=bool)
    chosen = core if core.any() else ~core
    most = sum(problem.max_score for problem, kept in zip(tally.problems, chosen, strict=True) if kept)
    counts = histogram(tally.scores[:, chosen].sum(axis=1) / max(most, 1e-9), BINS)
    return [Bin(f"{100 * n // BINS} to {100 * (n + 1) // BINS} %", count) for n, count in enumerate(counts)]


def _spreads(tally: Tally) -> Iterator[Spread]:
    for problem, scores in zip(tally.problems, tally.scores.T, strict=True):
        yield Spread(problem, box(scores), float((scores >= problem.max_score).mean()))


def _items(tally: Tally) -> Iterator[Item]:
    points = np.array([check.max_points for check in tally.checks])
    passed, tried = tally.passed, tally.tried
    difficulty = 1 - share(passed, tried)
    correlation = discrimination(passed, points, tally.scores.sum(axis=1))
    for check, rate, *numbers in zip(tally.checks, passed.mean(axis=0), difficulty, correlation, strict=True):
        hard, apart = map(_known, numbers)
        if tally.counted < LEAST_COUNTED:
            apart = None
        yield Item(check, float(rate), hard, apart, _doubt(hard, apart, tally.counted))


def _doubt(difficulty: float | None, correlation: float | None, people: int) -> str:
    if correlation is not None and correlation < -2 / people**0.5:  # two standard errors: no accident
        return "passed rather by those who know less"
    return "nobody who answered passed" if difficulty == 1 and people >= LEAST_COUNTED else ""


def _known(number: float) -> float | None:
    return None if np.isnan(number) else round(float(number), 3)
